"""Names what readings and judgements depend on: under the same name, the same would come out."""

import dataclasses

from pipeline.hashed import code, hashed, spelled
from pipeline.reading.submission import as_read
from pipeline.receiving.received import ReceivedFile
from questionnaire.rounds.round import Round

# Where a file's bytes lie, and when it was put there, changes nothing of what it says.
_OF_THIS_DISK = ("path", "modified")


def of_readings(round_: Round) -> str:
    """A name for all that a reading depends on beside its file; `round_` has the previous round's answers."""
    return hashed("\n".join((*code(), spelled(as_read(round_)), repr(round_.key))))


def of_judging(round_: Round, readings: str) -> str:
    """A name for all that what is made of readings depends on too: a changed rule leaves the readings."""
    instrument = round_.instrument
    return hashed(f"{readings}\n{spelled((instrument.rules, instrument.comparisons, instrument.fingerprint))}")


def of_file(readings: str, file: ReceivedFile) -> str:
    """The name of a reading: a new one whenever anything is new that it depends on."""
    known = (getattr(file, field.name) for field in dataclasses.fields(file) if field.name not in _OF_THIS_DISK)
    return hashed(f"{readings}\n{spelled(tuple(known))}")

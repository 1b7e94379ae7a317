"""Runs the gate before publication: Great Expectations judges the published tables, in a child process.

Importing it takes seconds and hundreds of megabytes, so only the child does, from the moment something is to be
judged (`pipeline.publication.gate.verdicts`). It gets what was observed in the tables through files, and judges while
other outputs are written; whatever it writes beside its pages goes to a folder that is removed.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.files import unstoppable, write_whole
from pipeline.publication.gate.data_docs import ExpectationResult, index_page, style
from pipeline.publication.gate.observed import observe
from pipeline.publication.outcome import GateError
from pipeline.validation.completeness import Coverage
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from schemas.expectations import TIMES, Suite, suites
from schemas.tables.table import Table

DATA_DOCS = "data_docs"

_WORK = ".gate"
_SECONDS = 600


@dataclass(frozen=True)
class GateResult:
    """How the dataset met what is expected of it; `failed` are the expectations that stop it, a sentence each."""

    results: tuple[ExpectationResult, ...]
    failed: tuple[str, ...]

    @property
    def expectations(self) -> int:
        """How many there were."""
        return len(self.results)

    @property
    def publish(self) -> bool:
        return not self.failed


class Gate:
    """A child process that judges. Use it as a context manager: the child ends with the block.

    `folder` is where its Data Docs will go.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._work = folder, folder / _WORK
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Have the child get ready, if it is not yet: it takes seconds, in which other things can be done."""
        if self._child is not None:
            return
        self._work.mkdir(parents=True)
        # Ctrl-C reaches all processes of a terminal: the parent ends the child, which takes no notice of it.
        with (self._work / "log.txt").open("wb") as log, unstoppable():
            self._child = subprocess.Popen(
                [sys.executable, "-m", "pipeline.publication.gate.verdicts", self._work, self._work / DATA_DOCS],
                stdin=subprocess.PIPE,
                bufsize=0,
                stdout=log,
                stderr=log,
                env=_environment(self._work),
            )

    def __enter__(self) -> "Gate":
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
        shutil.rmtree(self._work, ignore_errors=True)

    def ask(self, round_: Round, tables: Iterable[Table], folders: Mapping[Access, Path]) -> None:
        """Have the tables judged that stand in the folders of both editions, once, while other things are done.

        The child judges what was observed for one suite while the next is looked at. Raises GateError where nothing was
        observed for one: what nobody judged is never published.
        """
        self.start()
        assert self._child is not None, "it was started"
        assert self._child.stdin is not None, "the child is started with one"
        unasked = {suite.name: suite for suite in suites(round_)}
        for name, table in observe(round_, tables, folders):
            table.to_parquet(self._work / f"{name}.parquet", index=False)
            suite = json.dumps(asdict(unasked.pop(name)) | {"times": TIMES}, default=list)
            (self._work / f"{name}.json").write_text(suite, encoding="utf-8")
            with contextlib.suppress(BrokenPipeError):  # of a child that is dead: the answer says so
                self._child.stdin.write(f"{name}\n".encode())
        if unasked:
            raise GateError(f"nothing was observed for {', '.join(unasked)}")
        self._child.stdin.close()

    def answer(self, round_: Round, coverage: Coverage) -> GateResult:
        """Wait for the verdict, and write Data Docs to `<folder>/data_docs`: pages that need no network.

        What the dataset covers decides nothing: it marks the pages as provisional.
        Raises GateError if the child fails or takes longer than ten minutes.
        """
        self._wait()
        language, verdicts = round_.working_language, json.loads((self._work / "verdict.json").read_text())
        results = tuple(_results(suites(round_), verdicts, language))
        pages = self._folder / DATA_DOCS
        shutil.move(self._work / DATA_DOCS, pages)
        shutil.rmtree(self._work)
        write_whole(pages / "style.css", style().encode())
        write_whole(pages / "index.html", index_page(round_, results, coverage).encode())
        return GateResult(results, tuple(result.described(language) for result in results if result.stops))

    def _wait(self) -> None:
        assert self._child is not None, "it was asked"
        try:
            self._child.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            raise GateError(f"no verdict within {_SECONDS} seconds") from None
        if self._child.returncode:
            log = (self._work / "log.txt").read_text(errors="replace").strip()
            raise GateError(log.splitlines()[-1] if log else f"exit code {self._child.returncode}")


def public_docs(folder: Path, round_: Round, result: GateResult, coverage: Coverage) -> None:
    """Write the front page of the Data Docs alone to `<folder>/data_docs`, for everybody: without any single value."""
    pages = folder / DATA_DOCS
    pages.mkdir()
    with_values = {suite.name for suite in suites(round_) if suite.values}
    results = [replace(item, examples=()) for item in result.results if item.suite not in with_values]
    write_whole(pages / "style.css", style().encode())
    write_whole(pages / "index.html", index_page(round_, results, coverage, details=False).encode())


def _environment(work: Path) -> dict[str, str]:
    """Nothing leaves the machine, nothing is left in a home or temporary folder, nothing depends on a hash seed."""
    paths = (str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", ""))
    return os.environ | {
        "GX_ANALYTICS_ENABLED": "False",
        "HOME": str(work.resolve()),
        "TMPDIR": str(work.resolve()),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }


def _results(expected: tuple[Suite, ...], verdicts: Mapping[str, Any], language: str) -> Iterator[ExpectationResult]:
    for suite in expected:
        for expectation, verdict in zip(suite.expectations, verdicts[suite.name], strict=True):
            yield ExpectationResult(
                suite.name, expectation.sentence(language), severity=expectation.severity, **verdict
            )

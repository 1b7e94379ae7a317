"""Reads the table of texts, besides codes and labels, that people type to say that there is no value.

They count where a number, a day or a choice is asked, never in a free text, and each use is reported.
"""

from collections.abc import Mapping

from pipeline.reading.values.plain_texts import words
from questionnaire.blanks import AnswerStatus
from questionnaire.codelists import choice_key

TEXTS: Mapping[AnswerStatus, tuple[str, ...]] = {
    AnswerStatus.NOT_AVAILABLE: (
        "n/d", "n.d.", "n.d", "n. d.",
        "non disponible", "non disponibles", "pas de données", "aucune donnée disponible", "pas disponible",
        "donnée non disponible", "données non disponibles", "pas de données disponibles", "aucune donnée",
        "no disponible", "no disponibles", "sin datos", "no hay datos", "s/d", "s.d.", "sd", "sin dato",
        "sin información", "no hay información", "no hay datos disponibles", "no se dispone de información",
        "no se dispone de datos", "no se cuenta con información", "no se cuenta con datos", "dato no disponible",
        "datos no disponibles",
        "not available", "no data", "no data available", "data not available", "no information",
        "no information available", "unavailable",
        "não disponível", "nao disponivel", "indisponível", "sem dados", "dados não disponíveis", "não há dados",
        "sem informação", "sem informações",
    ),
    AnswerStatus.NOT_APPLICABLE: (
        "s/o", "s.o.", "s.o", "s. o.",
        "sans objet", "non applicable", "ne s’applique pas", "ne s'applique pas",
        "no aplica", "no aplicable", "no procede", "no corresponde",
        "not applicable", "does not apply",
        "não se aplica", "nao se aplica", "não aplicável", "nao aplicavel",
    ),
    AnswerStatus.CONFIDENTIAL: (
        "confidentiel", "confidentielle", "confidencial", "confidential", "sigiloso", "sigilosa",
    ),
    AnswerStatus.NOTHING_TO_REPORT: (
        "rien à signaler", "rien à déclarer", "r.a.s.", "ras", "néant", "neant", "aucun", "aucune",
        "nada que informar", "nada que reportar", "sin novedad", "sin novedades", "ninguno", "ninguna",
        "nothing to report", "nil", "none",
        "nada a informar", "nada a declarar", "nada a relatar", "nenhum", "nenhuma",
    ),
}  # fmt: skip

UNCLEAR = ("n/a", "n.a.", "n.a", "na", "n. a.", "n/r", "n.r.", "nr", "-", "--", "–", "—", "−", "/", "...", "…", "?")
"""These say that there is no value and not why: zero, not applicable and not available are three different things."""

_STATUS = {words(text): status for status, texts in TEXTS.items() for text in texts}
_WITHOUT_REASON = frozenset(map(choice_key, UNCLEAR))


def missing_status(text: str) -> AnswerStatus | None:
    """The status that a text declares by this table."""
    return _STATUS.get(words(text))


def is_unclear(text: str) -> bool:
    """True for a text that says that there is no value but not why."""
    return choice_key(text) in _WITHOUT_REASON

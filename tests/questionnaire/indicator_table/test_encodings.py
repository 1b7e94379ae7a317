"""Bytes that do not say their encoding are read by the one in which their letters make sense."""

import pytest

from questionnaire.indicator_table.records import IndicatorTableError
from questionnaire.indicator_table.text import decode

TEXTS = {
    "fr": "Élèves formés à l'école ; où l'équité a été évaluée : « déjà » à Besançon\n",
    "es": "Años de educación según sexo; ¿cuántos niños? El índice llegó a 30 %\n",
    "pt": "Ações de formação; número de municípios com órgão responsável à saúde\n",
}


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "cp850"]
)
def test_decode__usual_encoding__same_text_and_said(language: str, encoding: str) -> None:
    text, notes = decode(TEXTS[language].encode(encoding), "table.csv")
    assert text == TEXTS[language]
    assert [note.kind for note in notes] == ([] if encoding.startswith("utf-8") else ["encoding"])


def test_decode__latin_1__same_as_windows() -> None:
    assert decode("Équité née à Málaga".encode("latin-1"), "table.csv")[0] == "Équité née à Málaga"


def test_decode__nothing_makes_sense__refused() -> None:
    with pytest.raises(IndicatorTableError, match=r"line 2: The characters of the file can be read neither as UTF-8"):
        decode(b"Aim\nSign \x81", "table.csv")

"""Whatever the modules that read indicator tables report in English is said in French, Spanish and Portuguese too."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.desk.table_sentences import place_in, told, told_all
from questionnaire.messages import LANGUAGES, keys, wording

ROOT = Path(__file__).parents[3]
OTHERS = [language for language in LANGUAGES if language != "en"]
FRAGMENTS = (
    "Heads in ", "Without heads", " Not used", "{where}Read as", "{what} Write ROLE", "{_called(objective)} has", "{grid.row_address", " and {", "(Code", "Rows that repeat",
    "{grid.name or 'the table'} has no row with", "Objective {objective.number}", "The objective “{objective.text}”",
    "The text “", "“{part}” does not say",
)  # fmt: skip
"""Beginnings of what is put together, and is tested as a whole below, or is said by the command line in English."""
_SENTENCE = re.compile(r"[A-Z“{].*[ ].*[.?:] ?", re.DOTALL)


def sentences() -> Iterator[tuple[str, str]]:
    """Each sentence in the source, its place, with X1 for what is filled in."""
    files = [
        *(ROOT / "questionnaire" / "indicator_table").rglob("*.py"),
        *(ROOT / "pipeline" / "documents").glob("*.py"),
    ]
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        skipped |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            text = _text(node) if id(node) not in skipped else ""
            if _SENTENCE.fullmatch(text) and not text.startswith(FRAGMENTS):
                yield f"{file.name}:{getattr(node, 'lineno', 0)}", re.sub(r"\{[^{}]*\}", "7", text).strip()


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else _shown(part) for part in node.values)
        return "".join(map(str, parts))
    return ""


def _shown(part: ast.expr) -> str:
    return f"{{{ast.unparse(part.value)}}}" if isinstance(part, ast.FormattedValue) else ""


def test_sentences__all_in_the_source__are_said_in_each_language() -> None:
    found = list(sentences())
    assert len(found) > 90
    unknown = [(where, text) for where, text in found for language in OTHERS if told_all(text, language) == text]
    assert unknown == []


def test_sentences__of_the_catalogues__have_four_languages_with_the_same_placeholders() -> None:
    for name in ("table_sentences", "table_report"):
        for key in keys(name):
            said = wording(name, key)
            assert set(said) == set(LANGUAGES), key
            wanted = [sorted(set(re.findall(r"\{(\w+)", text))) for text in said.values()]
            assert wanted == wanted[:1] * len(wanted), key


@pytest.mark.parametrize(
    ("english", "language", "expected"),
    [
        (
            "Heads in line 2. Read as code of the objective: column A “Code”; heading above the objective: column B, "
            "which has no head. Not used: column E “Comment”.",
            "fr",
            "En-têtes en ligne 2. Lu comme code (objectif) : colonne A « Code » ; titre au-dessus de l’objectif : colonne B, "
            "sans en-tête. Non utilisé : colonne E « Comment ».",
        ),
        ("Without heads. Read as unit: column A “U”.", "es", "Sin encabezados. Leído como unidad: columna A «U»."),
        ("“a “b”” was left out.", "pt", "“a “b”” foi deixado de fora."),
        (
            "Hidden rows were read: 4, 5 and 3 more. If they are not meant, remove them, or give a copy without them.",
            "es",
            "Se leyeron filas ocultas: 4, 5 y 3 más. Si no cuentan, quítelas o dé una copia sin ellas.",
        ),
        (
            "Use a head or a letter of these. table 2, row 3: A “line 4”.",
            "pt",
            "Use um destes cabeçalhos ou letras. quadro 2, linha 3: A “linha 4”.",
        ),
        ("Number its objective. The document is empty.", "fr", "Numérotez son objectif. Le document est vide."),
        ("What nobody has worded.", "fr", "What nobody has worded."),
        ("The document is empty.", "en", "The document is empty."),
    ],
)
def test_told__whole_or_put_together__says_what_is_ours_and_quotes_the_rest(
    english: str, language: str, expected: str
) -> None:
    assert told_all(english, language) == expected


def test_told__of_two_sentences__is_not_one() -> None:
    assert told("Number its objective. The document is empty.", "fr") == "Number its objective. The document is empty."


def test_places__in_a_language__cells_of_sheets_as_they_are() -> None:
    places = ["line 9, column D", "table 2, row 9, column D", "table 2, row 9", "Plan, row 3", "Plan!C3", "line 7"]
    assert [place_in(place, "fr") for place in places] == [
        "ligne 9, colonne D", "tableau 2, ligne 9, colonne D", "tableau 2, ligne 9", "Plan, ligne 3", "Plan!C3", "ligne 7",
    ]  # fmt: skip


def test_command__in_spanish__report_and_refusal(tmp_path: Path) -> None:
    path = tmp_path / "plan de acción.csv"
    path.write_text("Objetivo;Indicador\n1. Formar;Jueces formados\n2. Nada;por definir\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["table", str(path), "--language", "es"])
    assert done.output == (
        "plan de acción.csv: 0 secciones, 2 objetivos, 1 indicador\n"
        "\n"
        "Encabezados en línea 1. Leído como objetivo: columna A «Objetivo»; indicador: columna B «Indicador».\n"
        "\n"
        "Sin sección: 2 objetivos, 1 indicador\n"
        "    línea 2, columna B  1 Formar → Jueces formados\n"
        "\n"
        "1 por revisar:\n"
        "  línea 3, columna B: «por definir» ocupa el lugar de un indicador; no se leyó ninguno. ¿Hay alguno que preguntar?\n"
        "      (no_indicator)\n"
        "\n"
        "0 secciones, 2 objetivos, 1 indicador, 1 por revisar.\n"
    )
    path.write_text("Nombre;Edad\nAna;3\n", encoding="utf-8")
    refused = CliRunner().invoke(main, ["table", str(path), "--language", "es"])
    assert refused.exit_code == 2
    assert (
        "Ninguna de las primeras 20 filas tiene un encabezado para los indicadores. Se buscó: indicateur"
        in refused.output
    )
    assert f"acopio table '{path}' --header-row 1 --map objective=A,indicator=B" in refused.output

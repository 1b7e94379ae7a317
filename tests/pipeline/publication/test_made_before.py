"""What was made of the same is left, if it is still what was made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.files import read_sealed, write_sealed
from pipeline.publication import made_before as module
from pipeline.publication.formats.flavour import Flavour
from pipeline.publication.made_before import NOTE, Earlier, Recipe, made_before, remember
from pipeline.publication.manifest import MANIFEST, manifest_text, sha256_of
from pipeline.publication.outcome import Figures
from pipeline.publication.publish import PUBLISHING
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from questionnaire.rounds.standings import Verdict
from tests.given import mini_round, replace_in

RECIPE = Recipe("1", Flavour.PLAIN, "en", ["a", "b"], {"declared": {"round.toml": "1"}})
OTHER_ROWS = replace(RECIPE, rows=["a", "c"])
FIGURES = Figures(
    standings={"AAA": Verdict.ACCEPTED}, verdicts={"accepted": 1}, key_missing=False, conflicts=2, severities={"error": 3},
    reconciled={"read": 4}, provisional={"share": "5%"}, expectations=6, left_out=("long",),
)  # fmt: skip


@pytest.fixture
def published(tmp_path: Path) -> Round:
    """A round with a file in each edition, and a note of what they were made."""
    round_ = mini_round(tmp_path)
    for access in Access:
        (round_.results(access) / "stata").mkdir(parents=True)
        (round_.results(access) / "stata" / "a.dta").write_text(access)
        (round_.results(access) / "a.parquet").write_text(f"rows for {access}")
    remember(round_, RECIPE, FIGURES)
    return round_


def test_made_before__of_the_same__says_what_came_of_it(published: Round) -> None:
    assert made_before(published, RECIPE) == FIGURES
    assert made_before(published, OTHER_ROWS) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda round_: (round_.results(Access.PUBLIC) / "stata" / "a.dta").write_text("edited"),
        lambda round_: (round_.results(Access.RESTRICTED) / "stata" / "a.dta").unlink(),
        lambda round_: (round_.results(Access.PUBLIC) / "more.csv").write_text("more"),
        lambda round_: (round_.outputs / PUBLISHING).touch(),
        lambda round_: (round_.outputs / NOTE).unlink(),
        lambda round_: (round_.outputs / NOTE).write_text("{"),
        lambda round_: (round_.outputs / NOTE).write_text("[]"),
        lambda round_: write_sealed(round_.outputs / NOTE, {"of_all": RECIPE.of_all}),
        lambda round_: replace_in(round_.outputs / NOTE, '"expectations": 6', '"expectations": 7'),
    ],
)
def test_made_before__of_files_that_are_not_as_they_were_written__knows_nothing(
    published: Round, change: Callable[[Round], Any]
) -> None:
    change(published)
    assert made_before(published, RECIPE) is None


def test_remember__files_of_a_manifest__are_as_it_has_them(published: Round) -> None:
    manifest: dict[str, Any] = {"instrument": {}, "settings": {}, "software": {}, "inputs": {}, "counts": {}}
    text = manifest_text(manifest, {"a.parquet": "as written", "stata/a.dta": None})
    (published.results(Access.PUBLIC) / MANIFEST).write_text(text)
    remember(published, RECIPE, FIGURES)
    files = read_sealed(published.outputs / NOTE)["files"]
    assert files["public/a.parquet"] == "as written"
    others = {name: sha256_of(published.outputs / name) for name in files if name != "public/a.parquet"}
    assert files == {"public/a.parquet": "as written", **others}
    assert f"public/{MANIFEST}" in others


def test_recipe__whatever_changes__is_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    of_tables = [RECIPE, *(replace(RECIPE, **change) for change in ({"version": "2"}, {"flavour": Flavour.EXCEL}, {"labels": "fr"}))]  # fmt: skip
    of_rows = [OTHER_ROWS, replace(RECIPE, inputs={"declared": {"round.toml": "2"}})]
    tables, all_of_it = [one.of_a_table for one in of_tables], [one.of_all for one in (*of_tables, *of_rows)]
    assert {one.of_a_table for one in of_rows} == {RECIPE.of_a_table}
    monkeypatch.setattr(module, "software", lambda: {"acopio": "99"})
    tables.append(RECIPE.of_a_table)
    monkeypatch.setattr(module, "_ROOT", tmp_path)
    tables.append(RECIPE.of_a_table)
    for names in (tables, all_of_it):
        assert len(set(names)) == len(names)


def staged(tmp_path: Path, rows: str) -> Path:
    parquet = tmp_path / "staged" / "a.parquet"
    parquet.parent.mkdir(parents=True)
    parquet.write_text(rows)
    return parquet


def test_take__of_the_same_table__puts_beside_it_what_was_made_of_it(published: Round, tmp_path: Path) -> None:
    parquet = staged(tmp_path, "rows for public")
    assert Earlier(published, OTHER_ROWS).take(Access.PUBLIC, parquet, "stata/a.dta")
    assert (parquet.parent / "stata" / "a.dta").read_text() == "public"


@pytest.mark.parametrize(
    ("rows", "recipe", "names", "edited"),
    [
        ("other rows", RECIPE, ["stata/a.dta"], False),
        ("rows for public", replace(RECIPE, labels="fr"), ["stata/a.dta"], False),
        ("rows for public", RECIPE, ["stata/a.dta", "spss/a.sav"], False),
        ("rows for public", RECIPE, ["stata/a.dta"], True),
    ],
    ids=["other rows", "other labels", "a file that is not there", "a file that was edited"],
)
def test_take__of_anything_else__takes_nothing(
    published: Round, tmp_path: Path, rows: str, recipe: Recipe, names: list[str], edited: bool
) -> None:
    if edited:
        (published.results(Access.PUBLIC) / "stata" / "a.dta").write_text("edited")
    parquet = staged(tmp_path, rows)
    assert not Earlier(published, recipe).take(Access.PUBLIC, parquet, *names)
    assert [path.name for path in parquet.parent.iterdir()] == [parquet.name]

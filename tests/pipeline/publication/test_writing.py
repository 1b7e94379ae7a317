"""What is written beside the Parquet files is the same, however many processes write it, or nothing at all."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from pipeline.processes import Processes
from pipeline.publication import writing
from pipeline.publication.formats import labelled_files
from pipeline.publication.formats.flavour import Flavour
from pipeline.publication.made_before import Recipe
from pipeline.publication.writing import Writing
from questionnaire.rounds.access import Access
from questionnaire.rules.evaluate import Answer
from tests.pipeline.tables.made import Made, made_of, round_of
from tests.schemas.tidy_rows import mini

ROUND = round_of(mini(), "AAA", "BBB")
RECIPE = Recipe("", Flavour.PLAIN, "en", (), {})
DATED = (".dta", ".sav", ".duckdb")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(ROUND, tmp_path_factory.mktemp("made"), {"AAA": {}}, BBB="no_return")


def written(made: Made, folder: Path, jobs: int, recipe: Recipe = RECIPE) -> tuple[str, ...]:
    """Write everything beside copies of the Parquet files; the names of the tables left out."""
    shutil.copytree(made.folders[Access.RESTRICTED].parent, folder, dirs_exist_ok=True)
    folders = {access: folder / access for access in Access}
    with Processes(ROUND, writing.__name__, jobs) as processes:
        processes.start()
        found = Writing(ROUND, processes, folders, recipe)
        for access in Access:
            for table in made.tables.values():
                if part := table.for_(access):
                    found.of_table(access, part)
        found.finish(made_of(ROUND, {"AAA": {}}, {"BBB": "no_return"}), tuple(made.tables.values()))
    return found.left_out


def test_writing__observations_and_limits__are_numbers_to_excel_too(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    made = Made(ROUND, tmp_path / "made", {"AAA": {("F01", "depth"): Answer(-1.2)}}, BBB="no_return")
    for flavour, depth, limits in (
        (Flavour.PLAIN, ",-1.2,A,", ",-1.5,40.5,"),
        (Flavour.EXCEL, ";-1,2;A;", ";-1,5;40,5;"),
    ):
        folder = tmp_path / flavour
        written(made, folder, 1, Recipe("", flavour, "fr", (), {}))
        for access in Access:
            assert depth in (folder / access / "observations.csv").read_text("utf-8")
            assert limits in (folder / access / "questions.csv").read_text("utf-8")
            assert ",-1.2,A," in (folder / access / "observations_sdmx.csv").read_text("utf-8")


def test_writing__one_process_or_two__the_same_bytes__and_a_table_of_too_many_cells_is_left_out_and_named(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelled_files, "MOST_CELLS", 60)
    assert written(made, tmp_path / "1", 1) == written(made, tmp_path / "2", 2) == ("regional", "type_count")
    one, two = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*") if path.suffix not in DATED}
        for folder in (tmp_path / "1", tmp_path / "2")
    )
    assert one == two
    names = {path.name for path in one}
    assert {"answers.csv", "type_count.csv", "regional_dataset.xlsx", "datapackage.json", "index.html"} <= names
    assert list(tmp_path.rglob("type_count.dta")) == []


def test_writing__a_child_cannot_write_a_file__raises_what_it_raised(made: Made, tmp_path: Path) -> None:
    (tmp_path / "copy" / "restricted" / "answers.csv").mkdir(parents=True)
    with pytest.raises(OSError, match=r"restricted/answers\.csv") as raised:
        written(made, tmp_path / "copy", 2)
    assert raised.value.errno == errno.EISDIR

"""README.md and the pages it leads to are true: their examples are run, in order, in a copy of the project."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.documentation.examples import Example, blocks, examples, not_printed
from tests.given import PATIENCE
from tests.pipeline.desk.test_new_round import complete

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/secretariat.md", "docs/dataset.md", "docs/instrument-files.md")
"""The pages whose examples follow on one another, as a newcomer reads them after set-up."""

TEXTS = {page: (ROOT / page).read_text(encoding="utf-8") for page in PAGES}
EXAMPLES = [(page, example) for page, text in TEXTS.items() for example in examples(text)]

_COPIED = ("questionnaire", "pipeline", "schemas", "rounds", "tests/instruments")
_OWN = ("key", "store", "register.sqlite*")
_SET_UP = ("Makefile", "pyproject.toml", "requirements.lock")
_LINK = re.compile(r"\]\(([^)#]+)\)")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project without returns and results, its .venv standing in for the one that runs the tests."""
    folder = tmp_path_factory.mktemp("project")
    for name in _COPIED:
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.xlsx", "~$*", *_OWN)
        )
    for path in (folder / "rounds").glob("*/returns/*"):
        if path.name != ".gitkeep":
            path.unlink()
    for name in _SET_UP:
        shutil.copy(ROOT / name, folder / name)
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    command = programs / "acopio"
    guard = 'if __name__ == "__main__":'
    command.write_text(
        f"#!{sys.executable}\nfrom pipeline.cli.entry_point import run\n\n{guard}\n    run()\n", encoding="utf-8"
    )
    command.chmod(0o755)
    shutil.copy(folder / "requirements.lock", folder / ".venv" / "locked.stamp")
    (folder / ".venv" / "ready.stamp").touch()
    return folder


@pytest.fixture(scope="module")
def printed(project: Path) -> Mapping[tuple[str, Example], str]:
    """What each example prints, run one after the other; where the text asks for an edit, it is made."""
    # A reader types these commands; a make that runs inside another one says so in its output.
    typed = {name: value for name, value in os.environ.items() if name not in ("MAKELEVEL", "MAKEFLAGS")}
    environment = typed | {
        "PATH": f"{project / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(project),
    }
    output: dict[tuple[str, Example], str] = {}
    for page, example in EXAMPLES:
        # One stream, as on a terminal, so that what is said last is shown last.
        done = subprocess.run(
            ["sh", "-c", f"exec 2>&1; {example.command}"],
            cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
        output[page, example] = done.stdout
        if example.command.startswith("acopio new-round"):
            complete(project / "rounds" / "2026" / "round.toml")
    return output


@pytest.mark.wide
@pytest.mark.parametrize(("page", "example"), EXAMPLES, ids=[example.command for _, example in EXAMPLES])
def test_pages__each_command__prints_what_is_shown(
    page: str, example: Example, printed: Mapping[tuple[str, Example], str]
) -> None:
    said = printed[page, example]
    assert "Traceback" not in said
    missing = not_printed(example.shown, said)
    assert missing is None, f"{page}, line {example.line}: {example.command!r} does not print\n{missing}\nbut\n{said}"


@pytest.mark.wide
def test_dataset_page__python_examples__give_what_is_shown(
    project: Path, printed: Mapping[tuple[str, Example], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    assert printed
    [(line, text)] = blocks(TEXTS["docs/dataset.md"], "pycon")
    example = doctest.DocTestParser().get_doctest(text, {}, "dataset.md", "docs/dataset.md", line - 1)
    reported: list[str] = []
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.DocTestRunner(optionflags=options).run(example, out=reported.append).failed == 0, "".join(reported)


@pytest.mark.wide
def test_dataset_page__every_file_of_the_outputs__is_in_its_table(
    project: Path, printed: Mapping[tuple[str, Example], str]
) -> None:
    assert printed
    names = [
        path.name
        for path in (project / "outputs" / "demo" / "restricted").iterdir()
        if path.suffix == ".csv" or path.is_dir()
    ]
    stems = {name.removesuffix(".csv") for name in names} - {"questionnaires", ".reading_cache"}
    assert stems
    # Of the tables that there is one of for each type or measure, one stands for all.
    one_of_many = ("type_", "measure_")
    alone = [stem for stem in sorted(stems) if not stem.startswith(one_of_many)]
    assert [stem for stem in (*alone, *one_of_many) if f"`{stem}" not in TEXTS["docs/dataset.md"]] == []


@pytest.mark.parametrize(
    "page",
    [
        *PAGES,
        "CONTRIBUTING.md",
        "docs/cli.md",
        "docs/instruments.md",
        "docs/analyst.md",
        "docs/focal-point.md",
        "docs/scale.md",
        "CHANGELOG.md",
    ],
)
def test_links__of_each_page__lead_to_files(page: str) -> None:
    links = _LINK.findall((ROOT / page).read_text(encoding="utf-8"))
    there = [link for link in links if not link.startswith("https://")]
    assert [link for link in there if not ((ROOT / page).parent / link).exists()] == []


def test_changelog__what_is_not_released__has_its_section() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## Unreleased$\n\n### \w+$\n- \S", text, re.MULTILINE)


def test_readme__is_short_and_leads_to_each_page() -> None:
    readme = TEXTS["README.md"]
    assert len(readme.splitlines()) < 120
    for page in (*PAGES[1:3], "docs/focal-point.md", "docs/analyst.md", "docs/instruments.md"):
        assert f"]({page})" in readme, page


@pytest.mark.parametrize("page", ["docs/secretariat.md", "docs/focal-point.md", "docs/dataset.md"])
def test_contents__of_each_page__lead_to_its_headings(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    heads = re.findall(r"^##+ (.+)$", text, re.MULTILINE)
    there = [re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in heads]
    assert re.findall(r"\]\(#([^)]+)\)", text) == there

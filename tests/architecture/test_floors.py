"""Holds the floors: imports go downward only, siblings are strangers, no cycles, no long files.

Every fault names its file and line and says what to do instead. The bad tree below shows that each is caught.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.architecture.import_graph import PACKAGES, Module, cycles, loaded_with, read_modules

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 400
NOT_OURS = {"outputs", "rounds", "build", "node_modules"}
# Importing Great Expectations costs seconds and 230 MB: it stays in the child process of the gate.
GATE = "pipeline.publication.gate.verdicts"
CHILDREN = (
    "pipeline.receiving.opening",
    "pipeline.reading.one_return",
    "pipeline.documents.opening",
    "pipeline.documents.forms",
    "pipeline.design_workbook.opening",
)
QUICK = ("pipeline.desk.status", "pipeline.journey", "pipeline.desk.summary")
"""What is asked for many times a day, and a run in which nothing is new."""

RETURN_PIPELINE = {
    "pipeline.receiving": ("pipeline.reading", "pipeline.simulation"),
    "pipeline.reading": ("pipeline.simulation",),
    "pipeline.simulation": ("pipeline.receiving", "pipeline.reading"),
    "pipeline.validation": ("pipeline.merging", "pipeline.consolidation"),
    "pipeline.merging": ("pipeline.consolidation",),
}
"""The packages of the return pipeline, and those that each must not know."""

WRITER = "questionnaire.workbook"
SENDERS = (
    "pipeline.desk.questionnaires",
    "pipeline.feedback",
    "pipeline.mail",
    "pipeline.simulation",
    "pipeline.design_workbook.written",
)
"""What writes workbooks to send them, to design or to make up returns; all else in the return pipeline needs meanings, which are below."""

Fault = str
Check = Callable[[dict[str, Module]], Iterator[Fault]]


def floor_and_room(module: str) -> tuple[int, str]:
    """Return the floor (1 lowest) and the room whose modules may import one another on that floor."""
    if _is_in(module, "pipeline.cli") or module == "pipeline.__main__":
        return 5, "pipeline.cli"
    if _is_in(module, "pipeline"):
        return 4, "pipeline"
    for room in ("schemas", "questionnaire.workbook", "questionnaire.xlsform"):
        if _is_in(module, room):
            return 3, room
    if module in ("questionnaire.layout", "questionnaire.list_layout", "questionnaire.sheet_names"):
        return 2, "questionnaire.layout"
    return 1, "questionnaire"


def upward_imports(modules: dict[str, Module]) -> Iterator[Fault]:
    """A module imports only from its own room or from a lower floor."""
    for module in modules.values():
        floor, room = floor_and_room(module.name)
        for found in module.imports:
            if found.target.partition(".")[0] not in PACKAGES:
                continue
            target_floor, target_room = floor_and_room(found.target)
            where = f"{module.path}:{found.line}: {module.name} (floor {floor}) imports {found.target}"
            if target_floor > floor:
                yield f"{where} (floor {target_floor}): move what both need down, or pass it in"
            elif target_floor == floor and target_room != room:
                yield f"{where}, a sibling: move what both need to floor 1 or 2"


def against_the_way_back(modules: dict[str, Module]) -> Iterator[Fault]:
    """What comes in is received before it is read; made-up returns are neither."""
    for module in modules.values():
        for found in module.imports:
            for room, closed in RETURN_PIPELINE.items():
                if _is_in(module.name, room) and any(_is_in(found.target, later) for later in closed):
                    yield f"{module.path}:{found.line}: {module.name} imports {found.target}: {room} must not know it"


def writers_on_the_way_back(modules: dict[str, Module]) -> Iterator[Fault]:
    """The return pipeline imports nothing of the workbook's writer: what both need is on floor 1 or 2."""
    for module in modules.values():
        if not _is_in(module.name, "pipeline") or any(_is_in(module.name, room) for room in SENDERS):
            continue
        for found in module.imports:
            if _is_in(found.target, WRITER):
                yield (
                    f"{module.path}:{found.line}: {module.name} imports {found.target}, which writes workbooks: "
                    "move what both need to floor 1 or 2"
                )


def import_cycles(modules: dict[str, Module]) -> Iterator[Fault]:
    """No module reaches itself through imports, lazy ones and those for types included."""
    for walk in cycles(modules):
        steps = [
            f"{source.path}:{next(i.line for i in source.imports if i.target == target.name)}"
            for source, target in pairwise(walk)
        ]
        names = " -> ".join(module.name for module in walk)
        yield f"{', '.join(steps)}: import cycle {names}: move what they share into a module of its own"


def imports_through_packages(modules: dict[str, Module]) -> Iterator[Fault]:
    """Internal code names the module that defines a thing; a package's __init__ offers nothing."""
    for module in modules.values():
        for found in module.imports:
            target = modules.get(found.target)
            if target and target.is_package:
                yield (
                    f"{module.path}:{found.line}: {module.name} imports the package {found.target}: "
                    "import from the module that defines it"
                )


def packages_with_code(modules: dict[str, Module]) -> Iterator[Fault]:
    """An __init__.py holds one docstring and nothing else."""
    for module in modules.values():
        if not module.is_package:
            continue
        if ast.get_docstring(module.tree) is None:
            yield f"{module.path}:1: no docstring: say in one sentence what the package holds"
        elif len(module.tree.body) > 1:
            line = module.tree.body[1].lineno
            yield f"{module.path}:{line}: code in an __init__.py: move it to a module of its own"


def libraries_in_the_declaration(modules: dict[str, Module]) -> Iterator[Fault]:
    """Floors 1 and 2 need nothing but the standard library."""
    for module in modules.values():
        if floor_and_room(module.name)[0] > 2:
            continue
        for found in module.imports:
            library = found.target.partition(".")[0]
            if library not in PACKAGES and library not in sys.stdlib_module_names:
                yield (
                    f"{module.path}:{found.line}: {module.name} imports {library}: floors 1 and 2 need "
                    "nothing beyond the standard library; do this in schemas/, workbook/ or pipeline/"
                )


def great_expectations_outside_the_gate(modules: dict[str, Module]) -> Iterator[Fault]:
    """Only the gate imports Great Expectations, and starting the command line never does."""
    for module in modules.values():
        for found in module.imports:
            if _is_in(found.target, "great_expectations") and not _is_in(module.name, GATE):
                yield (
                    f"{module.path}:{found.line}: {module.name} imports great_expectations: "
                    f"only {GATE} may; hand the gate plain data"
                )
    for module, found in loaded_with("pipeline.cli.main", modules):
        if _is_in(found.target, "great_expectations"):
            yield (
                f"{module.path}:{found.line}: `acopio --help` loads great_expectations: "
                f"import {module.name} inside the function that needs it"
            )


def tables_in_the_reading_children(modules: dict[str, Module]) -> Iterator[Fault]:
    """What opens and reads single files, and the status, start without pandas: each would pay for it, in time."""
    for start in (*CHILDREN, *QUICK):
        for module, found in loaded_with(start, modules):
            if _is_in(found.target, "pandas"):
                yield f"{module.path}:{found.line}: {start} loads pandas: give rows, and make the table elsewhere"


CHECKS: list[Check] = [
    upward_imports,
    against_the_way_back,
    writers_on_the_way_back,
    import_cycles,
    imports_through_packages,
    packages_with_code,
    libraries_in_the_declaration,
    great_expectations_outside_the_gate,
    tables_in_the_reading_children,
]


def long_files(root: Path) -> Iterator[Fault]:
    """No Python file, tests included, is longer than MAX_LINES lines."""
    for folder, inner, files in os.walk(root):
        inner[:] = sorted(name for name in inner if not name.startswith(".") and name not in NOT_OURS)
        for path in sorted(Path(folder, name) for name in files if name.endswith(".py")):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > MAX_LINES:
                where = f"{path.relative_to(root)}:{MAX_LINES + 1}"
                yield f"{where}: {lines} lines, at most {MAX_LINES}: split it by what it does"


def _is_in(module: str, room: str) -> bool:
    return module == room or module.startswith(room + ".")


@pytest.fixture(scope="module")
def source() -> dict[str, Module]:
    return read_modules(ROOT)


@pytest.mark.parametrize("check", CHECKS)
def test_source__keeps_to_its_floors(check: Check, source: dict[str, Module]) -> None:
    assert source, f"no module found under {ROOT}"
    _expect_none(check(source))


def test_source__has_no_long_file() -> None:
    _expect_none(long_files(ROOT))


def _expect_none(faults: Iterator[Fault]) -> None:
    listed = list(faults)
    if listed:
        pytest.fail(f"{len(listed)} fault(s)\n" + "\n".join(listed), pytrace=False)


# A deliberately bad tree, one fault or more per check: file -> source.
BAD_TREE = {
    "questionnaire/__init__.py": '"""Declaration."""\nimport json\n',
    "questionnaire/declaration/form.py": "def ask() -> None:\n    from questionnaire import layout\n",
    "questionnaire/layout.py": "from questionnaire.declaration.form import ask\nfrom questionnaire import ask\n",
    "questionnaire/blanks.py": "import pandas as pd\n",
    "questionnaire/rules/rule.py": "import importlib\nimportlib.import_module('schemas.codebook')\n",
    "questionnaire/workbook/__init__.py": "",
    "questionnaire/workbook/write.py": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import schemas.codebook\n"
    ),
    "schemas/__init__.py": '"""Schemas."""\n',
    "schemas/codebook.py": "from . import suite\n",
    "schemas/suite.py": "import great_expectations as gx\nfrom schemas import codebook\n",
    "pipeline/__init__.py": '"""The return pipeline."""\n',
    "pipeline/cli/main.py": "from pipeline.publication.gate import verdicts\n",
    "pipeline/publication/gate/verdicts.py": "from great_expectations import expectations\n",
    "pipeline/reading/__init__.py": '"""Reads."""\n',
    "pipeline/reading/one_return.py": "from pipeline.reading.tidy import tidy\n",
    "pipeline/receiving/__init__.py": '"""Receives."""\n',
    "pipeline/receiving/opening.py": "from pipeline.reading import one_return\n",
    "pipeline/reading/tidy.py": "import pandas as pd\n",
    "pipeline/previous_round/__init__.py": '"""The previous round."""\n',
    "pipeline/previous_round/previous_answers.py": "def read() -> None:\n    from questionnaire.workbook import write\n",
    "pipeline/simulation/__init__.py": '"""Simulates."""\n',
    "pipeline/simulation/simulate.py": "from questionnaire.workbook import write\n",
    "pipeline/receive.py": "x = 1\n" * (MAX_LINES + 1),
}
EXPECTED: dict[Check, list[str]] = {
    upward_imports: [
        "questionnaire/declaration/form.py:2: questionnaire.declaration.form (floor 1) imports questionnaire.layout (floor 2)",
        "questionnaire/rules/rule.py:2: questionnaire.rules.rule (floor 1) imports schemas.codebook (floor 3)",
        "questionnaire/workbook/write.py:3: questionnaire.workbook.write (floor 3) imports schemas.codebook",
    ],
    against_the_way_back: [
        "pipeline/receiving/opening.py:1: pipeline.receiving.opening imports pipeline.reading.one_return",
    ],
    writers_on_the_way_back: [
        "pipeline/previous_round/previous_answers.py:2: pipeline.previous_round.previous_answers imports "
        "questionnaire.workbook.write",
    ],
    import_cycles: [
        "questionnaire/declaration/form.py:2, questionnaire/layout.py:1: import cycle questionnaire.declaration.form -> ",
        "schemas/codebook.py:1, schemas/suite.py:2: import cycle schemas.codebook -> schemas.suite",
    ],
    imports_through_packages: ["questionnaire/layout.py:2: questionnaire.layout imports the package questionnaire"],
    packages_with_code: [
        "questionnaire/__init__.py:2: code in an __init__.py",
        "questionnaire/workbook/__init__.py:1: no docstring",
    ],
    libraries_in_the_declaration: ["questionnaire/blanks.py:1: questionnaire.blanks imports pandas"],
    great_expectations_outside_the_gate: [
        "schemas/suite.py:1: schemas.suite imports great_expectations",
        "pipeline/publication/gate/verdicts.py:1: `acopio --help` loads great_expectations",
    ],
    tables_in_the_reading_children: [
        "pipeline/reading/tidy.py:1: pipeline.reading.one_return loads pandas",
        "pipeline/reading/tidy.py:1: pipeline.receiving.opening loads pandas",
    ],
}


@pytest.fixture
def bad_tree(tmp_path: Path) -> Path:
    for name, source in BAD_TREE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("check", CHECKS)
def test_bad_tree__every_fault_is_named_with_its_line(check: Check, bad_tree: Path) -> None:
    faults = sorted(check(read_modules(bad_tree)))
    expected = sorted(EXPECTED[check])
    assert len(faults) == len(expected), faults
    for fault, start in zip(faults, expected, strict=True):
        assert fault.startswith(start)


def test_bad_tree__long_file_is_named(bad_tree: Path) -> None:
    (bad_tree / ".venv").mkdir()
    (bad_tree / ".venv/theirs.py").write_text("x = 1\n" * 1000, encoding="utf-8")
    assert [fault.split(":")[0] for fault in long_files(bad_tree)] == ["pipeline/receive.py"]

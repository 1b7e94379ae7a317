"""Reads which module imports which from source text; never imports the code it reads and judges nothing."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

PACKAGES = ("questionnaire", "pipeline", "schemas")


@dataclass(frozen=True)
class Import:
    """One imported module at one line; `eager` means that importing the importer imports it too."""

    target: str
    line: int
    eager: bool


@dataclass(frozen=True)
class Module:
    """One source file and everything that it imports, lazily or for types only included."""

    name: str
    path: Path
    is_package: bool
    tree: ast.Module = field(repr=False)
    imports: tuple[Import, ...] = ()


def read_modules(root: Path) -> dict[str, Module]:
    """Return every module of our packages under `root`; `from package import module` counts as the module."""
    paths = sorted(path for package in PACKAGES for path in (root / package).rglob("*.py"))
    names = {_module_name(path.relative_to(root)): path for path in paths}
    modules = {}
    for name, path in names.items():
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        is_package = path.name == "__init__.py"
        package = name if is_package else name.rpartition(".")[0]
        imports = tuple(_imports(tree.body, package, names.keys(), eager=True))
        modules[name] = Module(name, path.relative_to(root), is_package, tree, imports)
    return modules


def cycles(modules: dict[str, Module]) -> list[list[Module]]:
    """Return one closed walk of modules for each knot of modules that import one another."""
    edges = {name: [i.target for i in module.imports if i.target in modules] for name, module in modules.items()}
    reachable = {name: _reachable(name, edges) for name in edges}
    found, seen = [], set[str]()
    for name in sorted(edges):
        if name in seen or name not in reachable[name]:
            continue
        seen |= {other for other in reachable[name] if name in reachable[other]}
        found.append([modules[step] for step in _shortest_way_back(name, edges)])
    return found


def loaded_with(name: str, modules: dict[str, Module]) -> Iterator[tuple[Module, Import]]:
    """Yield each import carried out when module `name` is imported, with the module that holds it."""
    eager = {m.name: [i.target for i in m.imports if i.eager and i.target in modules] for m in modules.values()}
    for step in sorted({name, *_reachable(name, eager)} & modules.keys()):
        yield from ((modules[step], found) for found in modules[step].imports if found.eager)


def _module_name(relative: Path) -> str:
    parts = relative.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(body: list[ast.stmt], package: str, known: Collection[str], *, eager: bool) -> Iterator[Import]:
    """Walk statements; what stands in a function or under TYPE_CHECKING is not eager."""
    for statement in body:
        yield from _imports_of(statement, package, known, eager=eager)


def _imports_of(node: ast.AST, package: str, known: Collection[str], *, eager: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(alias.name, node.lineno, eager) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from _from_imports(node, package, known, eager=eager)
    elif isinstance(node, ast.Call) and (literal := _dynamic_import(node)):
        yield Import(literal, node.lineno, eager)
    inside_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        yield from _imports(node.body, package, known, eager=False)
        yield from _imports(node.orelse, package, known, eager=eager)
        return
    for child in ast.iter_child_nodes(node):
        yield from _imports_of(child, package, known, eager=eager and not inside_function)


def _from_imports(node: ast.ImportFrom, package: str, known: Collection[str], *, eager: bool) -> Iterator[Import]:
    base = node.module or ""
    if node.level:
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        base = ".".join([*above, base] if base else above)
    for alias in node.names:
        submodule = f"{base}.{alias.name}"
        yield Import(submodule if submodule in known else base, node.lineno, eager)


def _dynamic_import(call: ast.Call) -> str | None:
    """Return the module named by import_module("...") or __import__("..."), where it is written out."""
    function = ast.unparse(call.func).rpartition(".")[2]
    if function not in ("import_module", "__import__") or not call.args:
        return None
    first = call.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def _reachable(start: str, edges: dict[str, list[str]]) -> set[str]:
    found, waiting = set[str](), list(edges.get(start, []))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(edges.get(name, []))
    return found


def _shortest_way_back(start: str, edges: dict[str, list[str]]) -> list[str]:
    ways = [[start]]
    visited = set[str]()
    while ways:
        way = ways.pop(0)
        for target in edges[way[-1]]:
            if target == start:
                return [*way, start]
            if target not in visited:
                visited.add(target)
                ways.append([*way, target])
    raise ValueError(f"no way leads from {start} back to it")

"""Judges small tables with Great Expectations and writes its pages: the child process of the gate.

It starts with as little as it can, and knows nothing of rounds: suites and tables are files in its folder.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.safe_text import shown

if TYPE_CHECKING:
    import pandas as pd

_FRAME = Path(__file__).parent / "pages" / "data_docs.j2"
_EXAMPLES = 3
_MOST_SHOWN = 12
_BRACKETS = str.maketrans("<>", "‹›")


class _WhenUsed:
    """Finds what Great Expectations has for charts and tests of distributions: half of all the time it takes to load.

    It is loaded when it is first used, and nothing here uses it.
    """

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, _: object = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path) if name in ("altair", "scipy.stats") else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def main() -> None:
    """Judge each suite that a line on standard input names, as JSON with its table beside; without one, end at once.

    Arguments are the folder of these, and that for pages.
    """
    # What is loaded stays, and this process is soon done: it looks for no garbage, from its first library on.
    gc.disable()
    sys.meta_path.insert(0, _WhenUsed)
    work, pages = map(Path, sys.argv[1:])
    judge = _Judge(work, pages)
    if verdicts := {name: judge.verdicts(name) for name in map(str.strip, sys.stdin)}:
        (work / "verdict.json").write_text(json.dumps(verdicts), encoding="utf-8")


class _Judge:
    """Great Expectations, imported where it is made, and pandas."""

    def __init__(self, work: Path, pages: Path) -> None:
        import great_expectations as gx  # noqa: PLC0415  the parent must never pay for it
        import pandas as pd  # noqa: PLC0415
        from great_expectations.expectations.row_conditions import Column  # noqa: PLC0415
        from great_expectations.render.renderer import page_renderer  # noqa: PLC0415
        from great_expectations.render.view import DefaultJinjaPageView  # noqa: PLC0415

        self._gx, self._column, self._renderers = gx, Column, page_renderer
        self._work, self._pages, self._read = work, pages, pd.read_parquet
        self._source = gx.get_context(mode="ephemeral").data_sources.add_pandas("acopio")
        # One for all pages: it keeps its templates.
        environment = DefaultJinjaPageView().env
        environment.filters["generate_html_element_uuid"] = lambda prefix=None: f"{prefix or ''}element"
        self._frame = environment.from_string(_FRAME.read_text(encoding="utf-8"))

    def verdicts(self, name: str) -> list[dict[str, Any]]:
        """Validate one table, write its pages, and say of each expectation whether it was met and what was seen."""
        suite = json.loads((self._work / f"{name}.json").read_text(encoding="utf-8"))
        table = _plain(self._read(self._work / f"{name}.parquet"))
        listed = [self._expectation(position, declared) for position, declared in enumerate(suite["expectations"])]
        expected = self._gx.ExpectationSuite(name=name, expectations=listed)
        definition = self._source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("whole")
        result = definition.get_batch(batch_parameters={"dataframe": table}).validate(expected)
        result.results.sort(key=lambda item: item.expectation_config.meta["position"])
        verdicts = [
            _verdict(item, table, declared, suite["values"], suite["times"])
            for item, declared in zip(result.results, suite["expectations"], strict=True)
        ]
        for item in result.results:
            item.result = _inert(item.result)
        result.meta["batch_spec"] = {"data_asset_name": name}
        self._write(name, "results", self._renderers.ValidationResultsPageRenderer().render(result))
        self._write(name, "expectations", self._renderers.ExpectationSuitePageRenderer().render(expected))
        return verdicts

    def _expectation(self, position: int, declared: dict[str, Any]) -> Any:
        kind = "".join(part.capitalize() for part in declared["type"].split("_"))
        kwargs = dict(declared["kwargs"]) | {"meta": {"position": position}}
        if declared["where"]:
            column, equals, value = declared["where"]
            condition = self._column(column)
            unlike = condition.is_not_in(value) if isinstance(value, list) else condition != value
            kwargs["row_condition"] = condition == value if equals else unlike
        return getattr(self._gx.expectations, kind)(**kwargs)

    def _write(self, suite: str, page: str, document: Any) -> None:
        """One page as Great Expectations renders it, in our own frame: its own loads 15 things from the network."""
        content = document.to_json_dict()
        for section in content["sections"]:
            # Times and addresses of this run, which say nothing of the data and differ between runs.
            section["content_blocks"] = [
                block for block in section["content_blocks"] if block["content_block_type"] != "collapse"
            ]
        html = self._frame.render(content, suite=suite, page=page)
        self._pages.mkdir(exist_ok=True)
        html = html.replace(f"../../../../expectations/{suite}.html", f"{suite}-expectations.html")
        (self._pages / f"{suite}-{page}.html").write_text(html, encoding="utf-8")


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """The same in two blocks of memory, numbers and objects.

    Great Expectations filters the whole table for each of its metrics: column by column that takes ten times as long.
    """
    numbers = table.select_dtypes("number").columns
    return table.astype({name: "float64" if name in numbers else object for name in table.columns}).copy()


def _verdict(item: Any, table: pd.DataFrame, declared: Mapping[str, Any], values: bool, times: str) -> dict[str, Any]:
    """What Great Expectations says; of a table of `values`, those of the column are what was observed."""
    seen = item.result
    observed, rows = _observed(item), seen.get("element_count") or 0
    if rows and values:
        observed = list(dict.fromkeys(table[declared["kwargs"]["column"]].dropna())) or None
        rows = len(observed or ())
    elif rows and times in table:
        rows = _where(table, declared["where"])[times].sum()
    examples = dict.fromkeys(_shown(value) for value in seen.get("partial_unexpected_list") or ())
    return {
        "met": bool(item.success),
        "observed": _shown(observed),
        "unexpected": int(seen.get("unexpected_count") or 0),
        "rows": int(rows),
        "examples": tuple(examples)[:_EXAMPLES],
        "error": _error(item.exception_info or {}),
    }


def _where(table: pd.DataFrame, where: list[Any] | None) -> pd.DataFrame:
    """The rows to which an expectation is limited."""
    if where is None:
        return table
    column, equals, value = where
    chosen: pd.DataFrame = table[table[column].isin(value if isinstance(value, list) else [value]) == equals]
    return chosen


def _observed(item: Any) -> object:
    """What was observed; of a set of values that is met, Great Expectations leaves it out."""
    expected = item.expectation_config.kwargs.get("value_set")
    in_rows = "element_count" in item.result
    observed = item.result.get("observed_value")
    return expected if observed is None and item.success and not in_rows else observed


def _error(info: Mapping[str, Any]) -> str:
    """The message of an exception inside an expectation; Great Expectations nests it by metric where it has several."""
    messages = [info, *(entry for entry in info.values() if isinstance(entry, Mapping))]
    return next((str(entry["exception_message"]) for entry in messages if entry.get("exception_message")), "")


def _inert(value: Any) -> Any:
    """The same as plain texts and numbers.

    Great Expectations writes unexpected values into its tables unescaped, and shows no number that NumPy has.
    """
    if isinstance(value, Mapping):
        return {key: _inert(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_inert(item) for item in value]
    if isinstance(value, float):
        return float(value)
    return shown(value).translate(_BRACKETS) if isinstance(value, str) else value


def _shown(value: object) -> str:
    """A value as a person reads it; "" for none."""
    if value is None or value != value:  # noqa: PLR0124  NaN alone differs from itself
        return ""
    if isinstance(value, Mapping):
        return " ".join(map(str, value.values()))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, list | tuple):
        more = f" … ({len(value)})" if len(value) > _MOST_SHOWN else ""
        return ", ".join(map(_shown, value[:_MOST_SHOWN])) + more
    return str(value)


if __name__ == "__main__":
    main()
    # Everything is written, somebody waits, and to take down what was loaded takes half a second.
    os._exit(0)

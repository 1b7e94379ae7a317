"""Runs the gate before publication: Great Expectations judges the published tables, in a child process.

Importing it takes seconds and hundreds of megabytes, so only the child does, from the moment something is to be
judged. It gets what was observed in the tables through files, and judges while other outputs are written; whatever it
writes beside its pages goes to a folder that is removed.
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

import pandas as pd

from pipeline.files import write_whole
from pipeline.publication.data_docs import ExpectationResult, index_page, page_template, style
from pipeline.publication.observed import observe
from pipeline.publication.outcome import GateError
from pipeline.safe_text import shown
from pipeline.validation.completeness import Coverage
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from schemas.expectations import TIMES, Suite, suites
from schemas.tables.table import Table

DATA_DOCS = "data_docs"

_WORK = ".gate"
_SECONDS = 600
_EXAMPLES = 3
_MOST_SHOWN = 12
_BRACKETS = str.maketrans("<>", "‹›")


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
        with (self._work / "log.txt").open("wb") as log:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "pipeline.publication.gate"],
                stdin=subprocess.PIPE,
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
        """Have the tables judged that stand in the folders of both editions, once, while other things are done."""
        self.start()
        for name, table in observe(round_, tables, folders).items():
            table.to_parquet(self._work / f"{name}.parquet", index=False)
        job = json.dumps([asdict(suite) for suite in suites(round_)], default=list)
        (self._work / "job.json").write_text(job, encoding="utf-8")
        assert self._child is not None, "it was started"
        assert self._child.stdin is not None, "the child is started with one"
        with contextlib.suppress(BrokenPipeError):  # of a child that is dead: the answer says so
            self._child.stdin.write(b"judge\n")
            self._child.stdin.flush()

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
    paths = (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", ""))
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


# --- the child --------------------------------------------------------------------------------------------------


def main() -> None:
    """Judge, when a line on standard input says so: suites as JSON, their tables beside; without one, end at once."""
    work = Path(os.environ["TMPDIR"])
    judge = _Judge(work)
    if sys.stdin.readline().strip():
        suites_asked = json.loads((work / "job.json").read_text(encoding="utf-8"))
        verdicts = {suite["name"]: judge.verdicts(suite) for suite in suites_asked}
        (work / "verdict.json").write_text(json.dumps(verdicts), encoding="utf-8")


class _Judge:
    """Great Expectations, imported where it is made."""

    def __init__(self, work: Path) -> None:
        import great_expectations as gx  # noqa: PLC0415  the parent must never pay for it
        from great_expectations.expectations.row_conditions import Column  # noqa: PLC0415
        from great_expectations.render import view  # noqa: PLC0415
        from great_expectations.render.renderer import page_renderer  # noqa: PLC0415

        self._gx, self._column, self._view, self._renderers = gx, Column, view, page_renderer
        self._work = work
        self._context = gx.get_context(mode="ephemeral")
        self._source = self._context.data_sources.add_pandas("acopio")

    def verdicts(self, suite: dict[str, Any]) -> list[dict[str, Any]]:
        """Validate one table, write its pages, and say of each expectation whether it was met and what was seen."""
        name = suite["name"]
        table = _plain(pd.read_parquet(self._work / f"{name}.parquet"))
        listed = [self._expectation(position, declared) for position, declared in enumerate(suite["expectations"])]
        expected = self._gx.ExpectationSuite(name=name, expectations=listed)
        definition = self._source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("whole")
        result = definition.get_batch(batch_parameters={"dataframe": table}).validate(expected)
        result.results.sort(key=lambda item: item.expectation_config.meta["position"])
        verdicts = [
            _verdict(item, table, declared, suite["values"])
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
        view = self._view.DefaultJinjaPageView()
        view.env.filters["generate_html_element_uuid"] = lambda prefix=None: f"{prefix or ''}element"
        html = view.env.from_string(page_template()).render(content, suite=suite, page=page)
        folder = self._work / DATA_DOCS
        folder.mkdir(exist_ok=True)
        html = html.replace(f"../../../../expectations/{suite}.html", f"{suite}-expectations.html")
        (folder / f"{suite}-{page}.html").write_text(html, encoding="utf-8")


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """The same in two blocks of memory, numbers and objects.

    Great Expectations filters the whole table for each of its metrics: column by column that takes ten times as long.
    """
    numbers = table.select_dtypes("number").columns
    return table.astype({name: "float64" if name in numbers else object for name in table.columns}).copy()


def _verdict(item: Any, table: pd.DataFrame, declared: Mapping[str, Any], values: bool) -> dict[str, Any]:
    """What Great Expectations says; of a table of `values`, those of the column are what was observed."""
    seen = item.result
    observed, rows = _observed(item), seen.get("element_count") or 0
    if rows and values:
        observed = list(dict.fromkeys(table[declared["kwargs"]["column"]].dropna())) or None
        rows = len(observed or ())
    elif rows and TIMES in table:
        rows = _where(table, declared["where"])[TIMES].sum()
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
    """The same as plain text: Great Expectations writes unexpected values into its tables unescaped."""
    if isinstance(value, Mapping):
        return {key: _inert(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_inert(item) for item in value]
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

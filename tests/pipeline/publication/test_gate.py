"""The gate: what it lets pass, what it stops and in which words, and pages that are the same bytes every time."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.util import LazyLoader, find_spec
from pathlib import Path
from unittest.mock import Mock

import pandas as pd
import pytest

from pipeline.publication.gate import verdicts
from pipeline.publication.gate.data_docs import ExpectationResult, index_page, style
from pipeline.publication.gate.gate import DATA_DOCS, Gate, GateResult, public_docs
from pipeline.publication.gate.verdicts import _WhenUsed
from pipeline.publication.outcome import GateError
from pipeline.validation.completeness import Coverage
from questionnaire.rounds.access import Access
from questionnaire.rules.evaluate import Answer
from questionnaire.rules.rule import Severity
from tests.browser import browsing
from tests.given import PATIENCE
from tests.pipeline.publication.test_observed import changed, spoilt
from tests.pipeline.tables.made import Made
from tests.schemas.tidy_rows import mini_round

SUITES = ("respondents", "indicators", "standing", "values", "tables", "public", "reconciliation")
WHOLE = Coverage(accepted=2, asked=2, answered=7, indicators=4)
ANSWERS = {
    ("W01a", "status"): Answer("3"),
    ("W01a", "total"): Answer(5.0),
    ("W01a", "regions.WEST"): Answer("Y"),
    ("W02", "status"): Answer("2"),
    ("W02", "started"): Answer(2020.0),
}


ROUND = replace(mini_round(), previous_answers={"A": {("W01a", "status"): Answer("1")}})


def _spoil(folders: Mapping[Access, Path]) -> None:
    """A participant with a strange name, a row twice, a level, a year and a state of return that cannot be; a lost answer."""

    def regional(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[0, "respondent"] = "<script>alert(1)</script>"
        frame.loc[1, "response"] = None
        return pd.concat([frame, frame.iloc[[4]]])

    restricted = folders[Access.RESTRICTED]
    changed(restricted, "regional", regional)
    changed(restricted, "type_count", lambda frame: frame.assign(level=9, started=2030))
    changed(restricted, "answers", lambda frame: frame[frame["field"] != "started"])
    changed(
        restricted,
        "reconciliation",
        lambda frame: pd.concat([frame, frame.assign(submission="b", read=0, published=0)]),
    )
    changed(folders[Access.PUBLIC], "respondents", lambda frame: frame.assign(email="ann@example.org"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Of A there is a return, of B none."""
    return Made(ROUND, tmp_path_factory.mktemp("made"), {"A": ANSWERS}, B="no_return")


@pytest.fixture(scope="module")
def judged(made: Made, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, GateResult]]:
    """Three gates, their children getting ready side by side: good data twice, spoilt data once."""
    folders = {name: tmp_path_factory.mktemp(name) for name in ("good", "again", "spoilt")}
    gates: dict[str, Gate] = {name: Gate(folder) for name, folder in folders.items()}
    for gate in gates.values():
        gate.start()
    wrong = spoilt(made, tmp_path_factory.mktemp("wrong"))
    _spoil(wrong)
    results = {}
    for name, gate in gates.items():
        with gate:
            gate.ask(ROUND, made.tables.values(), wrong if name == "spoilt" else made.folders)
            results[name] = folders[name], gate.answer(ROUND, WHOLE)
    return results


def _pages(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / DATA_DOCS).iterdir())}


def test_gate__sound_dataset__may_be_published(judged: dict[str, tuple[Path, GateResult]]) -> None:
    _, result = judged["good"]
    assert result.publish
    assert result.failed == ()
    assert result.expectations == len(result.results) > 25


def test_gate__spoilt_dataset__each_fault_in_words(judged: dict[str, tuple[Path, GateResult]]) -> None:
    _, result = judged["spoilt"]
    assert not result.publish
    assert result.failed == (
        "Every participant of the round is there, and nobody else. (unexpected, once: <script>alert(1)</script>)",
        "Every participant has 4 rows, one per indicator. (unexpected, 3 times: 1; 3; 5)",
        "Every participant has 4 different indicators. (unexpected, 2 times: 1; 3)",
        "Every participant has the same number of rows, 4, in the public edition. (unexpected, once: 0)",
        "There are 8 rows: 2 participants × 4 indicators. (9)",
        "W01a – Households connected: one row for each of the 2 participants. (3)",
        "Every row says how the participant’s return stands. (unexpected, once: no value)",
        "Without an accepted return, a row comes from no file. (unexpected, once: a)",
        "level: codes of its list only. (unexpected, once: 9)",
        "started: from 1990 to 2025. (unexpected, once: 2030)",
        "In every table, a key names one row only. (unexpected, once: regional: restricted 1)",
        "Every published answer stands in the table of its type or list."
        " (unexpected, once: type_count: level 6 ≠ 2, started 6 ≠ 0)",
        "The public edition says nothing that the restricted one does not."
        " (unexpected, 2 times: regional: 2; type_count: 2)",
        "No column reserved for the secretariat is public, neither as Parquet nor in DuckDB."
        " (unexpected, once: respondents: email)",
        "For each return: answers read = published + rejected + superseded + waiting. (unexpected, once: 1)",
    )


def test_gate__what_is_met__says_what_was_observed(judged: dict[str, tuple[Path, GateResult]]) -> None:
    _, result = judged["good"]
    seen = {item.sentence: item.seen("en") for item in result.results}
    assert all(seen.values())
    assert seen["There are 8 rows: 2 participants × 4 indicators."] == "8"
    assert seen["Every row has an OBS_STATUS code."] == "8 rows, none unexpected"
    assert seen["F01 – Trees planted: one row for each of the 2 participants."] == "2"
    assert seen["Every participant of the round is there, and nobody else."] == "A, B"
    assert seen["Where OBS_STATUS is A, a level is given."] == "2 rows, none unexpected"
    assert seen["total: from 0 to 1000000."] == "5"
    assert seen["level: codes of its list only."] == "2, 3"
    assert seen["free: codes of its list only."] == "no value"
    assert re.search(r"^regional, type_count, .* … \(\d\d\)$", seen["Every declared table is there, and no other."])
    [moved] = [text for sentence, text in seen.items() if sentence.startswith("W01a") and "levels changed" in sentence]
    assert moved == "0"


def test_data_docs__what_is_only_asked__stops_nothing_and_stands_apart() -> None:
    moved = ExpectationResult("indicators", "W01a: little moved.", False, "0.5", severity=Severity.WARNING)
    assert not moved.stops
    page = index_page(mini_round(), [moved], WHOLE)
    assert "may be published" in page
    assert "To look at; it does not stop publication:" in page
    assert "<li>W01a: little moved. (0.5)</li>" in page
    assert "0 of 1 expectations met." in page


def test_public_docs__are_the_front_page_alone_without_a_single_value(
    judged: dict[str, tuple[Path, GateResult]], tmp_path: Path
) -> None:
    _, result = judged["spoilt"]
    public_docs(tmp_path, mini_round(), result, WHOLE)
    assert sorted(_pages(tmp_path)) == ["index.html", "style.css"]
    page = _pages(tmp_path)["index.html"].decode()
    assert "W01a – Households connected" in page
    assert not re.search(r"alert|-results\.html|2030|started: ", page)


def test_data_docs__same_data__same_bytes(judged: dict[str, tuple[Path, GateResult]]) -> None:
    assert _pages(judged["good"][0]) == _pages(judged["again"][0])


def test_data_docs__pages__need_no_network_and_run_nothing(judged: dict[str, tuple[Path, GateResult]]) -> None:
    names = set()
    for folder, _ in judged.values():
        for name, content in _pages(folder).items():
            names.add(name)
            text = content.decode()
            assert not re.search(r"https?:|//[a-z]+\.|<script|<img|<iframe|@import|onclick", text), name
            for link in re.findall(r'(?:href|src)="([^"#]+)', text):
                assert (folder / DATA_DOCS / link).is_file(), f"{name} links to {link}"
    assert names == {
        "index.html",
        "style.css",
        *(f"{suite}-{page}.html" for suite in SUITES for page in ("results", "expectations")),
    }


def test_data_docs__numbers_observed__stand_on_the_page_of_results(judged: dict[str, tuple[Path, GateResult]]) -> None:
    page = _pages(judged["good"][0])["indicators-results.html"].decode()
    assert not re.search(r">\s*--\s*<", page)


def test_data_docs__front_page__reports_verdict_and_faults(judged: dict[str, tuple[Path, GateResult]]) -> None:
    good, spoilt = (_pages(judged[name][0])["index.html"].decode() for name in ("good", "spoilt"))
    assert "The regional dataset may be published" in good
    assert "must not be published. Expectations not met: 15." in spoilt
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in spoilt


def test_data_docs__front_page__every_table_has_the_name_of_its_suite__heads_are_of_columns() -> None:
    results = [ExpectationResult(suite, "Every row is there.", True) for suite in ("respondents", "values")]
    page = index_page(mini_round(), results, WHOLE)
    assert re.findall(r'<h2 id="(\w+)"', page) == re.findall(r'<table aria-labelledby="(\w+)"', page)
    assert page.count("<table") == 2
    assert page.count('<th scope="col">') == page.count("<th") - page.count("<thead") == 6


@pytest.mark.chromium
def test_data_docs__front_page__with_long_codes__fits_a_telephone(chromium: Path, tmp_path: Path) -> None:
    long = "agreements_with_partners_outside_of_the_region.year_of_signature: from 1950 to 2025"
    results = [ExpectationResult("values", long, True, observed="2005, 2025, LEGAL_ASSISTANCE_BY_CORRESPONDENCE")]
    (tmp_path / "index.html").write_text(index_page(mini_round(), results, WHOLE), encoding="utf-8")
    (tmp_path / "style.css").write_text(style(), encoding="utf-8")
    with browsing(chromium, tmp_path / "profile") as browser:
        browser.open((tmp_path / "index.html").as_uri(), 390)
        assert browser.value("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("met", [True, False])
def test_data_docs__front_page__while_returns_are_missing__says_provisional_with_the_figures(met: bool) -> None:
    results = [ExpectationResult("respondents", "Every row is there.", met)]
    page = index_page(mini_round(), results, Coverage(accepted=1, asked=2, answered=3, indicators=4))
    assert ("Provisional: 1 of 2 returns accepted; they answer 75% of their indicators." in page) is met
    assert ("must not be published" in page) is not met
    assert "may be published" not in page
    assert ("may be published" in index_page(mini_round(), results, WHOLE)) is met


def test_gate__afterwards__leaves_only_its_pages(judged: dict[str, tuple[Path, GateResult]]) -> None:
    for folder, _ in judged.values():
        assert [path.name for path in folder.iterdir()] == [DATA_DOCS]


def test_verdicts__suite_named__is_judged_before_the_next_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = []

    class Judge:
        def __init__(self, *_: Path) -> None: ...

        def verdicts(self, name: str) -> list[str]:
            judged.append(name)
            return [name.upper()]

    def lines() -> Iterator[str]:
        yield "values\n"
        assert judged == ["values"]
        yield "tables\n"

    monkeypatch.setattr(verdicts, "_Judge", Judge)
    monkeypatch.setattr(verdicts, "gc", Mock())
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.setattr(sys, "argv", ["verdicts", str(tmp_path), str(tmp_path)])
    monkeypatch.setattr(sys, "stdin", lines())
    verdicts.main()
    assert json.loads((tmp_path / "verdict.json").read_text()) == {"values": ["VALUES"], "tables": ["TABLES"]}


def test_gate__not_asked__ends_and_leaves_nothing(tmp_path: Path) -> None:
    with Gate(tmp_path) as gate:
        assert list(tmp_path.iterdir()) == []
        gate.start()
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []


def test_gate__child_dies__says_so_and_leaves_nothing(made: Made, tmp_path: Path) -> None:
    with Gate(tmp_path) as gate:
        gate.start()
        assert gate._child is not None
        gate._child.kill()
        gate.ask(ROUND, made.tables.values(), made.folders)
        with pytest.raises(GateError):
            gate.answer(ROUND, WHOLE)
    assert list(tmp_path.iterdir()) == []


def test_gate__nothing_observed_for_a_suite__says_so_and_judges_nothing(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    observed = [(name, pd.DataFrame()) for name in SUITES if name not in ("tables", "public")]
    monkeypatch.setattr("pipeline.publication.gate.gate.observe", lambda *_: observed)
    with Gate(tmp_path) as gate, pytest.raises(GateError, match=r"nothing was observed for tables, public"):
        gate.ask(ROUND, made.tables.values(), made.folders)
    assert list(tmp_path.iterdir()) == []


def test_gate__ctrl_c_reaches_its_child_too__is_for_the_parent_alone(tmp_path: Path) -> None:
    with Gate(tmp_path) as gate:
        gate.start()
        assert gate._child is not None
        assert gate._child.stdin is not None
        gate._child.send_signal(signal.SIGINT)
        gate._child.stdin.close()
        assert gate._child.wait(PATIENCE) == 0


def test_gate__imported__does_not_load_great_expectations() -> None:
    code = "import sys, pipeline.publication.gate.gate; sys.exit('great_expectations' in sys.modules)"
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=root).returncode == 0


def test_when_used__only_what_nothing_here_uses__waits() -> None:
    for name in ("altair", "scipy.stats"):
        path = None if "." not in name else find_spec("scipy").submodule_search_locations  # type: ignore[union-attr]
        spec = _WhenUsed.find_spec(name, path)
        assert spec is not None
        assert isinstance(spec.loader, LazyLoader)
    assert _WhenUsed.find_spec("scipy", None) is None


def test_result__expectation_that_could_not_be_checked__says_why() -> None:
    result = ExpectationResult("regional", "The columns are there.", False, error="no column score")
    assert result.described("es") == "The columns are there. (no pudo comprobarse: no column score)"

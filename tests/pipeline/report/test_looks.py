"""How the pages of the report look in a browser: what stays in sight, what is not broken, how figures are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.report.edition import figure
from pipeline.report.markup import Part, bar
from pipeline.report.write import REPORT
from questionnaire.rounds.access import Access
from tests.browser import browsing, skipped, tabbed
from tests.pipeline.report.test_report import Report, report  # noqa: F401  a fixture


@pytest.mark.parametrize(("number", "said"), [(0, "0"), (999, "999"), (53000, "53\u202f000"), (None, "–")])
def test_figure__has_its_thousands_apart__also_in_a_bar(number: int | None, said: str) -> None:
    assert figure(number) == said
    if number:
        assert f">{said}</span>" in bar([Part("rest", number)], number)


@pytest.mark.chromium
def test_page__in_a_browser__keeps_heads_in_sight__numbers_free__codes_and_files_whole(
    report: Report,  # noqa: F811
    chromium: Path,
    tmp_path: Path,
) -> None:
    page = (report.folders[Access.RESTRICTED] / REPORT / "index.html").as_uri()
    matrix = "const box = document.querySelector('.scroll:has(> .matrix)'); "
    scrolled = "box.style.maxHeight = '90px'; box.scrollTop = 60; const head = box.querySelector('thead th'); "
    height = "return head.getBoundingClientRect().top - box.getBoundingClientRect().top"
    quarters = "getComputedStyle(document.querySelector('#met .bar'), '::after').backgroundSize"
    lines = (
        "(text => (place => { const cell = document.querySelector(`#corrections tbody tr ${place}`); "
        "const most = getComputedStyle(cell).minWidth; cell.innerHTML = `<span style='white-space: nowrap'>${text}</span>`; "
        "return cell.firstChild.offsetWidth + 16 <= parseInt(most); }))"
    )
    with browsing(chromium, tmp_path / "profile") as browser:
        browser.open(page)
        assert browser.value(f"(() => {{ {matrix} return getComputedStyle(box).maxHeight; }})()") == "804px"
        assert browser.value(f"(() => {{ {matrix}{scrolled}{height}; }})()") == 0
        assert browser.value(quarters) == "100% 3px, 100% 3px"
        assert browser.value(f"{lines}('n_shelters_civil_society')('td:nth-child(2)')")
        assert browser.value(f"{lines}('GTM_Guatemala_demo_es.xlsx,')('td:nth-child(3)')")
        number = "getComputedStyle(document.querySelector('#response td')).textAlign"
        assert browser.value(number) == "right"


@pytest.mark.chromium
def test_page__by_keyboard__is_gone_through_in_its_order(
    report: Report,  # noqa: F811
    chromium: Path,
    tmp_path: Path,
) -> None:
    page = (report.folders[Access.RESTRICTED] / REPORT / "index.html").as_uri()
    with browsing(chromium, tmp_path / "profile") as browser:
        browser.open(page)
        reached = tabbed(browser)
        assert reached[:4] == ["Go to the contents", "Français", "Español", "Português"]
        scrolled = browser.value(
            "[...document.querySelectorAll('.scroll')].map(one => one.textContent.trim().slice(0, 60))"
        )
        assert [text for text in reached if text in scrolled] == scrolled, "a table that scrolls is reached"
        assert skipped(page, browser) == "#contents"
        browser.press("Tab")
        assert browser.value("document.activeElement.closest('nav').id") == "contents"
        browser.press("Enter")
        browser.press("Tab")
        assert browser.value("document.activeElement.closest('section').id") == "response"

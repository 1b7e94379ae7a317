"""Designs the gate's Data Docs: a front page in words, a frame for the pages of Great Expectations, one style.

It judges nothing; every page is whole without a network and without JavaScript.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.consolidation.completeness import Coverage
from pipeline.safe_text import escape
from questionnaire.messages import in_language, say
from questionnaire.rounds.round import Round

_PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class ExpectationResult:
    """One expectation and how it was met; `observed`, `unexpected` and `examples` say what was seen instead."""

    suite: str
    sentence: str
    met: bool
    observed: str = ""
    unexpected: int = 0
    examples: tuple[str, ...] = ()
    error: str = ""

    def described(self, language: str) -> str:
        """The expectation and what was seen, in one line."""
        seen = self.seen(language)
        return f"{self.sentence} ({seen})" if seen else self.sentence

    def seen(self, language: str) -> str:
        """What was seen, "" where nothing was amiss."""
        if self.error:
            return say("gate", "could_not_be_checked", language, error=self.error)
        if self.unexpected:
            key = "unexpected" if self.unexpected > 1 else "unexpected_once"
            examples = "; ".join(example or say("gate", "no_value", language) for example in self.examples)
            return say("gate", key, language, count=self.unexpected, examples=examples)
        return "" if self.met else self.observed


def style() -> str:
    """The style sheet of all pages."""
    return (_PAGES / "data_docs.css").read_text(encoding="utf-8")


def page_template() -> str:
    """The frame around a page of Great Expectations, a template for its own Jinja environment."""
    return (_PAGES / "data_docs.j2").read_text(encoding="utf-8")


def index_page(round_: Round, results: Iterable[ExpectationResult], coverage: Coverage) -> str:
    """The front page: is the dataset sound and complete, what was not met, and everything that was expected."""
    results, language = list(results), round_.working_language
    failed = [result for result in results if not result.met]

    def words(key: str, **values: object) -> str:
        return escape(say("gate", key, language, **values))

    title = escape(in_language(round_.title, language))
    sound, look = ("provisional", "open") if coverage.provisional else ("publish", "good")
    verdict = words("do_not_publish", failed=len(failed)) if failed else words(sound, **coverage.figures)
    counted = words("counted", met=len(results) - len(failed), all=len(results))
    body = [
        f'<header><p class="kicker">{title}</p><h1>{words("title")}</h1></header>',
        f'<p class="verdict {"bad" if failed else look}">{verdict} <span>{counted}</span></p>',
        *(_list(failed, language) if failed else ()),
        *(_suite(name, results, language) for name in dict.fromkeys(result.suite for result in results)),
    ]
    return _document(language, f"{words('title')} – {title}", "\n".join(body))


def _list(failed: list[ExpectationResult], language: str) -> Iterable[str]:
    yield '<ul class="failed">'
    yield from (f"<li>{escape(result.described(language))}</li>" for result in failed)
    yield "</ul>"


def _suite(name: str, results: list[ExpectationResult], language: str) -> str:
    def words(key: str) -> str:
        return escape(say("gate", key, language))

    rows = "\n".join(_row(result, language) for result in results if result.suite == name)
    links = ", ".join(
        f'<a href="{escape(name)}-{page}.html">{words(f"{page}_page")}</a>' for page in ("results", "expectations")
    )
    heads = "".join(f"<th>{words(f'head_{head}')}</th>" for head in ("outcome", "expectation", "seen"))
    return (
        f"<section><h2>{words(f'suite_{name}')}</h2>\n<table><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody>"
        f'</table>\n<p class="links">{words("details")}: {links}</p></section>'
    )


def _row(result: ExpectationResult, language: str) -> str:
    sign, key = ("✓", "met") if result.met else ("✗", "not_met")
    met = f'<span class="{"good" if result.met else "bad"}">{sign} {escape(say("gate", key, language))}</span>'
    return f"<tr><td>{met}</td><td>{escape(result.sentence)}</td><td>{escape(result.seen(language))}</td></tr>"


def _document(language: str, title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'none'; object-src 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{title}</title>\n<link rel="stylesheet" href="style.css">\n</head>\n'
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )

"""Designs the gate's Data Docs: a front page in words, a frame for the pages of Great Expectations, one style.

It judges nothing; every page is whole without a network and without JavaScript.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.safe_text import escape
from pipeline.validation.completeness import Coverage
from questionnaire.messages import in_language, say
from questionnaire.rounds.round import Round
from questionnaire.rules.rule import Severity

_PAGES = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class ExpectationResult:
    """One expectation and how it was met: what was observed, in how many rows, and what of it was not expected."""

    suite: str
    sentence: str
    met: bool
    observed: str = ""
    unexpected: int = 0
    examples: tuple[str, ...] = ()
    error: str = ""
    rows: int = 0
    severity: Severity = Severity.ERROR

    @property
    def stops(self) -> bool:
        """True if nothing may be published."""
        return not self.met and self.severity is Severity.ERROR

    def described(self, language: str) -> str:
        """The expectation and what was seen, in one line."""
        seen = self.seen(language)
        return f"{self.sentence} ({seen})" if seen else self.sentence

    def seen(self, language: str) -> str:
        """What was seen: of what is looked at row by row, how many rows there were, or those that were not expected."""
        if self.error:
            return say("gate", "could_not_be_checked", language, error=self.error)
        if self.unexpected:
            key = "unexpected" if self.unexpected > 1 else "unexpected_once"
            examples = "; ".join(example or say("gate", "no_value", language) for example in self.examples)
            return say("gate", key, language, count=self.unexpected, examples=examples)
        if self.observed:
            return self.observed
        if not self.rows:
            return say("gate", "no_value", language)
        return say("gate", "rows_as_expected", language, count=self.rows)


def style() -> str:
    """The style sheet of all pages."""
    return (_PAGES / "data_docs.css").read_text(encoding="utf-8")


def index_page(round_: Round, results: Iterable[ExpectationResult], coverage: Coverage, *, details: bool = True) -> str:
    """The front page: is the dataset sound and complete, what was not met, and everything that was expected.

    `details`: with links to the pages of Great Expectations, which show single values.
    """
    results, language = list(results), round_.working_language
    failed = [result for result in results if result.stops]
    warned = [result for result in results if not result.met and not result.stops]

    def words(key: str, **values: object) -> str:
        return escape(say("gate", key, language, **values))

    title = escape(in_language(round_.title, language))
    sound, look = ("provisional", "open") if coverage.provisional else ("publish", "good")
    verdict = words("do_not_publish", failed=len(failed)) if failed else words(sound, **coverage.figures)
    counted = words("counted", met=sum(result.met for result in results), all=len(results))
    body = [
        f'<header><p class="kicker">{title}</p><h1>{words("title")}</h1></header>',
        f'<p class="verdict {"bad" if failed else look}">{verdict} <span>{counted}</span></p>',
        *(_list(failed, language) if failed else ()),
        *((f"<p>{words('to_look_at')}</p>", *_list(warned, language)) if warned else ()),
        *(_suite(name, results, language, details) for name in dict.fromkeys(result.suite for result in results)),
    ]
    return _document(language, f"{words('title')} – {title}", "\n".join(body))


def _list(failed: list[ExpectationResult], language: str) -> Iterable[str]:
    yield '<ul class="failed">'
    yield from (f"<li>{escape(result.described(language))}</li>" for result in failed)
    yield "</ul>"


def _suite(name: str, results: list[ExpectationResult], language: str, details: bool) -> str:
    def words(key: str) -> str:
        return escape(say("gate", key, language))

    rows = "\n".join(_row(result, language) for result in results if result.suite == name)
    links = ", ".join(
        f'<a href="{escape(name)}-{page}.html">{words(f"{page}_page")}</a>' for page in ("results", "expectations")
    )
    more = f'<p class="links">{words("details")}: {links}</p>' if details else ""
    heads = "".join(f'<th scope="col">{words(f"head_{head}")}</th>' for head in ("outcome", "expectation", "seen"))
    return (
        f'<section><h2 id="{escape(name)}">{words(f"suite_{name}")}</h2>\n'
        f'<table aria-labelledby="{escape(name)}"><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody>'
        f"</table>\n{more}</section>"
    )


def _row(result: ExpectationResult, language: str) -> str:
    sign, key, look = ("✓", "met", "good") if result.met else ("✗", "not_met", "bad")
    if not result.met and not result.stops:
        sign, key, look = "?", "asked", "open"
    met = f'<span class="{look}">{sign} {escape(say("gate", key, language))}</span>'
    return f"<tr><td>{met}</td><td>{escape(result.sentence)}</td><td>{escape(result.seen(language))}</td></tr>"


def _document(language: str, title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'none'; object-src 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{title}</title>\n<link rel="stylesheet" href="style.css">\n</head>\n'
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )

"""Settles which cells a conditional format hides: the colours that it leaves alone are those of each cell itself."""

from collections.abc import Iterable, Iterator, Mapping

from pipeline.reading.workbooks.colours import is_faint
from pipeline.reading.workbooks.metadata import At, Restyled
from pipeline.reading.workbooks.rich_texts import Inks


def settled(rules: Iterable[Restyled], inks: Mapping[At, Inks]) -> Iterator[Restyled]:
    """The rules that may change what cells show; `inks` are the colours of cells other than dark on light."""
    for rule in rules:
        if rule.hides or (rule.ink is None and rule.ground is None):
            if rule.hides or rule.code:
                yield rule
            continue
        usual = _hides(rule, ("", ()))
        is_whole = rule.ink is not None and rule.ground is not None
        other_inks = set() if is_whole else {own for own in set(inks.values()) if _hides(rule, own) is not usual}
        found = inks.items() if other_inks else ()
        others = frozenset(at for at, own in found if own in other_inks and rule.covers(at))
        if usual or rule.code:
            yield Restyled(rule.area, rule.code, usual, rule.limits, but=others)
        if rule.code or not usual:
            yield from (Restyled((*at, *at), rule.code, not usual, rule.limits) for at in sorted(others))


def _hides(rule: Restyled, own: Inks) -> bool:
    ink, grounds = own
    return is_faint(ink if rule.ink is None else rule.ink, *(grounds if rule.ground is None else (rule.ground,)))

"""The comparison of what a page shows with what a command prints."""

import pytest

from tests.documentation.examples import Example, examples, not_printed

PRINTED = "one\n  two  2\nthree\nfour\n"

PAGE = """Text.

```console
$ first
shown

$ second
```
```sh
$ not run
```
"""


def test_examples__of_a_page__are_its_console_commands_with_their_lines() -> None:
    assert examples(PAGE) == [Example(4, "first", ("shown", "")), Example(7, "second", ())]


@pytest.mark.parametrize(
    "shown", ["one\ntwo  2\nthree\nfour", "…\nthree\nfour", "one\n…", "one\n…\nfour", "…", "o…\ntwo … 2\n…"]
)
def test_shown__what_is_printed__is_found(shown: str) -> None:
    assert not_printed(tuple(shown.splitlines()), PRINTED) is None


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        ("one\nthree\nfour", "three"),
        ("three\n…\none", "three"),
        ("…\nthree\n…\none", "one"),
        ("…\nTwo  2\n…", "Two  2"),
        ("one", "(the output goes on:   two  2)"),
        ("one\n…\nfive", "five"),
    ],
)
def test_shown__what_is_not_printed_there__is_named(shown: str, missing: str) -> None:
    assert not_printed(tuple(shown.splitlines()), PRINTED) == missing

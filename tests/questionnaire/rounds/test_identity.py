"""The identity line and its token: what is read back, and what only the key of the round can make."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.rounds.identity import Identity, find_identity, is_genuine, signed
from questionnaire.rounds.round_key import KEY, create_key, read_key
from questionnaire.tables import DeclarationError

SECRET, OTHER = b"k" * 32, b"o" * 32
WHO = Identity("water", "2026.1", "0123456789abcdef", "2026", "BRA", "pt", "justice")
PROVED = ("instrument", "edition", "round", "respondent", "slice")

words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="|"), max_size=8)
identities = st.builds(Identity, words, words, words, words, words, words, words, words)


@given(identities)
def test_line__of_any_identity__is_read_back(identity: Identity) -> None:
    assert find_identity(f"  {identity} ") == identity


def test_line__of_format_1__is_understood_and_proves_nothing() -> None:
    found = find_identity("acopio|1|water|2026.1|0123456789abcdef|2026|BRA|pt|justice")
    assert found == WHO
    assert not is_genuine(found, SECRET)


@pytest.mark.parametrize(
    "text", [None, 7, "", "acopio", "acopio:key", "acopio|1|a|b", f"{signed(WHO, SECRET)}|", "acopio|3|a|b|c|d|e|f|g|h"]
)
def test_line__of_anything_else__states_no_identity(text: object) -> None:
    assert find_identity(text) is None


def test_token__of_the_same_key__is_the_same_and_known_in_advance() -> None:
    # As openssl has it: dgst -sha256 -hmac <32 times k>, then base32, the first 20 letters.
    assert signed(WHO, SECRET) == signed(WHO, SECRET)
    assert str(signed(WHO, SECRET)) == "acopio|2|water|2026.1|0123456789abcdef|2026|BRA|pt|justice|AVFU4DKYRYLQWR2FQPKN"
    assert is_genuine(signed(WHO, SECRET), SECRET)


@pytest.mark.parametrize("changed", PROVED)
def test_token__of_a_changed_identity__is_no_proof(changed: str) -> None:
    assert not is_genuine(replace(signed(WHO, SECRET), **{changed: "MEX"}), SECRET)


def test_token__what_does_not_say_whose_it_is__is_left_out_of_it() -> None:
    free = {field.name for field in fields(Identity)} - {*PROVED, "token"}
    assert free == {"fingerprint", "language"}
    assert is_genuine(replace(signed(WHO, SECRET), **dict.fromkeys(free, "x")), SECRET)


@given(words)
def test_token__typed_by_hand__is_no_proof(typed: str) -> None:
    assert not is_genuine(replace(WHO, token=typed), SECRET)


def test_token__of_another_key__is_no_proof() -> None:
    assert not is_genuine(signed(WHO, OTHER), SECRET)


def test_key__made_once__stays_and_is_its_owners_only(tmp_path: Path) -> None:
    assert read_key(tmp_path) is None
    assert create_key(tmp_path)
    made = read_key(tmp_path)
    assert made is not None
    assert len(made) == 32
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600
    assert not create_key(tmp_path)
    assert read_key(tmp_path) == made


def test_keys__of_two_rounds__differ(tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        create_key(tmp_path / name)
        made.append(read_key(tmp_path / name))
    assert made[0] != made[1]


@pytest.mark.parametrize("content", ["", "secret", "0" * 63, "é" * 64])
def test_key__that_is_none__is_named_with_what_to_do(tmp_path: Path, content: str) -> None:
    (tmp_path / KEY).write_text(content, encoding="utf-8")
    with pytest.raises(DeclarationError, match="this is not the key of a round. Put back the file"):
        read_key(tmp_path)

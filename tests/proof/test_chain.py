"""The chain of hashes, and the canonical form under it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shifan.proof.chain import GENESIS, Break, Link, link, link_hash, verify
from shifan.proof.digest import canonical, digest


def chain(*bodies: dict[str, object]) -> list[Link]:
    links, previous = [], GENESIS
    for number, body in enumerate(bodies, start=1):
        links.append(Link(number, body, previous, link_hash(number, body, previous)))
        previous = links[-1].hash
    return links


def test_empty_chain_holds():
    assert verify([]) == (0, GENESIS, None)


@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers()), min_size=1), st.data())
def test_any_removed_or_altered_link_is_found(bodies, data):
    links = chain(*bodies)
    at = data.draw(st.integers(0, len(links) - 1))
    altered = [*links]
    altered[at] = Link(links[at].number, {**links[at].body, "\x00": 1}, *_tail(links[at]))

    assert verify(links) == (len(links), links[-1].hash, None)
    assert verify(altered)[2] == Break(at + 1, "its content was changed")
    if at < len(links) - 1:
        assert verify(links[:at] + links[at + 1 :])[2] == Break(
            at + 1, f"entry {at + 1} is missing"
        )


def _tail(link: Link) -> tuple[str, str]:
    return link.previous, link.hash


def test_rewritten_tail_is_found_where_it_leaves_the_chain():
    links = chain({"a": 1}, {"b": 2}, {"c": 3})
    forged = Link(2, {"b": 9}, GENESIS, link_hash(2, {"b": 9}, GENESIS))

    assert verify([links[0], forged])[2] == Break(2, "does not follow the entry before it")


def test_canonical_form_has_one_spelling():
    moment = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)

    assert canonical({"b": Decimal("1.50"), "a": [moment, None, "中"]}) == (
        '{"a":["2026-01-02T03:04:00+00:00",null,"中"],"b":"1.50"}'.encode()
    )
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_float_has_no_canonical_form():
    with pytest.raises(TypeError):
        canonical({"a": 0.1})


def test_link_of_a_canonical_body_is_the_hash_of_the_link():
    body = {"at": "2026-01-01", "details": {"名": [1, None, "\u2028"], "a": '\\"'}, "actor": "x"}

    assert link(7, canonical(body), "ab" * 32) == link_hash(7, body, "ab" * 32)

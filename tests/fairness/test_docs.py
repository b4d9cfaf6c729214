"""The example on the page is what the code says."""

from __future__ import annotations

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-a-share-is-estimated.md"


def test_the_example_of_the_page_is_right():
    found = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert (found.failed, found.attempted) == (0, 7)

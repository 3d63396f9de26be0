"""Random programs: what converts without an error computes the same; ``differential.py`` runs more of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from differential import run
from sides import Sides

from diptych.equivalence.model import Framework

pytestmark = pytest.mark.frameworks
PROGRAMS = 250


@pytest.fixture(scope="module")
def sides() -> Iterator[Sides]:
    with Sides() as both:
        yield both


@pytest.mark.parametrize("target", list(Framework))
def test_nothing_is_silently_wrong(sides: Sides, target: Framework) -> None:
    tally = run(sides, target, iter(range(PROGRAMS)))
    assert not tally.findings
    assert tally.right > PROGRAMS / 2  # refusing everything would be no conversion

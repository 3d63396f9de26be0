"""The second look: records run at unusual arrays, and what goes wrong there becomes a limit."""

from __future__ import annotations

import pytest

from diptych.checking.prover import Prover
from diptych.checking.unusual import look, variations
from diptych.equivalence.compiler import read
from diptych.equivalence.index import read_index
from diptych.equivalence.limits import Facet, Limit, rows_of
from diptych.equivalence.model import Equivalence


def record(id: str) -> Equivalence:
    return next(record for record in read().records if record.id == id)


def test_arrays_of_other_dtypes_ranks_and_sizes_and_other_numbers_are_tried() -> None:
    words = {variation.word for variation, _ in variations(record("clamp"), calls=2)}
    assert {"all int64", "all bool", "no dimension", "no elements", "a dimension more", "not finite"} <= words
    assert "literal 0" in words
    assert "untyped" in words


def test_two_arrays_meet_in_every_pair_of_dtypes() -> None:
    words = {variation.word for variation, _ in variations(record("hypot"), calls=1)}
    assert {"float32 and int64", "int64 and float32", "float64 and bool"} <= words


@pytest.mark.frameworks
def test_what_goes_wrong_is_refused_once_it_is_a_limit() -> None:
    bits = record("bits-and")
    with Prover() as prover:
        prover.use(read_index(), limits=())
        ran, found = look(prover, bits, 1, writes=True)
        limits = {limit for finding in found for limit in finding.limits}
        assert ran > len(found) > 0
        assert Limit("bits-and", "mxnet np", "{self} & {other}", Facet.DTYPES, "bool int64") in limits
        prover.use(read_index(), limits=rows_of(limits))
        _, left = look(prover, bits, 1, writes=False)
    assert not [finding for finding in left if "untyped" not in finding.variation]

"""Random numbers that depend on what is drawn, not on what else was drawn before."""

from __future__ import annotations

import numpy
import pytest

from diptych.checking.traced.streams import Stream


@pytest.fixture(autouse=True)
def _keep_numpys_own_stream() -> object:
    state = numpy.random.get_state()
    yield
    numpy.random.set_state(state)


def test_a_draw_that_one_side_alone_makes_shifts_no_other() -> None:
    one, other = Stream(7), Stream(7)
    other.uniform(3)
    other.permutation(6)
    assert (one.normal(6) == other.normal(6)).all()


def test_draws_of_one_kind_follow_each_other_and_begin_anew_with_a_seed() -> None:
    stream = Stream(7)
    first, second = stream.normal(4), stream.normal(4)
    assert (first != second).all()
    stream.reseed(7)
    assert (stream.normal(4) == first).all()
    stream.reseed(8)
    assert (stream.normal(4) != first).all()


def test_numbers_are_those_of_float32() -> None:
    stream = Stream(0)
    for drawn in (stream.normal(100), stream.uniform(100)):
        assert (drawn == drawn.astype("float32")).all()
    assert stream.uniform(10_000).max() < 1


def test_weights_depend_on_shape_and_place_alone() -> None:
    assert (Stream(1).weights((4, 3), 2) == Stream(2).weights((4, 3), 2)).all()
    assert (Stream(1).weights((4, 3), 1) != Stream(1).weights((4, 3), 2)).all()
    assert abs(Stream(1).weights((400, 25), 0)).max() <= 0.2

from hypothesis import given
from hypothesis import strategies as st

from diptych.training.threads import candidates, pick


def test_one_thread_is_always_tried() -> None:
    assert candidates(1) == [1]
    assert candidates(2) == [1, 2]
    assert candidates(16) == [1, 8, 16]


def test_more_threads_must_be_worth_it() -> None:
    assert pick({1: 1.0, 2: 0.9}) == 1
    assert pick({1: 1.0, 2: 0.5}) == 2
    assert pick({1: 1.0, 2: 0.5, 4: 0.45}) == 2
    assert pick({1: 1.0, 2: 30.0}) == 1


def test_what_could_not_be_measured_gets_one() -> None:
    assert pick({}) == 1


@given(st.dictionaries(st.sampled_from([2, 4, 8]), st.floats(0.01, 100)))
def test_the_choice_is_never_slower_than_one_thread(costs: dict[int, float]) -> None:
    measured = {1: 1.0, **costs}
    assert measured[pick(measured)] <= 1.0

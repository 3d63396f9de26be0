import pytest
from hypothesis import given
from hypothesis import strategies as st

from diptych.equivalence.model import Framework
from diptych.training.comparison import compare
from diptych.training.model import Environment, Epoch, Parameters, Run, RunState


def finished(framework: Framework, *seconds: float, threads: int = 1, parallel: bool = False) -> Run:
    return Run(
        id=f"{framework.value}{seconds}",
        comparison="c",
        framework=framework,
        device="cpu",
        repeat=0,
        parameters=Parameters(),
        state=RunState.FINISHED,
        epochs=tuple(Epoch(index, 0.1, value) for index, value in enumerate(seconds)),
        environment=Environment(threads=threads, device="cpu"),
        parallel=parallel,
    )


TORCH, MXNET = Framework.PYTORCH, Framework.MXNET
durations = st.lists(st.floats(0.001, 1000), min_size=1, max_size=20)


def test_the_article() -> None:
    result = compare([finished(TORCH, 3.71, 4.05, 4.07, 3.70, 3.63), finished(MXNET, 1.59, 1.49, 1.46, 1.48, 1.75)])
    assert result.ratio == pytest.approx(3.71 / 1.49)
    assert result.within_noise is False
    assert "MXNet was 2.49 times as fast as PyTorch" in result.verdict


def test_the_epochs_of_all_repeats_count() -> None:
    result = compare([finished(TORCH, 1.0, 2.0), finished(TORCH, 9.0), finished(MXNET, 1.0)])
    torch = result.spreads[0]
    assert (torch.median, torch.low, torch.high, torch.count) == (2.0, 1.0, 9.0, 3)


def test_a_difference_within_the_noise_is_called_that() -> None:
    result = compare([finished(TORCH, 1.0, 2.0, 3.0, 4.0), finished(MXNET, 1.5, 2.5, 3.5, 4.5)])
    assert result.within_noise is True
    assert "within the noise" in result.verdict
    assert "times as fast" not in result.verdict


def test_one_epoch_each_cannot_tell() -> None:
    result = compare([finished(TORCH, 1.0), finished(MXNET, 2.0)])
    assert result.within_noise is None
    assert "can't tell that from noise" in result.verdict


def test_a_few_epochs_cannot_tell_however_far_apart() -> None:
    result = compare([finished(TORCH, 3.63, 5.78), finished(MXNET, 4.07, 4.09)])
    assert result.within_noise is None
    assert "can't tell that from noise" in result.verdict


def test_one_slow_epoch_of_few_is_noise_and_of_many_is_an_outlier() -> None:
    few = compare([finished(TORCH, 3.6, 3.6, 3.6, 5.8), finished(MXNET, 4.1, 4.1, 4.1, 4.1)])
    many = compare([finished(TORCH, *[3.6] * 9, 5.8), finished(MXNET, *[4.1] * 10)])
    assert few.within_noise is True
    assert many.within_noise is False


def test_one_side_alone_has_no_ratio() -> None:
    result = compare([finished(TORCH, 1.0, 1.1)])
    assert (result.ratio, result.within_noise) == (None, None)
    assert "PyTorch took 1.05 s an epoch" in result.verdict


def test_a_failed_run_is_named_and_not_measured() -> None:
    from msgspec.structs import replace

    broken = replace(finished(MXNET, 1.0), state=RunState.FAILED, reason="The loss became nan.")
    result = compare([finished(TORCH, 1.0), broken])
    assert result.ratio is None
    assert result.verdict.startswith("MXNet: failed (The loss became nan).")


def test_unequal_conditions_are_pointed_out() -> None:
    result = compare([finished(TORCH, 1.0, 1.0, threads=2), finished(MXNET, 2.0, 2.0, parallel=True)])
    assert "different thread counts" in result.verdict
    assert "competed for the cores" in result.verdict


def test_nothing_at_all() -> None:
    assert compare([]).verdict == "No epochs were measured."


@given(durations, durations)
def test_the_ratio_turns_round_with_the_sides(first: list[float], second: list[float]) -> None:
    one = compare([finished(TORCH, *first), finished(MXNET, *second)])
    other = compare([finished(MXNET, *first), finished(TORCH, *second)])
    assert one.ratio is not None
    assert other.ratio is not None
    assert one.ratio * other.ratio == pytest.approx(1)
    assert one.within_noise == other.within_noise


@given(durations, durations, st.floats(0.1, 10))
def test_the_clock_rate_does_not_matter(first: list[float], second: list[float], scale: float) -> None:
    one = compare([finished(TORCH, *first), finished(MXNET, *second)])
    other = compare([finished(TORCH, *(scale * s for s in first)), finished(MXNET, *(scale * s for s in second))])
    assert one.ratio == pytest.approx(other.ratio)


@given(durations)
def test_equal_measurements_are_never_called_different(seconds: list[float]) -> None:
    assert compare([finished(TORCH, *seconds), finished(MXNET, *seconds)]).within_noise in (True, None)


@given(durations, durations)
def test_spreads_enclose_their_median(first: list[float], second: list[float]) -> None:
    for spread in compare([finished(TORCH, *first), finished(MXNET, *second)]).spreads:
        assert spread.low <= spread.median <= spread.high

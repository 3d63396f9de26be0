"""The recorder by itself: what counts as an epoch, what is published, and when."""

from __future__ import annotations

import sys
import time
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from diptych.training.observers.imports import AfterImport
from diptych.training.observers.loaders import observe_loader
from diptych.training.observers.recorder import Recorder, TrainingStopped

Published = list[dict[str, Any]]


class Loader:
    """Three batches; a class of its own for each test, because observing changes it."""

    def __init__(self, batches: int = 3) -> None:
        self.batches = batches

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.batches))

    def __len__(self) -> int:
        return self.batches


@pytest.fixture
def published() -> Published:
    return []


@pytest.fixture
def recorder(published: Published) -> Recorder:
    recorder = Recorder(published.append, lambda: 2)
    recorder.start()
    return recorder


@pytest.fixture
def loader(recorder: Recorder) -> type[Loader]:
    own = type("OwnLoader", (Loader,), {})
    observe_loader(own, recorder)
    return own


def of_type(published: Published, kind: str) -> Published:
    return [event for event in published if event["type"] == kind]


def wait_until(true: Callable[[], bool]) -> None:
    """Give the emitter's thread its time, on a busy machine too."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def step(recorder: Recorder, loss: float = 1.0) -> None:
    recorder.step(loss, lambda: {"device": "cpu"})


def test_an_epoch_is_a_pass_with_backward(recorder: Recorder, loader: type[Loader], published: Published) -> None:
    for _ in range(2):
        for batch in loader():
            step(recorder, float(batch))
        for _ in loader():
            pass  # evaluation
    recorder.finish(completed=True)
    assert [event["epoch"]["epoch"] for event in of_type(published, "epoch")] == [0, 1]
    assert [event["epoch"]["avg_loss"] for event in of_type(published, "epoch")] == [1.0, 1.0]


def test_evaluation_within_an_epoch_belongs_to_nothing(
    recorder: Recorder, loader: type[Loader], published: Published
) -> None:
    for _ in loader():
        for _ in loader(5):
            pass
        step(recorder)
    recorder.finish(completed=True)
    assert len(of_type(published, "epoch")) == 1
    assert of_type(published, "progress")[-1]["step"] == 3


def test_a_loop_left_early_is_an_epoch(recorder: Recorder, loader: type[Loader], published: Published) -> None:
    for _ in range(2):
        for batch in loader():
            step(recorder)
            if batch == 1:
                break
    wait_until(lambda: len(of_type(published, "epoch")) == 2)  # at once, not at the script's end
    recorder.finish(completed=True)


def test_a_script_that_stopped_half_way_has_no_last_epoch(
    recorder: Recorder, loader: type[Loader], published: Published
) -> None:
    iterator = iter(loader())
    next(iterator)
    step(recorder)
    recorder.finish(completed=False)
    assert of_type(published, "epoch") == []
    assert of_type(published, "progress")[0]["losses"] == [1.0]


def test_steps_without_a_loader_are_seen_but_make_no_epoch(recorder: Recorder, published: Published) -> None:
    step(recorder)
    recorder.finish(completed=True)
    assert (recorder.saw_steps, recorder.saw_epochs) == (True, False)
    assert of_type(published, "progress")[0]["steps_per_epoch"] is None


def test_values_are_read_in_order_and_only_when_they_are_there(
    recorder: Recorder, loader: type[Loader], published: Published
) -> None:
    there = False
    waited: list[bool] = []

    def late(wait: bool) -> float | None:
        waited.append(wait)
        return 5.0 if there or wait else None

    for batch in loader():
        recorder.step(late if batch == 0 else float(batch), dict)
    time.sleep(0.5)
    assert of_type(published, "progress") == []
    assert True not in waited
    there = True
    recorder.finish(completed=True)
    assert [loss for event in of_type(published, "progress") for loss in event["losses"]] == [5.0, 1.0, 2.0]


def test_many_steps_make_few_events_of_few_points(
    recorder: Recorder, loader: type[Loader], published: Published
) -> None:
    for index, _ in enumerate(loader(10_000)):
        step(recorder, float(index))
    recorder.finish(completed=True)
    progress = of_type(published, "progress")
    assert len(progress) < 50
    assert max(len(event["steps"]) for event in progress) <= 200
    assert progress[-1]["steps"][-1] == 9999
    assert of_type(published, "epoch")[0]["epoch"]["avg_loss"] == pytest.approx(4999.5)  # of all steps, not of points


def test_the_time_left_counts_all_epochs(recorder: Recorder, loader: type[Loader], published: Published) -> None:
    for _ in range(2):
        for _ in loader():
            time.sleep(0.01)
            step(recorder)
    recorder.finish(completed=True)
    assert of_type(published, "progress")[-1]["remaining"] == 0.0
    assert [event["type"] for event in published][:2] == ["state", "environment"]


def test_the_time_left_at_the_end_of_an_epoch_is_that_of_the_epochs_to_come(
    recorder: Recorder, loader: type[Loader], published: Published
) -> None:
    for _ in range(2):
        for _ in loader():
            time.sleep(0.01)
            step(recorder)
    recorder.finish(completed=True)
    (last,) = [event for event in of_type(published, "progress") if (event["epoch"], event["step"]) == (0, 3)]
    assert last["remaining"] == pytest.approx(last["seconds"][-1])  # the second epoch takes as long as the first took


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_a_loss_that_is_no_number_stops_the_script(recorder: Recorder, loader: type[Loader], bad: float) -> None:
    iterator = iter(loader())
    next(iterator)
    step(recorder)
    with pytest.raises(TrainingStopped, match="step 1 of epoch 0"):
        step(recorder, bad)
    recorder.finish(completed=False)


def test_a_loss_read_late_stops_the_next_step(recorder: Recorder) -> None:
    recorder.step(lambda wait: float("nan"), dict)
    wait_until(lambda: bool(recorder.failure))
    with pytest.raises(TrainingStopped):
        step(recorder)
    recorder.finish(completed=False)


def test_an_asynchronous_error_is_the_failure(recorder: Recorder) -> None:
    def broken(wait: bool) -> float:
        raise RuntimeError("out of memory")

    recorder.step(broken, dict)
    recorder.finish(completed=True)
    assert recorder.failure == "RuntimeError: out of memory"


def test_the_observed_iterator_is_still_the_loaders_own(loader: type[Loader]) -> None:
    iterator = iter(loader())
    assert iter(iterator) is iterator
    assert iterator.__length_hint__() == 3  # an attribute of the list's iterator


def test_a_package_is_observed_the_moment_it_is_imported(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "observed_package.py").write_text("value = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    seen: list[types.ModuleType] = []
    watch = AfterImport({"observed_package": seen.append, "sys": seen.append, "never_imported": seen.append})
    watch.install()
    assert seen == [sys]
    import observed_package  # type: ignore[import-not-found]  # made above

    watch.uninstall()
    assert seen == [sys, observed_package]
    assert type(observed_package.__loader__).__name__ == "SourceFileLoader"
    assert watch not in sys.meta_path

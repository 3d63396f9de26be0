"""Runs put into the database by hand, as another server of the same user would."""

from __future__ import annotations

import time

from diptych.equivalence.model import Framework
from diptych.training.model import (
    Epoch,
    EpochEvent,
    Event,
    Parameters,
    ProgressEvent,
    ResultEvent,
    Run,
    RunState,
    Script,
    StateEvent,
)
from diptych.training.store import RunStore


def add_run(store: RunStore, name: str, framework: Framework = Framework.PYTORCH, comparison: str = "c1") -> Run:
    """A queued run, kept by this process."""
    run = Run(name, comparison, framework, "cpu", 0, Parameters(epochs=1), created=time.time(), total_epochs=1)
    store.create([(run, Script("epochs = 1\n"))])
    return run


def story(seconds: float = 2.0) -> list[Event]:
    """What a run of one epoch tells."""
    return [
        StateEvent(0, 1.0, RunState.STARTING),
        StateEvent(0, 2.0, RunState.RUNNING),
        ProgressEvent(0, 3.0, 0, 10, 469, (9,), (1.5,), (0.1,), 4.0),
        EpochEvent(0, 4.0, Epoch(0, 0.3251, seconds)),
        ResultEvent(0, 5.0, 0.97),
        StateEvent(0, 6.0, RunState.FINISHED),
    ]

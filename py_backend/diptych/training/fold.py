"""A run is the fold of its events."""

from __future__ import annotations

from msgspec.structs import replace

from diptych.training.model import EnvironmentEvent, EpochEvent, Event, ResultEvent, Run, RunState, StateEvent


def apply(run: Run, event: Event) -> Run:
    """The run after the event."""
    run = replace(run, sequence=event.sequence)
    if isinstance(event, StateEvent):
        started = event.time if event.state is RunState.STARTING else run.started
        ended = event.time if event.state.final else None
        return replace(run, state=event.state, reason=event.reason, started=started, ended=ended)
    if isinstance(event, EnvironmentEvent):
        return replace(run, environment=event.environment)
    if isinstance(event, EpochEvent):
        return replace(run, epochs=(*run.epochs, event.epoch))
    if isinstance(event, ResultEvent):
        return replace(run, test_accuracy=event.test_accuracy)
    return run

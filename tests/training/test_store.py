import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diptych.equivalence.model import Framework
from diptych.training.database import data_directory
from diptych.training.errors import RunIsActive, StoreUnavailable, UnknownRun
from diptych.training.model import (
    Epoch,
    EpochEvent,
    Event,
    OutputEvent,
    Parameters,
    ResultEvent,
    Run,
    RunState,
    Script,
    StateEvent,
)
from diptych.training.owner import Owner
from diptych.training.store import FILE, RunStore

numbers = st.floats(allow_nan=False, allow_infinity=False)
events = st.one_of(
    st.builds(OutputEvent, st.just(0), numbers, st.sampled_from(["stdout", "stderr"]), st.text()),
    st.builds(EpochEvent, st.just(0), numbers, st.builds(Epoch, st.integers(0, 99), numbers, numbers)),
    st.builds(ResultEvent, st.just(0), numbers, st.none() | numbers),
    st.builds(StateEvent, st.just(0), numbers, st.sampled_from([RunState.STARTING, RunState.RUNNING]), st.text()),
)


def new_run(run_id: str, comparison: str = "c") -> Run:
    return Run(run_id, comparison, Framework.PYTORCH, "cpu", 0, Parameters(), created=time.time())


def add(store: RunStore, run_id: str) -> None:
    store.create([(new_run(run_id), Script("print(1)"))])


def state(state: RunState, reason: str = "") -> StateEvent:
    return StateEvent(0, time.time(), state, reason)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(events, max_size=4), max_size=5), st.integers(0, 25))
def test_replay_from_any_number_is_the_rest(store: RunStore, batches: list[list[Event]], since: int) -> None:
    run_id = str(time.time_ns())
    add(store, run_id)
    for batch in batches:
        store.append(run_id, batch)
    run, everything = store.read(run_id)
    assert [event.sequence for event in everything] == list(range(1, sum(map(len, batches)) + 1))
    assert store.read(run_id, since)[1] == everything[since:]
    assert run.sequence == len(everything)
    assert run.epochs == tuple(event.epoch for event in everything if isinstance(event, EpochEvent))


def test_nothing_follows_the_end(store: RunStore) -> None:
    add(store, "a")
    run = store.append("a", [state(RunState.STARTING), state(RunState.FAILED, "why"), state(RunState.RUNNING)])
    assert (run.state, run.reason, run.sequence) == (RunState.FAILED, "why", 2)
    assert store.append("a", [state(RunState.FINISHED)]) == run


def test_runs_are_listed_newest_first_and_by_page(store: RunStore) -> None:
    for name in "abc":
        add(store, name)
    page, total = store.runs(2, 0)
    assert ([run.id for run in page], total) == (["c", "b"], 3)
    assert [run.id for run in store.runs(2, 2)[0]] == ["a"]
    assert [run.id for run in store.comparison("c")] == ["a", "b", "c"]


def test_a_run_outlives_its_store(store: RunStore) -> None:
    add(store, "a")
    store.append("a", [state(RunState.FINISHED)])
    store.close()
    again = RunStore()
    assert again.run("a").state is RunState.FINISHED
    assert again.script("a") == Script("print(1)")


def test_deleting_takes_the_events_along(store: RunStore) -> None:
    add(store, "a")
    with pytest.raises(RunIsActive):
        store.delete("a")
    store.append("a", [state(RunState.FINISHED)])
    store.delete("a")
    for gone in (lambda: store.run("a"), lambda: store.read("a"), lambda: store.delete("a"), lambda: store.script("a")):
        with pytest.raises(UnknownRun):
            gone()
    assert sqlite3.connect(data_directory() / FILE).execute("SELECT count(*) FROM events").fetchone() == (0,)


def test_creating_is_all_or_nothing(store: RunStore) -> None:
    with pytest.raises(StoreUnavailable):
        store.create([(new_run("a"), Script("")), (new_run("a"), Script(""))])
    assert store.runs(10, 0) == ((), 0)


def test_only_runs_of_dead_owners_are_interrupted(store: RunStore) -> None:
    code = """
import sys, time
from diptych.training.model import *
from diptych.training.store import RunStore
from diptych.equivalence.model import Framework
RunStore().create([(Run(sys.argv[1], "c", Framework.PYTORCH, "cpu", 0, Parameters()), Script(""))])
print("created", flush=True)
time.sleep(60)
"""
    owners = {}
    for name in ("living", "dead"):
        owners[name] = subprocess.Popen([sys.executable, "-c", code, name], stdout=subprocess.PIPE)
        stdout = owners[name].stdout
        assert stdout is not None
        assert stdout.readline() == b"created\n"
    add(store, "mine")
    try:
        assert store.interrupt_ownerless() == ()
        owners["dead"].kill()
        owners["dead"].wait()
        assert store.interrupt_ownerless() == ("dead",)
        assert store.run("dead").state is RunState.INTERRUPTED
        assert "server" in store.run("dead").reason
        assert store.run("living").state is store.run("mine").state is RunState.QUEUED
        assert [owner.process for owner in store.others_at_work()] == [owners["living"].pid]
    finally:
        for owner in owners.values():
            owner.kill()
            owner.communicate()


def test_a_later_process_of_the_same_number_is_not_the_owner() -> None:
    me = Owner.current()
    assert me.alive(time.time(), time.time())
    assert not Owner(me.host, me.process, me.started - 100).alive(time.time(), time.time())


def test_of_an_owner_elsewhere_only_the_heartbeat_is_known() -> None:
    elsewhere = Owner("another-machine", 1, 0.0)
    assert elsewhere.alive(heartbeat=1000.0, now=1010.0)
    assert not elsewhere.alive(heartbeat=1000.0, now=2000.0)


def test_word_to_cancel_is_left_for_the_owner(store: RunStore) -> None:
    add(store, "a")
    assert store.asked_to_cancel() == frozenset()
    store.ask_to_cancel("a")
    assert store.asked_to_cancel() == {"a"}
    store.append("a", [state(RunState.CANCELLED)])
    assert store.asked_to_cancel() == frozenset()


def test_a_damaged_database_is_told_from_a_missing_one(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreUnavailable, match="damaged"):
        RunStore(tmp_path)


def test_a_newer_database_is_left_alone(store: RunStore) -> None:
    sqlite3.connect(data_directory() / FILE).execute("PRAGMA user_version = 99")
    with pytest.raises(StoreUnavailable, match="newer"):
        RunStore()


def test_a_full_disk_loses_no_event_that_was_written(store: RunStore) -> None:
    """Fault injected: the database may not grow any more."""
    add(store, "a")
    store.append("a", [state(RunState.STARTING)])
    connection = store._database._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailable, match="Free some space"):
        store.append("a", [OutputEvent(0, 0.0, "stdout", "x" * 100_000)])
    assert store.run("a").sequence == 1
    connection.execute("PRAGMA max_page_count = 1000000")
    assert store.append("a", [OutputEvent(0, 0.0, "stdout", "x" * 100_000)]).sequence == 2

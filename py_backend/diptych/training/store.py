"""Runs and their events, kept across restarts and shared by several servers."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from diptych.training.database import Database, data_directory
from diptych.training.errors import RunIsActive, UnknownRun
from diptych.training.fold import apply
from diptych.training.model import Event, Run, RunState, Script, StateEvent
from diptych.training.owner import Owner

FILE = "runs.sqlite3"
OWNER_DIED = "The server that looked after this run has ended."

_encode = msgspec.json.Encoder().encode
_run = msgspec.json.Decoder(Run).decode
_event: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_owner = msgspec.json.Decoder(Owner).decode


class RunStore:
    """All methods block for a moment, can be called from any thread, and raise ``StoreUnavailable`` if the database
    can't be read or written; nothing is half written then."""

    def __init__(self, directory: Path | None = None) -> None:
        """Open, or make, the database in ``directory`` (by default ``data_directory()``)."""
        self._database = Database((directory or data_directory()) / FILE)
        self._me = Owner.current()

    def create(self, runs: Iterable[tuple[Run, Script]]) -> None:
        """Add new runs of this process, all or none."""
        rows = [
            (run.id, run.comparison, run.state.final, _encode(run), _encode(script), _encode(self._me), time.time())
            for run, script in runs
        ]
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT INTO runs (id, comparison, final, run, script, owner, heartbeat) VALUES (?, ?, ?, ?, ?, ?, ?)",
                rows,
            )

    def append(self, run_id: str, events: Sequence[Event]) -> Run:
        """Number the events, keep them, and answer with the run they lead to. What comes after a run's end is left
        out. Raises ``UnknownRun``."""
        with self._database.transaction() as connection:
            return _append(connection, run_id, events)

    def run(self, run_id: str) -> Run:
        """Raises ``UnknownRun``."""
        with self._database.snapshot() as connection:
            return _read(connection, run_id)

    def script(self, run_id: str) -> Script:
        """The code that the run ran. Raises ``UnknownRun``."""
        with self._database.snapshot() as connection:
            row = connection.execute("SELECT script FROM runs WHERE id = ?", (run_id,)).fetchone()
        if row is None:
            raise UnknownRun(run_id)
        return msgspec.json.decode(row[0], type=Script)

    def runs(self, limit: int, offset: int) -> tuple[tuple[Run, ...], int]:
        """A page of the runs, newest first, and how many there are."""
        with self._database.snapshot() as connection:
            total = connection.execute("SELECT count(*) FROM runs").fetchone()[0]
            rows = connection.execute("SELECT run FROM runs ORDER BY number DESC LIMIT ? OFFSET ?", (limit, offset))
            return tuple(_run(row[0]) for row in rows), total

    def comparison(self, comparison_id: str) -> tuple[Run, ...]:
        """The runs that were started together, in that order; none if there are none."""
        with self._database.snapshot() as connection:
            rows = connection.execute("SELECT run FROM runs WHERE comparison = ? ORDER BY number", (comparison_id,))
            return tuple(_run(row[0]) for row in rows)

    def read(self, run_id: str, since: int = 0) -> tuple[Run, tuple[Event, ...]]:
        """The run and its events with a sequence number above ``since``, of one moment. Raises ``UnknownRun``."""
        with self._database.snapshot() as connection:
            run = _read(connection, run_id)
            rows = connection.execute(
                "SELECT event FROM events WHERE run = ? AND sequence > ? ORDER BY sequence", (run_id, since)
            )
            return run, tuple(_event.decode(row[0]) for row in rows)

    def delete(self, run_id: str) -> None:
        """Raises ``UnknownRun``, or ``RunIsActive`` before its end."""
        with self._database.transaction() as connection:
            if not _read(connection, run_id).state.final:
                raise RunIsActive(run_id)
            connection.execute("DELETE FROM runs WHERE id = ?", (run_id,))

    def beat(self) -> None:
        """Tell that this process is alive and looks after its runs."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE runs SET heartbeat = ? WHERE final = 0 AND owner = ?", (time.time(), _encode(self._me))
            )

    def ask_to_cancel(self, run_id: str) -> None:
        """Leave word for the run's owner, which may be another process."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE runs SET cancel = 1 WHERE id = ? AND final = 0", (run_id,))

    def asked_to_cancel(self) -> frozenset[str]:
        """The runs of this process that were asked to stop and have not ended."""
        with self._database.snapshot() as connection:
            rows = connection.execute(
                "SELECT id FROM runs WHERE final = 0 AND cancel = 1 AND owner = ?", (_encode(self._me),)
            )
            return frozenset(row[0] for row in rows)

    def others_at_work(self) -> tuple[Owner, ...]:
        """The other processes that have runs which have not ended."""
        with self._database.snapshot() as connection:
            rows = connection.execute(
                "SELECT DISTINCT owner FROM runs WHERE final = 0 AND owner != ?", (_encode(self._me),)
            )
            return tuple(_owner(row[0]) for row in rows)

    def interrupt_ownerless(self) -> tuple[str, ...]:
        """Mark the runs whose owner has died as interrupted; answers with their ids."""
        now = time.time()
        dead = [run_id for run_id, owner, heartbeat in self._foreign() if not owner.alive(heartbeat, now)]
        for run_id in dead:
            event = StateEvent(sequence=0, time=now, state=RunState.INTERRUPTED, reason=OWNER_DIED)
            self.append(run_id, [event])
        return tuple(dead)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _foreign(self) -> list[tuple[str, Owner, float]]:
        with self._database.snapshot() as connection:
            rows = connection.execute(
                "SELECT id, owner, heartbeat FROM runs WHERE final = 0 AND owner != ?", (_encode(self._me),)
            )
            return [(row[0], _owner(row[1]), row[2]) for row in rows]


def _read(connection: sqlite3.Connection, run_id: str) -> Run:
    row = connection.execute("SELECT run FROM runs WHERE id = ?", (run_id,)).fetchone()
    if row is None:
        raise UnknownRun(run_id)
    return _run(row[0])


def _append(connection: sqlite3.Connection, run_id: str, events: Sequence[Event]) -> Run:
    run = _read(connection, run_id)
    rows = []
    for event in events:
        if run.state.final:
            break
        numbered = replace(event, sequence=run.sequence + 1)
        rows.append((run_id, numbered.sequence, _encode(numbered)))
        run = apply(run, numbered)
    connection.executemany("INSERT INTO events (run, sequence, event) VALUES (?, ?, ?)", rows)
    connection.execute("UPDATE runs SET run = ?, final = ? WHERE id = ?", (_encode(run), run.state.final, run_id))
    return run

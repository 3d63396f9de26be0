"""The SQLite database that several servers share: opening it, and saying plainly what is wrong with it."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from diptych.training.errors import StoreUnavailable

VERSION = 1
PATIENCE = 5.0  # seconds to wait for another process's transaction

_SCHEMA = """
CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    comparison TEXT NOT NULL,
    final INTEGER NOT NULL,
    run BLOB NOT NULL,
    script BLOB NOT NULL,
    owner BLOB NOT NULL,
    heartbeat REAL NOT NULL,
    cancel INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX runs_of_comparison ON runs (comparison);
CREATE INDEX active_runs ON runs (final) WHERE final = 0;
CREATE TABLE events (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    event BLOB NOT NULL,
    PRIMARY KEY (run, sequence)
) WITHOUT ROWID;
"""


def data_directory() -> Path:
    """Where runs are kept: ``DIPTYCH_DATA_DIR``, or the user's data directory."""
    return Path(os.environ.get("DIPTYCH_DATA_DIR") or platformdirs.user_data_dir("diptych", appauthor=False))


class Database:
    """One connection, used by one thread at a time; every error of SQLite becomes ``StoreUnavailable``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, PATIENCE, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._prepare()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction that writes: whole or not at all."""
        with self._lock, self._explained():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A transaction that reads one state of the database."""
        with self._lock, self._explained():
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection; nothing can be done with it any more."""
        with self._lock:
            self._connection.close()

    def _prepare(self) -> None:
        with self.transaction() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise StoreUnavailable(
                    f"The runs in {self.path} were written by a newer Diptych. Update this one, "
                    "or set DIPTYCH_DATA_DIR to another directory."
                )
            if version == 0:
                for statement in _SCHEMA.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailable(_explain(error, self.path)) from error


def _explain(error: Exception, path: Path) -> str:
    message = str(error)
    if "full" in message:
        advice = "Free some space on its disk; what was measured meanwhile is kept and written then."
    elif "locked" in message:
        advice = "Another program holds it locked; close that program, or wait until it is done."
    elif "readonly" in message or isinstance(error, PermissionError) or "unable to open" in message:
        advice = "Give yourself the right to write there, or set DIPTYCH_DATA_DIR to another directory."
    elif "malformed" in message or "not a database" in message:
        advice = "It is damaged: move it away, and a new one is made."
    else:
        advice = "Set DIPTYCH_DATA_DIR to another directory if this stays so."
    return f"The runs in {path} can't be read or written ({message}). {advice}"

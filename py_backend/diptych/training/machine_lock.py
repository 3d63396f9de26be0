"""One lock for the machine: two timed runs at once would measure each other."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

NAME = "diptych-timed-run.lock"


def default_path() -> Path:
    """``DIPTYCH_LOCK_FILE``, or one file in the machine's directory for temporary files, whoever the user is."""
    return Path(os.environ.get("DIPTYCH_LOCK_FILE") or Path(tempfile.gettempdir()) / NAME)


class MachineLock:
    """Held by at most one process of the machine; the system lets go of it when the process dies."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or default_path()
        self._file: int | None = None

    def acquire(self) -> bool:
        """Take the lock if it is free; False if another holds it. Never waits."""
        file = _open(self._path)
        if not _lock(file):
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Let go; does nothing if the lock is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _open(path: Path) -> int:
    """Open without creating first: in a shared directory Linux lets only a file's owner open it with O_CREAT."""
    with contextlib.suppress(FileNotFoundError):
        return os.open(path, os.O_RDONLY)
    file = os.open(path, os.O_RDONLY | os.O_CREAT, 0o666)
    with contextlib.suppress(PermissionError):
        os.chmod(path, 0o666)  # the umask took others' right to open it
    return file


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

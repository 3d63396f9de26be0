"""What a directory holds: files to convert, files to copy, links, and what is left out."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from diptych.folders.model import Kind

REPORT = "diptych-report"
STATE = "state.jsonl"
_VERSION_CONTROL = frozenset({".git", ".hg", ".svn", ".bzr"})
_CACHES = frozenset(
    {
        "__pycache__",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".hypothesis",
        ".tox",
        ".nox",
        ".eggs",
    }
)
_ENVIRONMENT = ("pyvenv.cfg", "conda-meta")


class Reason(str, Enum):
    """Why something is neither converted nor copied."""

    VERSION_CONTROL = "version-control"
    CACHE = "cache"
    ENVIRONMENT = "virtual-environment"
    REPORT = "earlier-report"
    SPECIAL = "special-file"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Entry:
    """A file or link. ``path`` is relative to the directory, with the system's own characters; ``target`` is where a
    link points."""

    path: str
    kind: Kind
    target: str = ""

    @property
    def shown(self) -> str:
        """The path as text that any encoding of Unicode can hold."""
        return shown(self.path)


@dataclass(frozen=True)
class Skipped:
    """What is neither converted nor copied. ``detail`` is what the system said."""

    path: str
    reason: Reason
    detail: str = ""


@dataclass(frozen=True)
class Survey:
    """All that is below a directory, sorted by path. ``folders`` are the directories, the outer first."""

    root: Path
    entries: tuple[Entry, ...]
    folders: tuple[str, ...]
    skipped: tuple[Skipped, ...]


def shown(path: str) -> str:
    """A path with slashes; bytes that are no UTF-8 as ``\\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace").replace(os.sep, "/")


def survey(root: Path) -> Survey:
    """Goes over a directory without following links."""
    entries: list[Entry] = []
    folders: list[str] = []
    skipped: list[Skipped] = []
    for found in _walk(root, ""):
        if isinstance(found, Entry):
            entries.append(found)
        elif isinstance(found, Skipped):
            skipped.append(found)
        else:
            folders.append(found)
    return Survey(root, tuple(sorted(entries, key=lambda entry: entry.path)), tuple(folders), tuple(skipped))


def _walk(root: Path, below: str) -> Iterator[Entry | Skipped | str]:
    try:
        with os.scandir(root / below) as items:
            found = sorted(items, key=lambda item: item.name)
    except OSError as error:
        yield Skipped(shown(below or "."), Reason.UNREADABLE, error.strerror or str(error))
        return
    for item in found:
        path = os.path.join(below, item.name)
        if item.is_symlink():
            yield Entry(path, Kind.LINK, os.readlink(item.path))
        elif item.is_dir(follow_symlinks=False):
            reason = _left_out(item)
            if reason is not None:
                yield Skipped(shown(path), reason)
            else:
                yield path
                yield from _walk(root, path)
        else:
            mode = item.stat(follow_symlinks=False).st_mode
            if stat.S_ISREG(mode):
                yield Entry(path, _kind(item.name))
            else:
                yield Skipped(shown(path), Reason.SPECIAL)


def _left_out(item: os.DirEntry[str]) -> Reason | None:
    """Why a directory is not gone into; None where it is."""
    if item.name in _VERSION_CONTROL:
        return Reason.VERSION_CONTROL
    if item.name in _CACHES:
        return Reason.CACHE
    if any(os.path.lexists(os.path.join(item.path, name)) for name in _ENVIRONMENT):
        return Reason.ENVIRONMENT
    if item.name == REPORT and os.path.lexists(os.path.join(item.path, STATE)):
        return Reason.REPORT
    return None


def _kind(name: str) -> Kind:
    suffix = os.path.splitext(name)[1].lower()
    return {".py": Kind.PYTHON, ".pyw": Kind.PYTHON, ".ipynb": Kind.NOTEBOOK}.get(suffix, Kind.OTHER)

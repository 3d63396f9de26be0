"""Writing into OUT: whole files or none, never through a link, never into the source."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from pathlib import Path

from diptych.folders.model import WrongFolder
from diptych.folders.survey import REPORT, STATE, Entry

_PART = ".diptych-part"


class Destination:
    """The directory OUT. Errors of the system are ``OSError``."""

    def __init__(self, source: Path, out: Path) -> None:
        """Raises ``WrongFolder`` where OUT can't be used for SRC."""
        self.source = source.resolve()
        self.root = out.resolve()
        self.report = self.root / REPORT
        self.state = self.report / STATE
        _check(self.source, self.root, out, self.state)

    def place(self, path: str) -> Path:
        """Where a file of the source goes. Raises ``OSError`` where a link, or a file, stands in the way."""
        parent = self.root
        for part in Path(path).parent.parts:
            parent = parent / part
            if parent.is_symlink():
                raise OSError(f"{parent} is a link, through which nothing is written; remove it")
        parent.mkdir(parents=True, exist_ok=True)
        return self.root / path

    def write(self, path: str, data: bytes, like: Path | None = None) -> None:
        """Puts a file in place, with the permissions of ``like``."""
        target = self.place(path)
        part = target.with_name(f".{target.name[:200]}{_PART}")
        try:
            part.write_bytes(data)
            if like is not None:
                shutil.copymode(like, part)
            _replace(part, target)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink()
            raise

    def copy(self, path: str) -> None:
        """Copies a file of the source, with permissions and times."""
        target = self.place(path)
        part = target.with_name(f".{target.name[:200]}{_PART}")
        try:
            shutil.copy2(self.source / path, part)
            _replace(part, target)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink()
            raise

    def link(self, entry: Entry) -> None:
        """Makes the link anew: to the copy where it points inside the source, else to the very same place."""
        target = self.place(entry.path)
        points = self._points(entry)
        if target.is_symlink():
            if os.readlink(target) == points:
                return
            target.unlink()
        target.symlink_to(points)

    def leaves(self, entry: Entry) -> bool:
        """Whether a link of the source points out of it."""
        return not _inside(self._aim(entry), self.source)

    def _aim(self, entry: Entry) -> Path:
        return Path(os.path.normpath((self.source / entry.path).parent / entry.target))

    def _points(self, entry: Entry) -> str:
        aim = self._aim(entry)
        if _inside(aim, self.source):
            return os.path.relpath(self.source / aim, (self.source / entry.path).parent)
        return str(aim)

    def permissions(self, folders: tuple[str, ...]) -> None:
        """Gives directories the source's permissions, the inner first, as one may take the right to write away."""
        for folder in sorted(folders, key=len, reverse=True):
            target = self.root / folder
            if not target.is_symlink():
                target.mkdir(parents=True, exist_ok=True)
                shutil.copymode(self.source / folder, target)

    def writable(self, folders: tuple[str, ...]) -> None:
        """Gives the right to write back to directories of an earlier run."""
        for folder in folders:
            target = self.root / folder
            if target.is_dir() and not target.is_symlink():
                target.chmod(stat.S_IMODE(target.stat().st_mode) | stat.S_IRWXU)


def _replace(part: Path, target: Path) -> None:
    if target.is_dir() and not target.is_symlink():
        raise OSError(f"{target} is a directory")
    os.replace(part, target)  # a link that stands there is replaced, not followed


def _inside(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _check(source: Path, root: Path, out: Path, state: Path) -> None:
    if not source.is_dir():
        raise WrongFolder(f"{source} is no directory.")
    if _inside(root, source):
        raise WrongFolder(f"{out} is inside the source, which is never written to; choose a directory outside of it.")
    if _inside(source, root):
        raise WrongFolder(f"The source is inside {out}: results could be written over it; choose another directory.")
    if out.exists() and not out.is_dir():
        raise WrongFolder(f"{out} is no directory.")
    if root.is_dir() and not state.is_file() and any(root.iterdir()):
        raise WrongFolder(
            f"{out} is not empty and was not written by `diptych convert`; choose a new directory, or empty it."
        )

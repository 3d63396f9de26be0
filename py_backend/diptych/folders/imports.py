"""Which files of a directory import each other. Types are not followed from one to another: the report says where."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from diptych.folders.journal import Study

_FRAMEWORKS = ("torch", "torchvision", "mxnet")


class Imports:
    """The modules of a directory, by the names that they can be imported by."""

    def __init__(self, studies: Iterable[Study]) -> None:
        self._studies = {study.path: study for study in studies}
        self._by_parts = {_parts(path): path for path in self._studies if path.endswith(".py")}

    def of(self, study: Study) -> tuple[str, ...]:
        """The directory's files that a file imports, by relative names or from beside it, or from the top."""
        found: dict[str, None] = {}
        folder = PurePosixPath(study.path).parent.parts
        for name in study.imports:
            level = len(name) - len(name.lstrip("."))
            parts = tuple(part for part in name.lstrip(".").split(".") if part)
            places = [folder[: len(folder) - level + 1]] if level else [folder[:depth] for depth in _depths(folder)]
            for place in places:
                path = self._by_parts.get((*place, *parts))
                if path is not None and path != study.path:
                    found[path] = None
                    break
        return tuple(found)

    def frameworks_behind(self, study: Study) -> tuple[str, ...]:
        """Those of them that use a framework."""
        return tuple(path for path in self.of(study) if self._studies[path].framework)

    def shadows(self) -> tuple[str, ...]:
        """Files that take the name of a framework: its imports may mean them."""
        return tuple(
            path for parts, path in sorted(self._by_parts.items()) if len(parts) == 1 and parts[0] in _FRAMEWORKS
        )


def _parts(path: str) -> tuple[str, ...]:
    parts = PurePosixPath(path).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def _depths(folder: tuple[str, ...]) -> range:
    """Beside the file first, then further up: any of them may be on Python's path."""
    return range(len(folder), -1, -1)

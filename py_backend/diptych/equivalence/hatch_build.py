"""The build hook that puts the compiled index into wheels (and into a checkout that is installed editable)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class IndexHook(BuildHookInterface[Any]):
    """Compiles the records before the wheel is put together; a record that does not fit the schema ends the build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write ``index.json`` and name it, since git ignores it."""
        sources = Path(self.root) / "py_backend"
        sys.path.insert(0, str(sources))
        try:
            from diptych.equivalence.index import INDEX, write_index  # noqa: PLC0415  # found on the path just set
        finally:
            sys.path.remove(str(sources))
        write_index()
        build_data["artifacts"].append(f"/{INDEX.relative_to(self.root).as_posix()}")

"""Doing something the moment a package has been imported, so that the script itself decides when that is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Installed = Callable[[Any], None]


class AfterImport:
    """A meta-path finder that finds nothing itself: it lets the others find, and acts when their loader is done."""

    def __init__(self, actions: dict[str, Installed]) -> None:
        self._actions = dict(actions)

    def install(self) -> None:
        """Act now on what is imported already, and from now on upon import."""
        for name in [name for name in self._actions if name in sys.modules]:
            self._actions.pop(name)(sys.modules[name])
        sys.meta_path.insert(0, self)

    def uninstall(self) -> None:
        """Stop watching."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> Any:
        """The spec that the other finders give, its loader wrapped; None for every other module."""
        if name not in self._actions:
            return None
        spec = next((found for found in self._others(name, path, target) if found is not None), None)
        if spec is None or spec.loader is None:
            return None
        spec.loader = _Loader(spec.loader, self._actions.pop(name))
        return spec

    def _others(self, name: str, path: Sequence[str] | None, target: Any) -> Any:
        for finder in sys.meta_path:
            if finder is not self:
                yield finder.find_spec(name, path, target)


class _Loader:
    def __init__(self, inner: Any, action: Installed) -> None:
        self._inner = inner
        self._action = action

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def create_module(self, spec: Any) -> Any:
        return self._inner.create_module(spec)

    def exec_module(self, module: Any) -> None:
        self._inner.exec_module(module)
        spec = module.__spec__
        spec.loader = module.__loader__ = self._inner  # nothing of this stays behind
        self._action(module)

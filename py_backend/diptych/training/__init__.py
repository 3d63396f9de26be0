"""Training runs: queue, events, store, observers and comparison. The public face is loaded on first use."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diptych.training.comparison import compare
    from diptych.training.errors import TrainingError
    from diptych.training.service import Started, TrainingService

__all__ = ["Started", "TrainingError", "TrainingService", "compare"]

_HOMES = {"Started": "service", "TrainingError": "errors", "TrainingService": "service", "compare": "comparison"}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'diptych.training' has no attribute {name!r}")
    return getattr(importlib.import_module(f"diptych.training.{home}"), name)

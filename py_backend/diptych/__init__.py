"""Diptych: PyTorch and Apache MXNet (Gluon) side by side.

Everything public is loaded on first use, so that importing the package (as Jupyter Server does to find its extensions)
costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diptych.checking.check import check
    from diptych.conversion.convert import convert
    from diptych.conversion.lookup import lookup
    from diptych.training.comparison import compare

__all__ = ["check", "compare", "convert", "lookup"]

_PUBLIC = {
    "check": "diptych.checking.check",
    "compare": "diptych.training.comparison",
    "convert": "diptych.conversion.convert",
    "lookup": "diptych.conversion.lookup",
    "_load_jupyter_server_extension": "diptych.server.extension",
    "_jupyter_server_extension_points": "diptych.server.extension",
    "_jupyter_labextension_paths": "diptych.server.extension",
    "load_ipython_extension": "diptych.runtime.ipython",
    "unload_ipython_extension": "diptych.runtime.ipython",
}


def __getattr__(name: str) -> Any:
    module = _PUBLIC.get(name)
    if module is None:
        raise AttributeError(f"module 'diptych' has no attribute {name!r}")
    return getattr(importlib.import_module(module), name)

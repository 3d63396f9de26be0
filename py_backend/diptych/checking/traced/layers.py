"""Whether a random draw is a layer's own first value, or one that the code asks for."""

from __future__ import annotations

import sys
from typing import Any

_OWN = ("__init__", "reset_parameters", "_reset_parameters", "_init_weights")


def drawn_by_a_layer(filename: str, module_type: Any) -> bool:
    """Whether the draw happens while a layer of the library builds itself: between it and the code's own frames (of the
    file ``filename``) there is a constructor."""
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename != filename:
        if frame.f_code.co_name in _OWN and isinstance(frame.f_locals.get("self"), module_type):
            return True
        frame = frame.f_back  # type: ignore[assignment]  # the last one has none
    return False

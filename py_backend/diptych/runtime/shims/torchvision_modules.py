"""What torchvision needs on a CPU-only torch.

The registry's torchvision is built for CUDA; beside a CPU-only torch its ``_C.so`` can't be loaded, and the import then
dies with 'operator torchvision::nms does not exist', because two operators are registered without asking whether they
exist. Declaring their schemas is enough for datasets, transforms and models; calling them still says that the compiled
operators are missing.
"""

from __future__ import annotations

import sys
from typing import Any

_SCHEMAS = {
    "nms": "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}
_libraries: list[Any] = []  # a library that is collected takes its operators with it


def declare_missing_operators() -> None:
    """Declare the operators that torchvision's own library would have brought, if it could not be loaded."""
    torch = sys.modules["torch"]
    missing = [schema for name, schema in _SCHEMAS.items() if not hasattr(torch.ops.torchvision, name)]
    if missing:
        library = torch.library.Library("torchvision", "FRAGMENT")
        for schema in missing:
            library.define(schema)
        _libraries.append(library)

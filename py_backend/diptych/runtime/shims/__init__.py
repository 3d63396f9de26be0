"""Import shims that let MXNet 1.9.1 run on today's Python and NumPy, and torchvision on a CPU-only torch.

Everything in this folder uses the standard library alone and relative imports alone, because the same source is also
sent as text into processes where Diptych is not installed (``injection.source``). Nothing global is touched: NumPy, the
standard library and ``sys.modules`` stay as they are, only modules of ``mxnet`` and ``torchvision`` see anything.
"""

from __future__ import annotations

from .errors import ShimError
from .finder import arm, armed

__all__ = ["ShimError", "arm", "armed"]

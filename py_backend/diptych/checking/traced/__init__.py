"""What runs inside a framework's own process when both sides are checked. The modules here need the standard library,
NumPy and the framework only: their text is sent to the kernel, where diptych need not be installed."""

from __future__ import annotations

from dataclasses import asdict

from diptych.checking.traced.program import Job
from diptych.runtime import EVENT_MIME
from diptych.runtime.injected import injected

# in the order of their imports
_MODULES = (
    *("streams", "values", "clock", "layers", "steps"),
    *("gluon_weights", "torch_side", "mxnet_side", "program"),
)


def code(job: Job) -> str:
    """Source that runs ``job`` in an IPython kernel and publishes its events as display data of ``EVENT_MIME``."""
    return injected(__name__, "_diptych_checking", _MODULES, asdict(job), EVENT_MIME)

"""Watching a training script from outside. The modules here are standard library only: their text is sent to the
framework's kernel, where diptych need not be installed."""

from __future__ import annotations

from dataclasses import asdict

from diptych.runtime import EVENT_MIME
from diptych.runtime.injected import injected
from diptych.training.observers.script import Job

# in the order of their imports
_MODULES = ("recorder", "loaders", "environment", "imports", "torch_observer", "mxnet_observer", "workers", "script")


def code(job: Job) -> str:
    """Source that runs ``job`` in an IPython kernel and publishes its events as display data of ``EVENT_MIME``."""
    return injected(__name__, "_diptych_observers", _MODULES, asdict(job), EVENT_MIME)

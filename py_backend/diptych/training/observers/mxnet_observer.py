"""Watching MXNet: ``NDArray.backward``, ``autograd.backward`` and Gluon's ``DataLoader``."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .environment import cores, describe
from .loaders import observe_loader
from .recorder import Recorder

if TYPE_CHECKING:
    from .recorder import Reading


def install(mxnet: Any, recorder: Recorder) -> None:
    """Observe ``mxnet``, which has just been imported."""
    observe_loader(mxnet.gluon.data.DataLoader, recorder)
    array = mxnet.nd.NDArray  # mxnet.np's arrays inherit its method
    array.backward = _observed(mxnet, array.backward, recorder)
    mxnet.autograd.backward = _observed(mxnet, mxnet.autograd.backward, recorder)


def _observed(mxnet: Any, original: Callable[..., Any], recorder: Recorder) -> Callable[..., Any]:
    @functools.wraps(original)
    def backward(heads: Any, *arguments: Any, **options: Any) -> Any:
        recorder.step(read(mxnet, heads), lambda: environment(mxnet, heads))
        return original(heads, *arguments, **options)

    return backward


def read(mxnet: Any, heads: Any) -> Reading:
    """The mean of the values ``backward`` is called on.

    MXNet computes asynchronously and every read waits, so only the mean is queued here (the script may overwrite its
    loss afterwards); the recorder's own thread reads it."""
    arrays: list[Any] = [heads] if isinstance(heads, mxnet.nd.NDArray) else list(heads)
    if mxnet.autograd.is_recording():  # the mean must not become part of the graph; detaching doubles its cost
        arrays = [array.detach() for array in arrays]
    means = [array.mean() for array in arrays]

    def read_means(wait: bool) -> float | None:
        return sum(float(mean.asnumpy().reshape(-1)[0]) for mean in means) / len(means)

    return read_means


def environment(mxnet: Any, heads: Any) -> dict[str, Any]:
    """What the run is measured on; the device is the one that the loss lives on (``cuda:0`` for MXNet's ``gpu(0)``)."""
    context = (heads if isinstance(heads, mxnet.nd.NDArray) else next(iter(heads))).context
    device = "cpu" if context.device_type == "cpu" else f"cuda:{context.device_id}"
    threads = os.environ.get("OMP_NUM_THREADS", "")  # MXNet has no function that tells
    return describe(mxnet, int(threads) if threads.isdecimal() else cores(), device)

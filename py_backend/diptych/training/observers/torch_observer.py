"""Watching PyTorch: ``torch.autograd.backward``, through which ``Tensor.backward`` goes too, and ``DataLoader``."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from .environment import describe
from .loaders import observe_loader
from .recorder import Recorder

if TYPE_CHECKING:
    from .recorder import Reading


def install(torch: Any, recorder: Recorder) -> None:
    """Observe ``torch``, which has just been imported."""
    observe_loader(torch.utils.data.DataLoader, recorder)
    original = torch.autograd.backward
    inside = False

    @functools.wraps(original)
    def backward(tensors: Any, *arguments: Any, **options: Any) -> Any:
        nonlocal inside
        if inside:  # checkpointing calls it again for inner values, which are no losses
            return original(tensors, *arguments, **options)
        reading = read(torch, tensors)
        if reading is not None:
            recorder.step(reading, lambda: environment(torch, tensors))
        inside = True
        try:
            return original(tensors, *arguments, **options)
        finally:
            inside = False

    torch.autograd.backward = backward


def read(torch: Any, tensors: Any) -> Reading | None:
    """The mean of the values ``backward`` is called on, read without waiting; None if they have no values to read."""
    heads: list[Any] = [tensors] if isinstance(tensors, torch.Tensor) else list(tensors)
    if not heads or not all(isinstance(head, torch.Tensor) for head in heads):
        return None  # gradient edges
    if all(head.device.type == "cpu" for head in heads):  # computed already: reading waits for nothing
        return float(sum(_value(head) for head in heads) / len(heads))
    return _read_later(torch, heads)


def _value(head: Any) -> float:
    return float(head.item() if head.numel() == 1 else head.detach().double().mean().item())


def _read_later(torch: Any, heads: list[Any]) -> Reading | None:
    if all(head.device.type == "cuda" for head in heads):
        if torch.cuda.is_current_stream_capturing():
            return None
        return _read_cuda(torch, heads)
    means = [head.detach().float().mean() for head in heads]  # values of their own: the script may overwrite its loss
    return lambda wait: sum(mean.item() for mean in means) / len(means)


def _read_cuda(torch: Any, heads: list[Any]) -> Reading:
    copies = []
    for head in heads:
        copy = torch.empty((), dtype=torch.float32, pin_memory=True)
        copy.copy_(head.detach().float().mean(), non_blocking=True)
        done = torch.cuda.Event()
        done.record(torch.cuda.current_stream(head.device))
        copies.append((copy, done))

    def read_copies(wait: bool) -> float | None:
        for _, done in copies:
            if wait:
                done.synchronize()
            elif not done.query():
                return None
        return float(sum(copy.item() for copy, _ in copies) / len(copies))

    return read_copies


def environment(torch: Any, tensors: Any) -> dict[str, Any]:
    """What the run is measured on; the device is the one that the loss lives on."""
    head = tensors if isinstance(tensors, torch.Tensor) else next(iter(tensors))
    device = str(head.device)
    if head.device.type == "cuda":
        device = f"{device} ({torch.cuda.get_device_name(head.device)})"
    return describe(torch, int(torch.get_num_threads()), device)

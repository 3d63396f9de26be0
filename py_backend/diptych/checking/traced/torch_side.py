"""PyTorch's random sources, drawn from the stream that both sides share."""

from __future__ import annotations

import functools
import inspect
import math
import sys
from typing import TYPE_CHECKING, Any

from .layers import drawn_by_a_layer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .streams import Stream


def install(torch: Any, stream: Stream, filename: str) -> Callable[[], bool]:
    """Replace what draws in Python code, and give layers the weights that Gluon's get; loaders run in this process.

    Answers with a function that says whether, since its last call, PyTorch's own generator was used: some source was
    drawn from that is not replaced."""
    made = _Makers(torch, stream)
    for name in ("randn", "rand", "randint", "normal", "randperm", "bernoulli", "randn_like", "rand_like"):
        setattr(torch, name, _like(getattr(torch, name), getattr(made, name)))
    torch.randint_like = _like(torch.randint_like, made.randint_like)
    torch.Tensor.bernoulli = lambda self, p=None, *, generator=None: made.bernoulli(self, p)
    _in_place(torch, stream, filename)
    _unset(torch)
    _dropout(torch, stream)
    _sampling(torch.utils.data, stream)
    return _seeding(torch, stream)


def _unset(torch: Any) -> None:
    """What ``empty`` gives is nobody's value: zeros on both sides."""
    for owner, name in ((torch, "empty"), (torch, "empty_like"), (torch.Tensor, "new_empty")):
        setattr(owner, name, _zeroed(getattr(owner, name)))


def _zeroed(make: Any) -> Any:
    @functools.wraps(make)
    def zeroed(*arguments: Any, **options: Any) -> Any:
        made = make(*arguments, **options)
        return made if made.is_meta else made.detach().zero_().requires_grad_(made.requires_grad)

    return zeroed


def _like(real: Any, replacement: Any) -> Any:
    @functools.wraps(real)
    def standing_in(*arguments: Any, **options: Any) -> Any:
        return replacement(*arguments, **options)

    return standing_in


def _seeding(torch: Any, stream: Stream) -> Callable[[], bool]:
    seed = torch.manual_seed
    state = [torch.get_rng_state()]

    def manual_seed(seed_value: int) -> Any:
        stream.reseed(seed_value)
        generator = seed(seed_value)
        state[0] = torch.get_rng_state()
        return generator

    def used() -> bool:
        now = torch.get_rng_state()
        changed = not torch.equal(now, state[0])
        state[0] = now
        return changed

    torch.manual_seed = torch.random.manual_seed = manual_seed
    return used


class _Makers:
    """The functions that make a tensor of random numbers, by PyTorch's names and arguments."""

    def __init__(self, torch: Any, stream: Stream) -> None:
        self._torch, self._stream = torch, stream

    def randn(self, *size: Any, out: Any = None, generator: Any = None, **options: Any) -> Any:
        return self._filled(self._stream.normal, _sizes(size, options), out, options)

    def rand(self, *size: Any, out: Any = None, generator: Any = None, **options: Any) -> Any:
        return self._filled(self._stream.uniform, _sizes(size, options), out, options)

    def randn_like(self, input: Any, **options: Any) -> Any:
        return self.randn(*input.shape, **_as(input, options))

    def rand_like(self, input: Any, **options: Any) -> Any:
        return self.rand(*input.shape, **_as(input, options))

    def randint(self, *arguments: Any, out: Any = None, generator: Any = None, **options: Any) -> Any:
        names = ("low", "high", "size") if len(arguments) + len(options.keys() & {"low", "high", "size"}) > 2 else ()
        given = dict(zip(names or ("high", "size"), arguments, strict=False))
        given.update({name: options.pop(name) for name in ("low", "high", "size") if name in options})
        low, high = int(given.get("low", 0)), int(given["high"])
        options.setdefault("dtype", self._torch.int64)
        return self._filled(lambda count: self._stream.integers(low, high, count), tuple(given["size"]), out, options)

    def randint_like(self, input: Any, low: int, high: int | None = None, **options: Any) -> Any:
        low, high = (0, low) if high is None else (low, high)
        return self.randint(low, high, tuple(input.shape), **_as(input, options))

    def randperm(self, n: int, *, out: Any = None, generator: Any = None, **options: Any) -> Any:
        options.setdefault("dtype", self._torch.int64)
        return self._filled(self._stream.permutation, (n,), out, options)

    def normal(self, mean: Any = 0.0, std: Any = 1.0, size: Any = None, *, out: Any = None, **options: Any) -> Any:
        options.pop("generator", None)
        if size is None:
            tensor = mean if isinstance(mean, self._torch.Tensor) else std
            options = {"dtype": tensor.dtype, "device": tensor.device, **options}
            other = std if tensor is mean else mean
            shape = self._torch.broadcast_shapes(tensor.shape, getattr(other, "shape", ()))
        else:
            shape = tuple(size)
        drawn = self._filled(self._stream.normal, shape, None, {**options, "requires_grad": False})
        result = drawn * std + mean
        if out is not None:
            return out.resize_(result.shape).copy_(result)
        return result.requires_grad_() if options.get("requires_grad") else result

    def bernoulli(self, input: Any, p: Any = None, *, generator: Any = None, out: Any = None) -> Any:
        chances = input.detach() if p is None else p
        drawn = self._filled(self._stream.uniform, tuple(input.shape), None, {"dtype": self._torch.float64})
        result = (drawn < chances).to(input.dtype)
        return out.copy_(result) if out is not None else result

    def _filled(self, draw: Any, shape: tuple[int, ...], out: Any, options: dict[str, Any]) -> Any:
        values = self._torch.from_numpy(draw(math.prod(shape)).reshape(shape))
        if out is not None:
            return out.resize_(shape).copy_(values)
        dtype = options.get("dtype") or self._torch.get_default_dtype()
        values = values.to(dtype=dtype, device=options.get("device") or self._torch.get_default_device(), copy=True)
        return values.requires_grad_() if options.get("requires_grad") else values


def _sizes(size: tuple[Any, ...], options: dict[str, Any]) -> tuple[int, ...]:
    given = options.pop("size", size)
    if len(given) == 1 and not isinstance(given[0], int) and hasattr(given[0], "__len__"):
        given = given[0]
    return tuple(int(entry) for entry in given)


def _as(input: Any, options: dict[str, Any]) -> dict[str, Any]:
    options.pop("memory_format", None)
    known = {name: value for name, value in options.items() if value is not None}
    return {"dtype": input.dtype, "device": input.device, **known}


def _in_place(torch: Any, stream: Stream, filename: str) -> None:
    places: dict[int, int] = {}  # of a parameter that was filled before, among those of its shape
    kept: list[Any] = []  # so that no other parameter gets its id
    counts: dict[tuple[int, ...], int] = {}

    def fill(tensor: Any, values: Any) -> Any:
        with torch.no_grad():
            return tensor.copy_(torch.from_numpy(values.reshape(tuple(tensor.shape))))

    def layer_default(tensor: Any) -> Any | None:
        """The shared first value, where a layer draws its own."""
        if not drawn_by_a_layer(filename, torch.nn.Module):
            return None
        shape = tuple(tensor.shape)
        if id(tensor) not in places:
            places[id(tensor)] = counts[shape] = counts.get(shape, -1) + 1
            kept.append(tensor)
        return stream.weights(shape, places[id(tensor)])

    def uniform_(self: Any, a: float = 0.0, b: float = 1.0, *, generator: Any = None, **bounds: float) -> Any:
        low, high = bounds.get("from", a), bounds.get("to", b)
        values = layer_default(self)
        return fill(self, stream.uniform(self.numel()) * (high - low) + low if values is None else values)

    def normal_(self: Any, mean: float = 0.0, std: float = 1.0, *, generator: Any = None) -> Any:
        values = layer_default(self)
        return fill(self, stream.normal(self.numel()) * std + mean if values is None else values)

    def bernoulli_(self: Any, p: Any = 0.5, *, generator: Any = None) -> Any:
        chances = p.detach().cpu().double().numpy() if isinstance(p, torch.Tensor) else p
        drawn = stream.uniform(self.numel()).reshape(tuple(self.shape))
        return fill(self, (drawn < chances).astype("float64"))

    def exponential_(self: Any, lambd: float = 1.0, *, generator: Any = None) -> Any:
        return fill(self, -sys.modules["numpy"].log1p(-stream.uniform(self.numel())) / lambd)

    def random_(self: Any, low: int = 0, high: int | None = None, *, generator: Any = None, **bounds: int) -> Any:
        low, high = bounds.get("from", low), bounds.get("to", high)
        if high is None:
            low, high = 0, low or (2**24 if self.dtype.is_floating_point else min(torch.iinfo(self.dtype).max, 2**62))
        return fill(self, stream.integers(low, high, self.numel()))

    for function in (uniform_, normal_, bernoulli_, exponential_, random_):
        setattr(torch.Tensor, function.__name__, _like(getattr(torch.Tensor, function.__name__), function))


def _dropout(torch: Any, stream: Stream) -> None:
    functional = torch.nn.functional

    def applied(input: Any, p: float, training: bool, inplace: bool, mask_shape: tuple[int, ...]) -> Any:
        if not training or p == 0:
            return input
        kept = torch.from_numpy(stream.kept(math.prod(mask_shape), p).reshape(mask_shape))
        scale = kept.to(dtype=input.dtype, device=input.device) / (1 - p if p < 1 else 1)
        return input.mul_(scale) if inplace else input * scale

    def dropout(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
        return applied(input, p, training, inplace, tuple(input.shape))

    def whole(spatial: int) -> Any:
        def dropout_of_channels(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
            shape = tuple(input.shape)
            return applied(input, p, training, inplace, shape[:-spatial] + (1,) * spatial)

        return dropout_of_channels

    functional.dropout = _like(functional.dropout, dropout)
    for name, spatial in (("dropout1d", 1), ("dropout2d", 2), ("dropout3d", 3)):
        setattr(functional, name, _like(getattr(functional, name), whole(spatial)))
    torch.dropout = dropout
    torch.dropout_ = lambda input, p, train: dropout(input, p, train, True)


def _sampling(data: Any, stream: Stream) -> None:
    """One permutation a pass, as Gluon's sampler draws. Samples are the same without worker processes, and then their
    random numbers come from the one stream."""
    sampler, loader = data.RandomSampler, data.DataLoader
    drawn = sampler.__iter__

    def in_some_order(self: Any) -> Iterator[int]:
        count = len(self.data_source)
        whole = not self.replacement and self.num_samples == count
        yield from stream.permutation(count).tolist() if whole else drawn(self)

    sampler.__iter__ = in_some_order
    real = loader.__init__
    signature = inspect.signature(real)

    @functools.wraps(real)
    def initialize(self: Any, *arguments: Any, **options: Any) -> None:
        given = signature.bind(self, *arguments, **options).arguments
        changed = {name: value for name, value in given.items() if name not in _OF_WORKERS and name != "self"}
        real(self, **changed)

    loader.__init__ = initialize


_OF_WORKERS = (
    "num_workers",
    "timeout",
    "worker_init_fn",
    "multiprocessing_context",
    "prefetch_factor",
    "persistent_workers",
    "pin_memory",
)

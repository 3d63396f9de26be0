"""MXNet's random sources, drawn from the stream that both sides share."""

# ruff: noqa: PLR0917 - the signatures are MXNet's
from __future__ import annotations

import functools
import inspect
import math
from typing import TYPE_CHECKING, Any

from . import gluon_weights

if TYPE_CHECKING:
    from collections.abc import Callable

    from .streams import Stream

# What is wrapped only to notice that it was drawn from.
_OTHERS = {
    "ndarray.random": ("poisson", "gamma", "negative_binomial", "generalized_negative_binomial", "multinomial"),
    "random": ("poisson", "gamma", "negative_binomial", "generalized_negative_binomial", "multinomial"),
    "ndarray.numpy.random": (
        *("lognormal", "logistic", "gumbel", "multinomial", "rayleigh", "weibull", "pareto", "power", "gamma", "beta"),
        *("chisquare", "multivariate_normal"),
    ),
}


def install(mxnet: Any, stream: Stream, filename: str) -> Callable[[], bool]:
    """Replace what draws in Python code; layers get the weights that PyTorch's get; nothing is hybridized, for a graph
    draws by itself; loaders run in this process.

    Answers with a function that says whether, since its last call, a source was drawn from that is not replaced."""
    _Nd(mxnet, stream).install()
    _Np(mxnet, stream).install()
    _dropout(mxnet, stream)
    _sampling(mxnet, stream)
    _unset(mxnet)
    _seeding(mxnet, stream)
    gluon_weights.install(mxnet, stream)
    mxnet.gluon.HybridBlock.hybridize = lambda self, *arguments, **options: None
    noticed: list[str] = []
    _notice(mxnet, noticed)

    def used() -> bool:
        changed = bool(noticed)
        noticed.clear()
        return changed

    return used


def _unset(mxnet: Any) -> None:
    """What ``empty`` gives is nobody's value: zeros on both sides."""
    mxnet.nd.empty = lambda shape, ctx=None, dtype=None, *_, **__: mxnet.nd.zeros(shape, ctx, dtype)
    mxnet.np.empty = lambda shape, dtype=None, order="C", ctx=None: mxnet.np.zeros(shape, dtype or "float32", ctx=ctx)


class _Nd:
    """``mx.nd.random`` by its names and arguments; the numbers are drawn, then put in an NDArray."""

    def __init__(self, mxnet: Any, stream: Stream) -> None:
        self._mxnet, self._stream = mxnet, stream
        self._null = mxnet.base._Null

    def install(self) -> None:
        names = ("uniform", "normal", "randn", "exponential", "randint", "shuffle")
        for name in names:
            replacement = getattr(self, name)
            for module in (self._mxnet.nd.random, self._mxnet.random):
                setattr(module, name, replacement)
        for name in ("uniform", "normal", "exponential", "randint"):
            for module in (self._mxnet.nd, self._mxnet.nd.op):
                setattr(module, f"random_{name}", getattr(self, name))
        for name in ("uniform", "normal"):
            like = self._like(getattr(self, name))
            for module in (self._mxnet.nd.random, self._mxnet.random):
                setattr(module, f"{name}_like", like)
            self._mxnet.nd.op.__dict__[f"random_{name}_like"] = like
        self._mxnet.nd.shuffle = self._mxnet.nd.op.shuffle = self.shuffle

    @staticmethod
    def _like(draw: Any) -> Any:
        def like(data: Any, *given: Any, **options: Any) -> Any:
            drawn = draw(*given, shape=data.shape, dtype=data.dtype, ctx=data.context, **options)
            return drawn.as_np_ndarray() if type(data).__module__.startswith("mxnet.numpy") else drawn

        return like

    def uniform(self, low: Any = 0, high: Any = 1, shape: Any = None, dtype: Any = None, ctx: Any = None,
                out: Any = None, **_: Any) -> Any:  # fmt: skip
        return self._drawn(self._stream.uniform, lambda u, a, b: u * (b - a) + a, (low, high), shape, dtype, ctx, out)

    def normal(self, loc: Any = 0, scale: Any = 1, shape: Any = None, dtype: Any = None, ctx: Any = None,
               out: Any = None, **_: Any) -> Any:  # fmt: skip
        return self._drawn(self._stream.normal, lambda z, m, s: z * s + m, (loc, scale), shape, dtype, ctx, out)

    def randn(self, *shape: int, loc: Any = 0, scale: Any = 1, dtype: Any = None, ctx: Any = None, **_: Any) -> Any:
        return self.normal(loc, scale, shape or None, dtype, ctx, _.get("out"))

    def exponential(self, scale: Any = 1, shape: Any = None, dtype: Any = None, ctx: Any = None, out: Any = None,
                    **_: Any) -> Any:  # fmt: skip
        log = gluon_weights.numpy().log1p
        return self._drawn(self._stream.uniform, lambda u, s: -log(-u) * s, (scale,), shape, dtype, ctx, out)

    def randint(self, low: int, high: int, shape: Any = None, dtype: Any = None, ctx: Any = None, out: Any = None,
                **_: Any) -> Any:  # fmt: skip
        dtype = "int32" if dtype in (None, self._null) else dtype
        draw = lambda count: self._stream.integers(int(low), int(high), count)  # noqa: E731
        return self._drawn(draw, lambda values, *_: values, (0,), shape, dtype, ctx, out)

    def shuffle(self, data: Any, **_: Any) -> Any:
        order = self._stream.permutation(data.shape[0])
        return self._mxnet.nd.array(data.asnumpy()[order], ctx=data.context, dtype=data.dtype)

    def _drawn(self, draw: Any, form: Any, given: tuple[Any, ...], shape: Any, dtype: Any, ctx: Any, out: Any) -> Any:
        shape = () if shape in (None, self._null) else (shape,) if isinstance(shape, int) else tuple(shape)
        if hasattr(given[0], "asnumpy"):
            arrays = [entry.asnumpy().reshape(entry.shape + (1,) * len(shape)) for entry in given]
            full = given[0].shape + shape
            ctx, dtype = given[0].context, given[0].dtype if dtype in (None, self._null) else dtype
        else:
            arrays = list(given)
            full = shape or (out.shape if out is not None else (1,))
        values = form(draw(math.prod(full)).reshape(full), *arrays)
        if out is not None:
            out[:] = values
            return out
        dtype = "float32" if dtype in (None, "None", self._null) else dtype
        return self._mxnet.nd.array(values, ctx=ctx or self._mxnet.current_context(), dtype=dtype)


class _Np:
    """``mx.np.random`` and ``npx.random`` by their names and arguments."""

    def __init__(self, mxnet: Any, stream: Stream) -> None:
        self._mxnet, self._stream = mxnet, stream

    def install(self) -> None:
        below = self._mxnet.nd.np.random  # what mx.np.random calls
        for name in ("uniform", "normal", "exponential", "randint", "choice", "shuffle"):
            setattr(below, name, getattr(self, name))
        for module in (self._mxnet.npx.random, self._mxnet.nd.npx.random):
            for name in ("bernoulli", "uniform_n", "normal_n"):
                if hasattr(module, name):
                    setattr(module, name, getattr(self, name))

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None, dtype: Any = None, ctx: Any = None,
                out: Any = None, **_: Any) -> Any:  # fmt: skip
        return self._drawn(self._stream.uniform, lambda u, a, b: u * (b - a) + a, (low, high), size, dtype, ctx, out)

    def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None, dtype: Any = None, ctx: Any = None,
               out: Any = None, **_: Any) -> Any:  # fmt: skip
        return self._drawn(self._stream.normal, lambda z, m, s: z * s + m, (loc, scale), size, dtype, ctx, out)

    def exponential(self, scale: Any = 1.0, size: Any = None, ctx: Any = None, out: Any = None) -> Any:
        log = gluon_weights.numpy().log1p
        return self._drawn(self._stream.uniform, lambda u, s: -log(-u) * s, (scale,), size, None, ctx, out)

    def randint(self, low: int, high: int | None = None, size: Any = None, dtype: Any = None, ctx: Any = None,
                out: Any = None) -> Any:  # fmt: skip
        low, high = (0, low) if high is None else (low, high)
        draw = lambda count: self._stream.integers(int(low), int(high), count)  # noqa: E731
        return self._drawn(draw, lambda values, *_: values, (0,), size, dtype or "int64", ctx, out)

    def choice(self, a: Any, size: Any = None, replace: bool = True, p: Any = None, ctx: Any = None,
               out: Any = None) -> Any:  # fmt: skip
        if p is not None:
            self._stream.uncovered.append("mx.np.random.choice")
        count = a if isinstance(a, int) else a.shape[0]
        shape = () if size is None else (size,) if isinstance(size, int) else tuple(size)
        if replace:
            picked = self._stream.integers(0, count, math.prod(shape)).reshape(shape)
        else:
            picked = self._stream.permutation(count)[: math.prod(shape)].reshape(shape)
        values = picked if isinstance(a, int) else a.asnumpy()[picked]
        return self._mxnet.np.array(values, dtype=str(values.dtype), ctx=ctx)

    def shuffle(self, x: Any) -> None:
        x[:] = self._mxnet.np.array(x.asnumpy()[self._stream.permutation(x.shape[0])], dtype=x.dtype)

    def bernoulli(self, prob: Any = None, logit: Any = None, size: Any = None, dtype: Any = None, ctx: Any = None,
                  out: Any = None) -> Any:  # fmt: skip
        if prob is None:
            exp = gluon_weights.numpy().exp
            chances = logit.asnumpy() if hasattr(logit, "asnumpy") else logit
            prob = 1 / (1 + exp(-chances))
        return self._drawn(self._stream.uniform, lambda u, p: u < p, (prob,), size, dtype, ctx, out)

    def uniform_n(self, low: Any = 0.0, high: Any = 1.0, batch_shape: Any = None, dtype: Any = None,
                  ctx: Any = None) -> Any:  # fmt: skip
        return self.uniform(low, high, self._batch(batch_shape, low, high), dtype, ctx)

    def normal_n(self, loc: Any = 0.0, scale: Any = 1.0, batch_shape: Any = None, dtype: Any = None,
                 ctx: Any = None) -> Any:  # fmt: skip
        return self.normal(loc, scale, self._batch(batch_shape, loc, scale), dtype, ctx)

    def _batch(self, shape: Any, *given: Any) -> tuple[int, ...]:
        before: tuple[int, ...] = () if shape is None else (shape,) if isinstance(shape, int) else tuple(shape)
        beside: tuple[int, ...] = gluon_weights.numpy().broadcast_shapes(*(getattr(e, "shape", ()) for e in given))
        return before + beside

    def _drawn(self, draw: Any, form: Any, given: tuple[Any, ...], size: Any, dtype: Any, ctx: Any, out: Any) -> Any:
        arrays = [entry.asnumpy() if hasattr(entry, "asnumpy") else entry for entry in given]
        if size is None:
            shape = gluon_weights.numpy().broadcast_shapes(*(getattr(entry, "shape", ()) for entry in arrays))
        else:
            shape = (size,) if isinstance(size, int) else tuple(size)
        values = form(draw(math.prod(shape)).reshape(shape), *arrays)
        if out is not None:
            out[...] = self._mxnet.np.array(values)
            return out
        return self._mxnet.np.array(values, dtype=dtype or "float32", ctx=ctx)


def _dropout(mxnet: Any, stream: Stream) -> None:
    def dropout(data: Any, p: float = 0.5, mode: str = "training", axes: Any = (), out: Any = None, **_: Any) -> Any:
        if p == 0 or (mode != "always" and not mxnet.autograd.is_training()):
            return data.copy() if out is None else data.copyto(out)
        axes = (axes,) if isinstance(axes, int) else tuple(axes or ())
        shape = tuple(1 if axis in axes else length for axis, length in enumerate(data.shape))
        kept = stream.kept(math.prod(shape), p).reshape(shape).astype("float32") / (1 - p if p < 1 else 1)
        if isinstance(data, mxnet.np.ndarray):
            result = data * mxnet.np.array(kept, dtype=data.dtype, ctx=data.ctx)
        else:
            result = mxnet.nd.broadcast_mul(data, mxnet.nd.array(kept, dtype=data.dtype, ctx=data.context))
        return result if out is None else result.copyto(out)

    mxnet.nd.Dropout = mxnet.nd.op.Dropout = dropout
    mxnet.npx.dropout = mxnet.nd.npx.dropout = dropout


def _sampling(mxnet: Any, stream: Stream) -> None:
    """Loaders and samplers; these shuffle by NumPy's own stream."""
    mxnet.gluon.data.RandomSampler.__iter__ = lambda self: iter(stream.permutation(self._length).tolist())
    loader = mxnet.gluon.data.DataLoader
    real = loader.__init__
    signature = inspect.signature(real)

    @functools.wraps(real)
    def initialize(self: Any, *arguments: Any, **options: Any) -> None:
        given = signature.bind(self, *arguments, **options).arguments
        real(**{**given, "num_workers": 0, "pin_memory": False})

    loader.__init__ = initialize


def _seeding(mxnet: Any, stream: Stream) -> None:
    real = mxnet.random.seed

    def seed(seed_state: int | None = None, ctx: Any = "all", seed: int | None = None) -> None:
        value = seed_state if seed_state is not None else seed
        stream.reseed(value)
        real(int(value or 0), ctx)

    for module in (mxnet.random, mxnet.np.random, mxnet.npx.random):
        if hasattr(module, "seed"):
            module.seed = seed


def _notice(mxnet: Any, noticed: list[str]) -> None:
    def noticing(name: str, real: Any) -> Any:
        @functools.wraps(real)
        def drawn(*arguments: Any, **options: Any) -> Any:
            noticed.append(name)
            return real(*arguments, **options)

        return drawn

    for path, names in _OTHERS.items():
        module = functools.reduce(getattr, path.split("."), mxnet)
        for name in names:
            setattr(module, name, noticing(name, getattr(module, name)))
    operators = [name for name in dir(mxnet.nd) if name.startswith(("random_", "sample_")) and "pdf" not in name]
    pictures = [name for name in dir(mxnet.nd.image) if name.startswith("random_")]
    sources = [(mxnet.nd, name) for name in operators if name not in _REPLACED]
    for module, name in [*sources, *((mxnet.nd.image, name) for name in pictures)]:
        setattr(module, name, noticing(name, getattr(module, name)))


_REPLACED = ("random_uniform", "random_normal", "random_exponential", "random_randint")

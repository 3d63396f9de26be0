"""Gluon's layers get the initial weights that PyTorch's get, and gradients carry the scale their trainer used."""

from __future__ import annotations

import functools
import inspect
import sys
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .streams import Stream


def numpy() -> Any:
    """NumPy, which the framework has imported."""
    return sys.modules["numpy"]


def install(mxnet: Any, stream: Stream) -> None:
    """A parameter that would get the framework's own default gets shared values: weights without an initializer, and
    biases of layers that were made without a word about them. What the code initializes itself stays as it says."""
    parameter = mxnet.gluon.parameter.Parameter
    defaults = {
        id(inspect.signature(function).parameters[name].default)
        for function, name in (
            (mxnet.gluon.Block.initialize, "init"),
            (mxnet.gluon.ParameterDict.initialize, "init"),
            (parameter.initialize, "default_init"),
        )
    }
    order = _Order(parameter)
    _mark_biases(mxnet)
    finish = parameter._finish_deferred_init

    @functools.wraps(finish)
    def finish_with_shared_values(self: Any) -> None:
        deferred = self._deferred_init
        finish(self)
        if not deferred or deferred[3] is not None:
            return
        initializer, _, default, _ = deferred
        own_weight = self.init is None and (initializer is None or id(initializer) in defaults)
        if id(default) in defaults and (own_weight or _is_default_bias(self)):
            values = stream.weights(tuple(self.shape), order.place(self))
            array = mxnet.np.array if mxnet.util.is_np_array() else mxnet.nd.array
            self.set_data(array(values, dtype=self.dtype))

    parameter._finish_deferred_init = finish_with_shared_values
    _remember_scales(mxnet.gluon.Trainer)


class _Order:
    """In which order parameters were made: the place of one among those of its shape. PyTorch's layers draw a first
    value for each of theirs, also where the code sets another afterwards."""

    def __init__(self, parameter: Any) -> None:
        self._made: list[Any] = []
        real = parameter.__init__

        @functools.wraps(real)
        def initialize(this: Any, *arguments: Any, **options: Any) -> None:
            real(this, *arguments, **options)
            self._made.append(weakref.ref(this))

        parameter.__init__ = initialize

    def place(self, parameter: Any) -> int:
        count = 0
        for reference in self._made:
            other = reference()
            if other is parameter:
                break
            if other is not None and (other.init is None or other.name.endswith(("weight", "bias"))):
                count += other.shape is not None and tuple(other.shape) == tuple(parameter.shape)
        return count


def _is_default_bias(parameter: Any) -> bool:
    return bool(getattr(parameter, "_diptych_default", False))


def _mark_biases(mxnet: Any) -> None:
    modules = (mxnet.gluon.nn, mxnet.gluon.rnn)
    found: set[Any] = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type)}
    building: list[Any] = []
    for kind in found:
        names = [name for name in inspect.signature(kind.__init__).parameters if name.endswith("bias_initializer")]
        if names and "__init__" in vars(kind):
            kind.__init__ = _marking(kind.__init__, names, building)


def _marking(real: Any, names: list[str], building: list[Any]) -> Any:
    signature = inspect.signature(real)

    @functools.wraps(real)
    def initialize(self: Any, *arguments: Any, **options: Any) -> None:
        outermost = not any(other is self for other in building)
        building.append(self)
        try:
            real(self, *arguments, **options)
        finally:
            building.pop()
        if not outermost:
            return
        given = signature.bind(self, *arguments, **options)
        explicit = {name for name in names if name in given.arguments}
        explicit |= {name for name in given.arguments.get("kwargs", {}) if name.endswith("bias_initializer")}
        for name, parameter in self._reg_params.items():
            unsaid = not any(name.endswith(each.removesuffix("_initializer")) for each in explicit)
            parameter._diptych_default = name.endswith("bias") and unsaid

    return initialize


def _remember_scales(trainer: Any) -> None:
    make = trainer.__init__

    @functools.wraps(make)
    def initialize(self: Any, *arguments: Any, **options: Any) -> None:
        make(self, *arguments, **options)
        for parameter in self._params:
            parameter._diptych_scale = None  # unknown until it steps

    trainer.__init__ = initialize
    for name in ("step", "update"):
        setattr(trainer, name, _remembering(getattr(trainer, name)))


def _remembering(real: Any) -> Any:
    @functools.wraps(real)
    def stepped(self: Any, batch_size: float, *arguments: Any, **options: Any) -> Any:
        for parameter in self._params:
            parameter._diptych_scale = self._scale / batch_size
        return real(self, batch_size, *arguments, **options)

    return stepped

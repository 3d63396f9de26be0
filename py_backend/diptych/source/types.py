"""The light types: as much of a value as reading the text can tell. What nothing says is unknown (None)."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

import msgspec

from diptych.equivalence.model import Dialect, Framework

if TYPE_CHECKING:
    from diptych.source.scopes import Scope


class Family(str, Enum):
    """A dtype's family: all that conversion depends on."""

    FLOAT = "float"
    INTEGER = "integer"
    BOOLEAN = "boolean"


class Role(str, Enum):
    """What an object of a framework's class is for."""

    MODULE = "module"
    OPTIMIZER = "optimizer"
    LOSS = "loss"
    LOADER = "loader"
    DATASET = "dataset"
    TRANSFORM = "transform"
    DEVICE = "device"
    DTYPE = "dtype"
    PARAMETERS = "parameters"  # what parameters() and collect_params() give
    OTHER = "other"


class Api(msgspec.Struct, frozen=True):
    """A name of a framework's public API: package, class, function or constant."""

    path: str

    @property
    def framework(self) -> Framework | None:
        """The framework it belongs to."""
        return framework_of(self.path)


class Tensor(msgspec.Struct, frozen=True):
    """An array of either framework. ``name`` is its very dtype as NumPy writes it (``"float64"``), ``rank`` the number
    of dimensions; ``empty`` says that it is known to have no elements. ``compared`` is the dtype of the arrays whose
    comparison gave it, which nd's truth values have."""

    framework: Framework
    dtype: Family | None = None
    rank: int | None = None
    grad: bool | None = None
    dialect: Dialect | None = None
    parameter: bool = False  # a module's weight: torch's Parameter, Gluon's Parameter (its array is `.data()`)
    name: str | None = None
    empty: bool = False
    compared: str | None = None

    @property
    def path(self) -> str:
        """The public path of its class."""
        if self.framework is Framework.PYTORCH:
            return "torch.Tensor"
        if self.parameter:
            return "mxnet.gluon.Parameter"
        return "mxnet.np.ndarray" if self.dialect is Dialect.NP else "mxnet.nd.NDArray"

    @property
    def held(self) -> str | None:
        """The dtype of nd's array: that of the numbers compared where it holds truth values."""
        return self.compared if self.dtype is Family.BOOLEAN else self.name

    def having(self, **changes: object) -> Tensor:
        """The same tensor but for ``changes``. Of another family, its very dtype is unknown unless it is told."""
        if "dtype" in changes and changes["dtype"] is not self.dtype:
            changes = {"name": None, **changes}
        return msgspec.structs.replace(self, **changes)


@dataclass(frozen=True)
class Instance:
    """An object of a framework's class, or of a user's class that derives from one (``definition``)."""

    path: str
    role: Role
    call: ast.Call | None = field(default=None, compare=False)
    scope: Scope | None = field(default=None, compare=False, repr=False)  # where ``call`` stands
    definition: ast.ClassDef | None = field(default=None, compare=False)

    @property
    def framework(self) -> Framework | None:
        """The framework it belongs to."""
        return framework_of(self.path)


@dataclass(frozen=True)
class UserClass:
    """A class of the document. ``base`` is the framework's class it derives from, None if it has none."""

    definition: ast.ClassDef
    scope: Scope = field(compare=False, repr=False)
    base: str | None = None


@dataclass(frozen=True)
class UserFunction:
    """A function of the document."""

    definition: ast.FunctionDef | ast.AsyncFunctionDef
    scope: Scope = field(compare=False, repr=False)


@dataclass(frozen=True)
class Items:
    """A tuple or list with known places; ``fields`` are their names where it is a named tuple."""

    items: tuple[Type | None, ...]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Repeated:
    """Anything one iterates over to get ``item`` each time."""

    item: Type | None


class Plain(str, Enum):
    """Python's own values."""

    NUMBER = "number"
    STRING = "string"
    SIZE = "size"  # a shape
    OTHER = "other"


Type = Api | Tensor | Instance | UserClass | UserFunction | Items | Repeated | Plain


def family_of(name: str | None) -> Family | None:
    """The family of a dtype by its NumPy name."""
    if name is None:
        return None
    if name == "bool":
        return Family.BOOLEAN
    return Family.FLOAT if name.startswith(("float", "bfloat")) else Family.INTEGER


_INTEGERS = ("bool", "uint8", "int8", "int16", "int32", "int64")
_FLOATS = ("float16", "float32", "float64")


def wider(names: list[str | None]) -> str | None:
    """The dtype that arrays of these dtypes are promoted to, in PyTorch's order; None where it is not told."""
    known = [name for name in names if name is not None]
    if not known or len(known) < len(names):
        return None
    floats = [name for name in known if name in _FLOATS]
    if floats:
        return max(floats, key=_FLOATS.index)
    if any(name not in _INTEGERS for name in known) or ("uint8" in known and {"int8", "int16"} & set(known)):
        return known[0] if len(set(known)) == 1 else None
    return max(known, key=_INTEGERS.index)


def framework_of(path: str) -> Framework | None:
    """The framework that a public path belongs to."""
    root = path.split(".", 1)[0]
    if root in ("torch", "torchvision"):
        return Framework.PYTORCH
    return Framework.MXNET if root in ("mxnet", "mx") else None


def join(types: list[Type | None]) -> Type | None:
    """What is known when the value is one of several: what they agree on."""
    if not types:
        return None
    first = types[0]
    for other in types[1:]:
        if first == other:
            continue
        if isinstance(first, Tensor) and isinstance(other, Tensor) and first.framework is other.framework:
            first = Tensor(
                first.framework,
                first.dtype if first.dtype == other.dtype else None,
                first.rank if first.rank == other.rank else None,
                first.grad if first.grad == other.grad else None,
                first.dialect if first.dialect == other.dialect else None,
                first.parameter and other.parameter,
                first.name if first.name == other.name else None,
                first.empty and other.empty,
                first.compared if first.compared == other.compared else None,
            )
        elif isinstance(first, Instance) and isinstance(other, Instance) and first.role is other.role:
            if first.framework is not other.framework:
                return None
            first = Instance(first.path if first.path == other.path else _base(first), first.role)
        else:
            return None
    return first


def _base(instance: Instance) -> str:
    torch = instance.framework is Framework.PYTORCH
    bases = {
        Role.MODULE: "torch.nn.Module" if torch else "mxnet.gluon.Block",
        Role.OPTIMIZER: "torch.optim.Optimizer" if torch else "mxnet.gluon.Trainer",
    }
    return bases.get(instance.role, "torch" if torch else "mxnet")

"""The results of calls: how dtype family and rank follow from the arguments."""

from __future__ import annotations

import ast
from collections.abc import Callable

from diptych.equivalence.catalog import load
from diptych.equivalence.model import Dialect, Framework
from diptych.source.knowledge import (
    COMPUTE,
    INTEGER_RESULTS,
    KEEP_RANK,
    NUMBER_METHODS,
    PREDICATES,
    RANK_ZERO,
    TENSOR_METHODS,
    dialect_of,
    dtype_named,
    tensor_function,
    words,
)
from diptych.source.results import result
from diptych.source.types import Api, Family, Instance, Items, Plain, Role, Tensor, Type, family_of, framework_of, wider

_PRODUCTS = frozenset(["matmul", "dot", "mm", "mv", "inner", "vdot"])
Ask = Callable[[ast.expr], "Type | None"]
_MODULES = {Framework.PYTORCH: "torch.nn.Module", Framework.MXNET: "mxnet.gluon.Block"}
_PARAMETER = Tensor(Framework.PYTORCH, Family.FLOAT, grad=True, parameter=True)
_CASTS = {"float": "float32", "double": "float64", "half": "float16", "long": "int64", "int": "int32"}
_CASTS |= {"short": "int16", "char": "int8", "byte": "uint8", "bool": "bool"}
_TOLD = ("to", "astype", "type_as")  # which may be told a dtype
_FLOATING = words(  # what gives floats of integers, in PyTorch and np
    """
    exp expm1 log log1p log2 log10 sqrt rsqrt sin cos tan tanh sinh cosh arcsin arccos arctan asin acos atan sigmoid
    erf erfinv
    """
)
_SIZED = frozenset(["ones", "zeros", "empty", "rand", "randn"])


def argument(call: ast.Call, position: int | None, name: str) -> ast.expr | None:
    """The argument ``name`` of a call, by keyword or at ``position``."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if position is not None and position < len(call.args):
        if any(isinstance(item, ast.Starred) for item in call.args[: position + 1]):
            return None
        return call.args[position]
    return None


def constant(node: ast.expr | None) -> object:
    """The value of a literal, None where it is none (or None itself)."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        return -value if isinstance(value, (int, float)) else None
    return None


def result_of_api(path: str, call: ast.Call, ask: Ask) -> Type | None:
    """What calling a framework's function gives."""
    found = _result_of_api(path, call, ask)
    return _blurred(found) if _hides_arguments(call) else found


def _hides_arguments(call: ast.Call) -> bool:
    starred = any(isinstance(item, ast.Starred) for item in call.args)
    return starred or any(keyword.arg is None for keyword in call.keywords)


def _blurred(found: Type | None) -> Type | None:
    """What is sure of a result whose arguments are out of sight: ``torch.sum(*args)``."""
    if not isinstance(found, Tensor) or found.parameter:
        return found
    return Tensor(found.framework, None, None, None, found.dialect)


def _first(call: ast.Call, ask: Ask) -> Type | None:
    """The array that a function is called on."""
    if call.args:
        return ask(call.args[0])
    named = argument(call, None, "input") or argument(call, None, "self") or argument(call, None, "tensor")
    return ask(named) if named is not None else None


def _result_of_api(path: str, call: ast.Call, ask: Ask) -> Type | None:
    framework = framework_of(path)
    if framework is None:
        return None
    if path == "torch.autograd.Variable" and call.args:
        return ask(call.args[0])
    if path == "mxnet.gluon.Parameter":
        return Tensor(framework, Family.FLOAT, grad=True, parameter=True)
    held = argument(call, 0, "data") if path == "torch.nn.Parameter" else None
    if held is not None:
        value = ask(held)
        return value.having(grad=True, parameter=True) if isinstance(value, Tensor) else _PARAMETER
    if path in ("torch.max", "torch.min") and call.args and isinstance(array := ask(call.args[0]), Tensor):
        found = _with_places(array, call.args[1:], call, ask)
        if found is not None:
            return found
    if not tensor_function(path) or " " in load().gives(path, *_passed(call)):
        return _recorded(path, framework, call, ask)
    name = path.rpartition(".")[2]
    first = _first(call, ask)
    given = dtype_of(call, framework, ask)
    dtype = family_of(given)
    if name == "where" and len(call.args) > 1:
        return _one_of_two(framework, dialect_of(path), [ask(value) for value in call.args[1:3]])
    if name in COMPUTE and isinstance(first, Tensor):
        return _method_result(first, name, call, ask, skip=1)
    if name in PREDICATES:
        dtype = Family.BOOLEAN
    elif name in ("randint", "randperm"):
        dtype = dtype or Family.INTEGER
    elif name in INTEGER_RESULTS:
        dtype = Family.FLOAT if dialect_of(path) is Dialect.ND else Family.INTEGER
    elif dtype is None and argument(call, None, "dtype") is None:
        dtype = _default_family(path, name, call, ask)
        held = _held(path, name, call)
        known = ask(held) if held is not None else None
        given = known.name if isinstance(known, Tensor) else None if name == "array" and held is None else given
        given = given or (default_dtype(dtype, framework, dialect_of(path)) if not isinstance(known, Tensor) else None)
    if given is None and argument(call, None, "dtype") is None and name in (*PREDICATES, *INTEGER_RESULTS):
        given = default_dtype(dtype, framework, dialect_of(path))
    grad = constant(argument(call, None, "requires_grad")) is True or None
    name_ = given if family_of(given) is dtype else None
    compared = first.held if isinstance(first, Tensor) and name in PREDICATES else "float32"
    rank = _created_rank(path, name, call, ask)
    return Tensor(
        framework,
        dtype,
        rank,
        grad,
        dialect_of(path),
        name=name_,
        empty=_has_no_elements(name, call),
        compared=compared,
    )


def _with_places(array: Tensor, args: list[ast.expr], call: ast.Call, ask: Ask) -> Items | None:
    """What ``x.max(1)`` gives: values and their places, which are integers. None where no dimension is named."""
    dim = args[0] if args else argument(call, None, "dim")
    if dim is None or not (isinstance(constant(dim), int) or ask(dim) is Plain.NUMBER):
        return None
    values = array.having(rank=None, parameter=False)
    return Items((values, values.having(dtype=Family.INTEGER, name="int64", grad=False)), ("values", "indices"))


def default_dtype(family: Family | None, framework: Framework, dialect: Dialect | None) -> str | None:
    """The very dtype of what a framework makes of this family where it is told none."""
    if family is Family.BOOLEAN:
        return "bool"
    if family is Family.FLOAT or (framework is Framework.MXNET and dialect is Dialect.ND):
        return "float32" if family is not None else None
    return "int64" if family is Family.INTEGER else None


def _held(path: str, name: str, call: ast.Call) -> ast.expr | None:
    """The data of ``tensor(data)``, ``array(data)`` and ``full(shape, value)``."""
    if name not in ("tensor", "array", "full"):
        return None
    return argument(call, 1 if name == "full" else 0, {"full": "fill_value", "tensor": "data"}.get(name, "object"))


def _has_no_elements(name: str, call: ast.Call) -> bool:
    """Whether what a call makes is written without elements: ``zeros(0, 3)``, ``tensor([])``."""
    if name in ("tensor", "array") and call.args:
        lists = [node for node in ast.walk(call.args[0]) if isinstance(node, (ast.List, ast.Tuple))]
        return any(not each.elts for each in lists) and isinstance(call.args[0], (ast.List, ast.Tuple))
    if name not in _SIZED and name != "full":
        return False
    shape = argument(call, 0, "size") or argument(call, 0, "shape")
    sizes = shape.elts if isinstance(shape, (ast.Tuple, ast.List)) else call.args if name != "full" else [shape]
    return any(constant(size) == 0 and not isinstance(constant(size), bool) for size in sizes if size is not None)


def _one_of_two(framework: Framework, dialect: Dialect | None, both: list[Type | None]) -> Tensor:
    """What ``where`` gives: the condition, which comes first, says nothing of it."""
    arrays = [found for found in both if isinstance(found, Tensor)]
    families = {array.dtype for array in arrays}
    alike = families.pop() if len(arrays) == 2 and len(families) == 1 else None
    dtype = Family.FLOAT if any(array.dtype is Family.FLOAT for array in arrays) else alike
    grad = True if any(array.grad for array in arrays) else None
    name = wider([array.name for array in arrays]) if len(arrays) == 2 else None
    return Tensor(framework, dtype, None, grad, dialect, name=name if family_of(name) is dtype else None)


def _recorded(path: str, framework: Framework, call: ast.Call, ask: Ask) -> Type | None:
    """What the records say that a function gives."""
    gives = load().gives(path, *_passed(call))
    if not gives:
        return None
    if gives == "module":
        return Instance(_MODULES[framework], Role.MODULE, call)
    first = _first(call, ask)
    if first is None and call.keywords and not call.args:
        first = ask(call.keywords[0].value)
    if "promoted" in gives:
        first = _together(framework, dialect_of(path), call, ask, None)
    if "reduced" in gives and isinstance(first, Tensor):
        first = first.having(rank=_rank(first, "sum", call.args[1:], call, ask))
    found = result(gives, framework, dialect_of(path), first if isinstance(first, Tensor) else None)
    return _told(found, call, framework, ask)


def _told(found: Type | None, call: ast.Call, framework: Framework, ask: Ask) -> Type | None:
    """What a call gives that is told its dtype."""
    if not isinstance(found, Tensor) or argument(call, None, "dtype") is None:
        return found
    name = dtype_of(call, framework, ask)
    return found.having(dtype=family_of(name), name=name)


def _together(framework: Framework, dialect: Dialect | None, call: ast.Call, ask: Ask, owner: Tensor | None) -> Tensor:
    """What the operands of ``call`` come to: the dtype that they are promoted to, and the rank of the largest."""
    values = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg not in ("out", "dtype"))]
    found = [(value, ask(value)) for value in values]
    arrays = [*([owner] if owner is not None else []), *(known for _, known in found if isinstance(known, Tensor))]
    numbers = [value for value, known in found if not isinstance(known, Tensor) and known is not Plain.STRING]
    ranks = {array.rank for array in arrays}
    grad = True if any(array.grad for array in arrays) else None
    dtype = _promoted(framework, {array.dtype for array in arrays}, [family_of_data(value) for value in numbers])
    name = wider([array.name for array in arrays])
    if dtype is Family.FLOAT and family_of(name) is not Family.FLOAT and name is not None:
        name = "float32"
    rank = None if None in ranks else max(filter(None, ranks), default=0)
    empty = any(array.empty for array in arrays)
    return Tensor(framework, dtype, rank, grad, dialect, name=name if family_of(name) is dtype else None, empty=empty)


def _promoted(framework: Framework, arrays: set[Family | None], numbers: list[Family | None]) -> Family | None:
    if Family.FLOAT in arrays or None in arrays or not arrays:
        return Family.FLOAT if Family.FLOAT in arrays else None
    if framework is Framework.PYTORCH and (Family.FLOAT in numbers or None in numbers):
        return Family.FLOAT if Family.FLOAT in numbers else None
    return Family.INTEGER if Family.INTEGER in arrays or numbers else Family.BOOLEAN


def _passed(call: ast.Call) -> tuple[int, frozenset[str]]:
    return len(call.args), frozenset(keyword.arg for keyword in call.keywords if keyword.arg)


def result_of_method(owner: Tensor, name: str, call: ast.Call, ask: Ask) -> Type | None:
    """What calling a method of a tensor gives."""
    if name in ("max", "min") and owner.framework is Framework.PYTORCH:
        places = _with_places(owner, call.args, call, ask)
        if places is not None:
            return places
    found = _result_of_method(owner, name, call, ask)
    return _blurred(found) if _hides_arguments(call) and name not in ("view", "reshape", "permute") else found


def _result_of_method(owner: Tensor, name: str, call: ast.Call, ask: Ask) -> Type | None:
    if owner.parameter and owner.framework is Framework.MXNET:
        return owner.having(parameter=False) if name in ("data", "grad") else None
    if name in NUMBER_METHODS:
        return Plain.NUMBER
    if name == "size":
        return Plain.NUMBER if call.args else Plain.SIZE
    if name in {"numpy", "asnumpy"}:
        return Plain.OTHER
    gives = load().gives(f"{owner.path}.{name}", *_passed(call))
    if "promoted" in gives:
        owner = _together(owner.framework, owner.dialect, call, ask, owner)
    if "reduced" in gives:
        owner = owner.having(rank=_rank(owner, "sum", call.args, call, ask))
    told = name in _TOLD or (name == "type" and bool(call.args or call.keywords))
    if (name not in TENSOR_METHODS or " " in gives) and name not in _CASTS and not told:
        found = result(gives, owner.framework, owner.dialect, owner) if gives else None
        return _told(found, call, owner.framework, ask)
    if name in ("max", "min") and owner.framework is Framework.PYTORCH and (call.args or call.keywords):
        first = ask(call.args[0]) if call.args else None
        if not isinstance(first, Tensor):  # else the larger of two
            return result("tensors:values,indices", owner.framework, None, owner)
    return _method_result(owner, name, call, ask, skip=0)


def _method_result(owner: Tensor, name: str, call: ast.Call, ask: Ask, skip: int) -> Tensor:
    args = call.args[skip:]
    found = owner.having(rank=_rank(owner, name, args, call, ask), parameter=False)
    if name in RANK_ZERO or name in INTEGER_RESULTS or name in ("matmul", "mm", "bmm", "dot", "gather", "take"):
        found = found.having(empty=False)
    nd = owner.framework is Framework.MXNET and owner.dialect is not Dialect.NP
    if name in KEEP_RANK:
        found = found.having(rank=owner.rank)
    if name in PREDICATES:
        if owner.framework is Framework.PYTORCH:
            return found.having(dtype=Family.BOOLEAN, grad=False, name="bool", compared=owner.held)
        return found.having(dtype=Family.FLOAT, grad=False, name=None)
    if name in INTEGER_RESULTS:
        kept = Family.INTEGER if owner.dtype is Family.INTEGER else Family.FLOAT  # nd keeps the array's own dtype
        if nd:
            return found.having(dtype=kept, grad=False)
        return found.having(dtype=Family.INTEGER, grad=False, name="int64")
    given = dtype_of(call, owner.framework, ask)
    if name in ("sum", "prod", "cumsum") and found.dtype in (Family.BOOLEAN, Family.INTEGER) and not nd:
        own = "int64" if owner.framework is Framework.PYTORCH or owner.name == "int64" else None
        return found.having(dtype=family_of(given) or Family.INTEGER, name=given or own)
    if name in ("sum", "prod", "cumsum", "mean", "softmax", "log_softmax") and given is not None:
        return found.having(dtype=family_of(given), name=given)
    if name in _CASTS:
        return found.having(dtype=family_of(_CASTS[name]), name=_CASTS[name])
    if name in _TOLD or name == "type":
        other = ask(call.args[0]) if call.args and name != "astype" else None
        if isinstance(other, Tensor):
            return found.having(dtype=other.dtype, name=other.name)
        if given is None and name == "to" and not _may_name_dtype(call):
            return found
        return found.having(dtype=family_of(given), name=given)
    if found.dtype in (Family.INTEGER, Family.BOOLEAN) and name in _FLOATING:
        return found.having(dtype=Family.FLOAT, name=None if nd else "float32")
    if name == "detach":
        return found.having(grad=False)
    return found


def _rank(owner: Tensor, name: str, args: list[ast.expr], call: ast.Call, ask: Ask) -> int | None:
    if name in ("view", "reshape"):
        shape = args or [keyword.value for keyword in call.keywords if keyword.arg == "shape"]
        if any(isinstance(item, ast.Starred) for item in shape):
            return None
        if len(shape) == 1:
            return _shape_rank(shape[0], ask)
        return len(shape) or None
    if name == "flatten":
        if owner.framework is Framework.MXNET:
            return 2 if owner.dialect is not Dialect.NP else 1
        start = constant(args[0]) if args else constant(argument(call, None, "start_dim"))
        return {None: 1, 0: 1, 1: 2}.get(start) if isinstance(start, (int, type(None))) else None
    if name in RANK_ZERO or name in INTEGER_RESULTS:
        reduced = bool(args) or any(keyword.arg in ("dim", "axis") for keyword in call.keywords)
        kept = any(keyword.arg in ("keepdim", "keepdims") for keyword in call.keywords)
        if reduced:
            single = not any(isinstance(item, (ast.Tuple, ast.List)) for item in _axes(args, call))
            least = 1 if owner.framework is Framework.MXNET and owner.dialect is not Dialect.NP else 0
            return (owner.rank if kept else max(owner.rank - 1, least)) if owner.rank and single else None
        return 1 if owner.framework is Framework.MXNET and owner.dialect is not Dialect.NP else 0
    if name in ("unsqueeze", "expand_dims"):
        return owner.rank + 1 if owner.rank is not None else None
    if name in _PRODUCTS and owner.framework is Framework.PYTORCH and args:
        other = ask(args[0])
        vectors = owner.rank == 1 and isinstance(other, Tensor) and other.rank == 1
        return 0 if vectors else {"mm": 2, "mv": 1, "dot": 0}.get(name)
    if name in ("t", "permute", "transpose", "swapaxes"):
        return owner.rank
    return None


def _axes(args: list[ast.expr], call: ast.Call) -> list[ast.expr]:
    return [*args, *(keyword.value for keyword in call.keywords if keyword.arg in ("dim", "axis"))]


def _shape_rank(shape: ast.expr, ask: Ask) -> int | None:
    if isinstance(shape, (ast.Tuple, ast.List)):
        return None if any(isinstance(item, ast.Starred) for item in shape.elts) else len(shape.elts)
    found = ask(shape)
    if isinstance(found, Items):
        return len(found.items)
    return 1 if found is Plain.NUMBER else None


def _created_rank(path: str, name: str, call: ast.Call, ask: Ask) -> int | None:
    if name in _SIZED:
        if any(isinstance(item, ast.Starred) for item in call.args):
            return None
        if len(call.args) == 1 or framework_of(path) is Framework.MXNET:
            shape = argument(call, 0, "shape" if framework_of(path) is Framework.MXNET else "size")
            return _shape_rank(shape, ask) if shape is not None else None
        return len(call.args) or None
    if name == "full":
        shape = argument(call, 0, "shape" if framework_of(path) is Framework.MXNET else "size")
        return _shape_rank(shape, ask) if shape is not None else None
    if name in ("tensor", "array") and call.args:
        return _nesting(call.args[0])
    return 1 if name in ("arange", "linspace", "randperm") else None


def _default_family(path: str, name: str, call: ast.Call, ask: Ask) -> Family | None:
    """The dtype's family where a function that makes an array is given none."""
    if name in _SIZED or name in ("normal", "uniform"):
        return Family.FLOAT
    if name == "arange" and framework_of(path) is Framework.MXNET:
        return Family.FLOAT
    if name not in ("tensor", "array", "full"):
        return None
    value = _held(path, name, call)
    known = ask(value) if value is not None else None
    if isinstance(known, Tensor):
        return known.dtype
    literal = family_of_data(value)
    if framework_of(path) is Framework.PYTORCH:
        return literal
    return Family.FLOAT if dialect_of(path) is Dialect.ND or literal is not None else None


def family_of_data(node: ast.expr | None) -> Family | None:
    """The family of the numbers in a literal, as both NumPy and PyTorch see it; None where it is none."""
    if isinstance(node, (ast.List, ast.Tuple)):
        families = [family_of_data(element) for element in node.elts]
        if not families or None in families:
            return None if families else Family.FLOAT
        order = [Family.BOOLEAN, Family.INTEGER, Family.FLOAT]
        return max((found for found in families if found is not None), key=order.index)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        return family_of_data(node.operand)
    if isinstance(node, ast.Attribute) and node.attr in ("inf", "nan", "pi"):
        return Family.FLOAT  # of math, NumPy or a framework
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
        return Family.FLOAT
    value = constant(node)
    if isinstance(value, bool):
        return Family.BOOLEAN
    if isinstance(value, int):
        return Family.INTEGER
    return Family.FLOAT if isinstance(value, float) else None


def _nesting(node: ast.expr) -> int | None:
    if isinstance(node, (ast.List, ast.Tuple)):
        inner = _nesting(node.elts[0]) if node.elts else 0
        return None if inner is None else inner + 1
    return 0 if isinstance(node, (ast.Constant, ast.UnaryOp)) else None


def dtype_of(call: ast.Call, framework: Framework, ask: Ask) -> str | None:
    """The NumPy name of the dtype that a call is told; None where it is told none, or one that the text hides."""
    for item in [*(keyword.value for keyword in call.keywords if keyword.arg == "dtype"), *call.args]:
        word = item.attr if isinstance(item, ast.Attribute) else constant(item)
        if isinstance(item, ast.Name) and isinstance(named := ask(item), Api):
            word = named.path.rpartition(".")[2]  # dtype = torch.float
        name = dtype_named(word, framework) if isinstance(word, str) else None
        if name is not None:
            return name
    return None


def _may_name_dtype(call: ast.Call) -> bool:
    """Whether ``x.to(...)`` may be told a dtype by an expression that is no device."""
    values = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg in ("dtype", "other"))]
    return any(not isinstance(value, ast.Constant) and "dev" not in ast.unparse(value) for value in values)

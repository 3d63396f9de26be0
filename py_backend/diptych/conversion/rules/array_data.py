"""The dtype of an array made from data: PyTorch goes by the data, ``nd.array`` makes float32 of any."""

from __future__ import annotations

import ast

from diptych.conversion.arguments import Bound, Crossing, NotMapped, Written, bind, carry, spelling_of
from diptych.conversion.dtypes import names_widths
from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.equivalence.model import Dialect, Framework
from diptych.source.calls import constant, family_of_data
from diptych.source.types import Api, Family, Plain, Tensor, Type

_DATA = {"torch.tensor": "data", "torch.from_numpy": "ndarray", "mxnet.np.array": "object"}
_DATA |= {"mxnet.nd.array": "source_array"}
_OF_EXPRESSION = "its own"  # an expression is evaluated once: `from_numpy` keeps its dtype, `array` can't be told it


@on_call(*_DATA)
def from_data(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """Writes the dtype that the source's side takes by itself, or refuses where the text does not say which."""
    record = rewriter.record_for(use.path)
    own = spelling_of(record, rewriter.origin, use.path) if record is not None else None
    target = rewriter.target_spelling(record) if record is not None else None
    if record is None or own is None or target is None:
        return False
    if _is_complex(rewriter, node):
        reason = "MXNet has no complex dtype"
        rewriter.fail(node, "unmapped-argument", f"`{use.path}` stays as it was: {reason}.", comment=reason)
        rewriter.claim(node.func)
        return True
    if _stacked(rewriter, node, use) or _found_out(rewriter, node, use):
        return True
    try:
        bound = bind(rewriter, node, own)
        _must_have_elements(rewriter, bound, use.path)
        if "dtype" in bound.values and not _own_dtype(bound, use.path):
            return False
        extra = _dtype(rewriter, bound, use.path) if "dtype" not in bound.values else None
        if "dtype" in bound.values:
            bound.values.pop("dtype")
            extra = _kept(rewriter, bound, use.path)
        arguments = carry(Crossing(rewriter, record, own, target, node), bound)
    except NotMapped as reason:
        rewriter.fail(node, "unmapped-argument", f"`{use.path}` stays as it was: {reason}.", comment=str(reason))
        rewriter.claim(node.func)
        return True
    name = target.name
    if extra == _OF_EXPRESSION:
        name, extra = "mxnet.nd.from_numpy", None
        arguments = [Written("", arguments[0].parts), Written("zero_copy", ("False",))]
    written = [item for item in arguments if not item.keyword]
    written += [Written("dtype", (extra,))] if extra is not None else []
    written += [item for item in arguments if item.keyword]
    rewriter.rewrite_call(node, record, rewriter.names.spell(name, rewriter.scope_of(node)), written)
    return True


def _must_have_elements(rewriter: Rewriter, bound: Bound, path: str) -> None:
    """nd has neither arrays without dimensions nor such without elements."""
    data = bound.node(_DATA[path])
    if data is None or rewriter.target is not Framework.MXNET or rewriter.dialect is not Dialect.ND:
        return
    found = rewriter.type_of(data)
    if found is Plain.NUMBER or isinstance(constant(data), (int, float)):
        raise NotMapped("MXNet's nd has no arrays without dimensions")
    if any(isinstance(each, (ast.List, ast.Tuple)) and not each.elts for each in ast.walk(data)):
        raise NotMapped("MXNet's nd has no arrays without elements")


def _is_complex(rewriter: Rewriter, node: ast.Call) -> bool:
    """Whether complex numbers are written, of which MXNet has none."""
    inside = ast.walk(node) if rewriter.target is Framework.MXNET else ()
    return any(isinstance(each, ast.Constant) and isinstance(each.value, complex) for each in inside)


def _stacked(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``np.array([x, y])`` of arrays -> ``torch.stack([x, y])``; np makes float32 of any."""
    data = node.args[0] if len(node.args) == 1 and not node.keywords else None
    if use.path != "mxnet.np.array" or not isinstance(data, ast.List) or not data.elts:
        return False
    found = [rewriter.type_of(item) for item in data.elts]
    if not all(isinstance(item, Tensor) and not item.parameter for item in found):
        return False
    floats = all(isinstance(item, Tensor) and item.dtype is Family.FLOAT for item in found)
    text = rewriter.names.spell("torch.stack", rewriter.scope_of(node))
    end = ")" if floats and not names_widths(rewriter) else ").float()"
    rewriter.claim(node.func)
    rewriter.replace(node, f"{text}(", rewriter.range(data), end, record=rewriter.record_for("torch.tensor"))
    return True


def _found_out(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """``torch.tensor(values)`` of what the text does not tell: its dtype is found out where it runs."""
    data = node.args[0] if len(node.args) == 1 and not node.keywords else None
    if use.path != "torch.tensor" or rewriter.dialect is not Dialect.NP or data is None:
        return False
    known = isinstance(data, ast.Starred) or isinstance(rewriter.type_of(data), Tensor)
    if known or family_of_data(data) or _bound_family(rewriter, data) or is_numpy(rewriter, data):
        return False
    found = [rewriter.type_of(item) for item in data.elts] if isinstance(data, ast.List) else []
    arrays = [item for item in found if isinstance(item, Tensor)]
    if arrays and (len(arrays) < len(found) or len({item.dtype for item in arrays}) > 1):
        return False
    stack = rewriter.names.spell("mxnet.np.stack", rewriter.scope_of(node))
    function = stack if arrays else rewriter.helpers.name("tensor_of")
    if function is None:
        return False
    rewriter.claim(node.func)
    rewriter.replace(node, f"{function}(", rewriter.range(data), ")", record=rewriter.record_for("torch.tensor"))
    return True


def _own_dtype(bound: Bound, path: str) -> bool:
    """``nd.array(a, dtype=a.dtype)``: the data's own."""
    dtype, data = bound.node("dtype"), bound.node(_DATA[path])
    return (
        path in ("mxnet.nd.array", "mxnet.np.array", "torch.tensor")
        and isinstance(dtype, ast.Attribute)
        and dtype.attr == "dtype"
        and data is not None
        and ast.unparse(dtype.value) == ast.unparse(data)
    )


def _kept(rewriter: Rewriter, bound: Bound, path: str) -> str | None:
    """To PyTorch nothing is written: it goes by the data."""
    data = bound.node(_DATA[path])
    return None if rewriter.target is Framework.PYTORCH or data is None else _of_array(rewriter, data)


def _dtype(rewriter: Rewriter, bound: Bound, path: str) -> str | None:
    """The dtype to write; None where the other side comes to the same."""
    data = bound.node(_DATA[path])
    if data is None:
        return None
    if isinstance(rewriter.type_of(data), Tensor):
        return None  # an array of the framework's own keeps its dtype on both sides
    family = family_of_data(data) or _bound_family(rewriter, data)
    if rewriter.target is Framework.MXNET:
        return _mxnet_dtype(rewriter, data, family, path)
    if path == "mxnet.np.array" and family is None:
        if is_numpy(rewriter, data):
            return None
        if not isinstance(data, (ast.List, ast.Tuple)) or any(map(_is_array, _entries(rewriter, data))):
            raise NotMapped(f"the dtype of `{rewriter.text(data)}` can't be told: pass `dtype`")
    if family is Family.FLOAT and not is_numpy(rewriter, data):
        return None
    return rewriter.names.spell("torch.float32", rewriter.scope_of(data))


def _entries(rewriter: Rewriter, data: ast.List | ast.Tuple) -> list[Type | None]:
    """What is known of the entries of a list, and of the lists in it."""
    found: list[Type | None] = []
    for item in data.elts:
        found += _entries(rewriter, item) if isinstance(item, (ast.List, ast.Tuple)) else [_entry(rewriter, item)]
    return found


def _entry(rewriter: Rewriter, item: ast.expr) -> Type | None:
    """Numbers, and what is computed of them alone, are numbers: ``np.exp(1)``, ``2 * np.pi``."""
    if all(not isinstance(inner, ast.Name) or isinstance(rewriter.type_of(inner), Api) for inner in ast.walk(item)):
        return Plain.NUMBER
    return rewriter.type_of(item)


def _is_array(found: Type | None) -> bool:
    """Whether an entry may be an array, which has a dtype of its own."""
    return found is not Plain.NUMBER


def _mxnet_dtype(rewriter: Rewriter, data: ast.expr, family: Family | None, path: str) -> str | None:
    if path == "torch.from_numpy" or (family is None and is_numpy(rewriter, data)):
        return _of_array(rewriter, data)
    if family is None:
        raise NotMapped(f"the dtype of `{rewriter.text(data)}` can't be told: pass `dtype`")
    if family is Family.INTEGER:
        return "'int64'"
    return "'bool'" if family is Family.BOOLEAN and rewriter.dialect is Dialect.NP else None


def _of_array(rewriter: Rewriter, data: ast.expr) -> str | None:
    """``a.dtype`` for a name, None where the dialect keeps the dtype by itself."""
    if isinstance(data, (ast.Name, ast.Attribute)):
        return f"{rewriter.text(data)}.dtype"
    return None if rewriter.dialect is Dialect.NP else _OF_EXPRESSION


def _values(rewriter: Rewriter, data: ast.expr) -> list[ast.expr | None]:
    """What a name may hold."""
    if not isinstance(data, ast.Name):
        return [data]
    _, bindings = rewriter.scope_of(data).resolve(data.id, (data.lineno, data.col_offset))
    return [None if binding.index else binding.value for binding in bindings] or [None]


def _bound_family(rewriter: Rewriter, data: ast.expr) -> Family | None:
    """The family of a literal that a name was given, where nothing can have changed it."""
    families = {family_of_data(value) for value in _values(rewriter, data)}
    mutable = any(isinstance(value, ast.List) for value in _values(rewriter, data))
    return families.pop() if len(families) == 1 and not mutable else None


def is_numpy(rewriter: Rewriter, data: ast.expr) -> bool:
    """Whether ``data`` is known to be an array of NumPy's: a call of NumPy's functions, or a name given one."""
    return all(value is not None and _calls_numpy(rewriter, value) for value in _values(rewriter, data))


def _calls_numpy(rewriter: Rewriter, value: ast.expr) -> bool:
    while isinstance(value, (ast.Call, ast.Attribute, ast.Subscript)):
        value = value.func if isinstance(value, ast.Call) else value.value
    if not isinstance(value, ast.Name):
        return False
    _, bindings = rewriter.scope_of(value).resolve(value.id, (value.lineno, value.col_offset))
    return value.id == "numpy" if not bindings else all(binding.path.split(".")[0] == "numpy" for binding in bindings)

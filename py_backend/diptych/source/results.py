"""What the use of a name gives, in the words of the records' ``gives``.

``tensor``, ``tensors`` (a list of them), ``tensors:values,indices`` (a tuple with these fields; ``tensors:0,1`` without
names), ``number``, ``bool``, ``string``, ``size``, ``none``, ``module``. Behind ``tensor`` may stand what is known of
it, compared with the array that the use is of: ``float``, ``integer``, ``boolean`` or ``samedtype``; ``samerank``, or
``rank0``, ``rank1``, ...; ``promoted``: the dtype and rank that all its operands come to; ``reduced``: the rank that is
left when the dimensions that the call names (all, without any) are reduced.
"""

from __future__ import annotations

from diptych.equivalence.model import Dialect, Framework
from diptych.source.types import Family, Items, Plain, Repeated, Tensor, Type

_PLAIN = {"number": Plain.NUMBER, "string": Plain.STRING, "size": Plain.SIZE}
_FAMILIES = {"float": Family.FLOAT, "integer": Family.INTEGER, "boolean": Family.BOOLEAN}


def result(gives: str, framework: Framework, dialect: Dialect | None, owner: Tensor | None) -> Type | None:
    """The type that ``gives`` speaks of. ``owner`` is the array that it is a function or method of."""
    kind, *known = gives.split()
    if kind in _PLAIN:
        return _PLAIN[kind]
    kind, _, fields = kind.partition(":")
    tensor = _tensor(known, framework, dialect, owner)
    if kind == "tensor":
        return tensor
    if kind == "tensors" and fields:
        names = fields.split(",")
        named = () if names[0] == "0" else tuple(names)
        places = tensor.having(dtype=Family.INTEGER, name="int64", grad=False, compared=None)
        counts = framework is Framework.PYTORCH and "indices" in named
        return Items(tuple(places if counts and name == "indices" else tensor for name in names), named)
    return Repeated(tensor) if kind == "tensors" else None


def _tensor(known: list[str], framework: Framework, dialect: Dialect | None, owner: Tensor | None) -> Tensor:
    nd = framework is Framework.MXNET and dialect is not Dialect.NP
    dtype, rank, name = None, None, None
    own = owner.name if owner is not None else None
    for word in known:
        if word in _FAMILIES:
            dtype = Family.FLOAT if nd and word == "boolean" else _FAMILIES[word]
            name = _very_dtype(word, own, nd=nd)
        elif word in ("samedtype", "promoted") and dtype is None:
            dtype, name = (owner.dtype, own) if owner is not None else (None, None)
        if word in ("samerank", "promoted", "reduced"):
            rank = owner.rank if owner is not None else None
        elif word.startswith("rank"):
            rank = max(int(word[4:]), 1 if nd else 0)
    grad = True if owner is not None and owner.grad else None  # of another argument gradients may come all the same
    empty = owner is not None and owner.empty and bool({"samerank", "promoted"} & set(known))
    return Tensor(
        framework,
        dtype,
        rank,
        grad,
        dialect,
        name=name,
        empty=empty,
        compared=owner.held if owner is not None else None,
    )


def _very_dtype(word: str, own: str | None, *, nd: bool) -> str | None:
    """The dtype of a result of which the family is known, from the array's own."""
    if nd or word == "boolean":
        return own if nd and word == "float" and str(own).startswith("float") else None if nd else "bool"
    if word == "integer":
        return "int64"
    return None if own is None else own if own.startswith("float") else "float32"


def fields_of(found: Type | None) -> tuple[str, ...]:
    """The names of a tuple's places, empty where they have none."""
    return found.fields if isinstance(found, Items) else ()

"""The arrays of a use, and whether execution showed that the counterpart does not do for such."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from diptych.equivalence.limits import Facet, side_of
from diptych.equivalence.model import Dialect, Framework
from diptych.source.types import Tensor

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter


class Taken(NamedTuple):
    """How a use was written: the record, the text of its writing (empty: by a rule or by its arguments), the names of
    the arguments passed, and their values."""

    id: str
    text: str
    passed: frozenset[str]
    values: tuple[ast.expr, ...]


def profiles(rewriter: Rewriter, values: Iterable[ast.expr]) -> dict[Facet, str]:
    """What is known of the arrays among ``values``, lists of arrays included: "?" stands for what is not."""
    arrays = [found for value in values for found in _arrays(rewriter, value)]
    if not arrays:
        return {}
    nd = rewriter.target is Framework.MXNET and rewriter.dialect is Dialect.ND
    names = [_of_truth(array) if nd and array.name == "bool" else array.name for array in arrays]
    ranks = ["?" if array.rank is None else str(array.rank) for array in arrays]
    return {
        Facet.EMPTY: " ".join("1" if array.empty else "0" for array in arrays),
        Facet.DTYPES: " ".join(name or "?" for name in names),
        Facet.RANKS: " ".join(ranks),
    }


def _of_truth(array: Tensor) -> str | None:
    """nd's truth values are numbers of the dtype that was compared."""
    return f"bool/{array.compared}" if array.compared is not None else None


def _arrays(rewriter: Rewriter, value: ast.expr) -> list[Tensor]:
    if isinstance(value, (ast.List, ast.Tuple)):
        return [found for item in value.elts for found in _arrays(rewriter, item)]
    found = rewriter.type_of(value)
    return [found] if isinstance(found, Tensor) else []


def limit(rewriter: Rewriter, taken: Taken) -> str:
    """The reason against a use that lies outside of what execution showed to agree; empty where none is known."""
    limits = rewriter.catalog.limits(taken.id)
    if not limits:
        return ""
    side = side_of(rewriter.target, rewriter.dialect)
    for facet, profile in profiles(rewriter, taken.values).items():
        found = limits.get((side, taken.text, facet), ())
        if any(covers(each, profile) for each in found):
            return _REASONS[facet].format(_other(rewriter), profile.replace(" ", " and "))
    return ""


def covers(limit: str, profile: str) -> bool:
    """Whether a limit that was found where some of the arrays were unknown speaks of this use."""
    seen, known = limit.split(), profile.split()
    return len(seen) == len(known) and all(one in ("?", other) for one, other in zip(seen, known, strict=True))


def _other(rewriter: Rewriter) -> str:
    return "PyTorch" if rewriter.target is Framework.PYTORCH else f"MXNet's {rewriter.dialect.value}"


_REASONS = {
    Facet.DTYPES: "{0} was seen to fail, or to give something else, for {1} here",
    Facet.RANKS: "{0} was seen to fail, or to give something else, for arrays of {1} dimensions here",
    Facet.EMPTY: "{0} was seen to fail, or to give something else, for arrays without elements here",
}

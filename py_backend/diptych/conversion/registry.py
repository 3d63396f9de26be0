"""Where rules sign in: by the kind of syntax they look at, or by the record whose calls they write."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from diptych.equivalence.model import Equivalence

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter

N = TypeVar("N", bound=ast.AST)
NodeRule = Callable[["Rewriter", ast.AST], bool]
RecordRule = Callable[["Rewriter", ast.expr, Equivalence], bool]

_NODE_RULES: dict[type[ast.AST], list[NodeRule]] = {}
_RECORD_RULES: dict[str, RecordRule] = {}


def on_node(*types: type[ast.AST]) -> Callable[[Callable[[Rewriter, N], bool]], Callable[[Rewriter, N], bool]]:
    """Registers a rule for syntax of these types. It answers whether it has taken care of the node itself (what is
    inside the node is visited in any case)."""

    def register(rule: Callable[[Rewriter, N], bool]) -> Callable[[Rewriter, N], bool]:
        for kind in types:
            _NODE_RULES.setdefault(kind, []).append(rule)  # type: ignore[arg-type]  # called with these types only
        return rule

    return register


def on_record(*names: str) -> Callable[[RecordRule], RecordRule]:
    """Registers a rule for the records that name it in ``rule``, or have this id. It answers whether it took care of
    the use; if not, the record's own mapping of arguments is applied."""

    def register(rule: RecordRule) -> RecordRule:
        for name in names:
            _RECORD_RULES[name] = rule
        return rule

    return register


@cache
def _load() -> None:
    package = importlib.import_module("diptych.conversion.rules")
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"{package.__name__}.{module}")


def node_rules(kind: type[ast.AST]) -> list[NodeRule]:
    """The rules for a kind of syntax."""
    _load()
    return _NODE_RULES.get(kind, [])


def record_rule(record: Equivalence) -> RecordRule | None:
    """The rule that writes a record's uses, None where its mapping of arguments is enough."""
    _load()
    return _RECORD_RULES.get(record.id) or _RECORD_RULES.get(record.rule or "")

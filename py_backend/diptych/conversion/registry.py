"""Where rules sign in: by the kind of syntax they look at, or by the record whose calls they write."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from diptych.equivalence.aliases import inherited
from diptych.equivalence.model import Equivalence

if TYPE_CHECKING:
    from diptych.conversion.rewriter import Rewriter
    from diptych.conversion.uses import Use

N = TypeVar("N", bound=ast.AST)
CallRule = Callable[["Rewriter", ast.Call, "Use"], bool]
NodeRule = Callable[["Rewriter", ast.AST], bool]
RecordRule = Callable[["Rewriter", ast.expr, Equivalence], bool]

_NODE_RULES: dict[type[ast.AST], list[NodeRule]] = {}
_RECORD_RULES: dict[str, RecordRule] = {}
_CALL_RULES: dict[str, list[CallRule]] = {}


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


def on_call(*paths: str) -> Callable[[CallRule], CallRule]:
    """Registers a rule for calls of these public paths; it answers whether it took care of the call."""

    def register(rule: CallRule) -> CallRule:
        for path in paths:
            _CALL_RULES.setdefault(path, []).append(rule)
        return rule

    return register


def call_rules(path: str) -> list[CallRule]:
    """The rules for calls of ``path``, or of what its class inherits."""
    _load()
    return _CALL_RULES.get(path) or _CALL_RULES.get(inherited(path) or "", [])


@cache
def _load() -> None:
    package = importlib.import_module("diptych.conversion.rules")
    names = {info.name for info in pkgutil.iter_modules(package.__path__)}
    for module in [*sorted(names - {"api"}), "api"]:  # the general rule has the last word
        importlib.import_module(f"{package.__name__}.{module}")


def node_rules() -> dict[type[ast.AST], list[NodeRule]]:
    """The rules for each kind of syntax."""
    _load()
    return _NODE_RULES


def record_rule(record: Equivalence) -> RecordRule | None:
    """The rule that writes a record's uses, None where its mapping of arguments is enough."""
    _load()
    return _RECORD_RULES.get(record.id) or _RECORD_RULES.get(record.rule or "")

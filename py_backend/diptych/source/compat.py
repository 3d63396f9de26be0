"""Syntax that not every supported Python has."""

from __future__ import annotations

import ast

MATCH: type[ast.AST] | None = getattr(ast, "Match", None)
MATCH_CAPTURES: tuple[type[ast.AST], ...] = tuple(
    getattr(ast, name) for name in ("MatchAs", "MatchStar", "MatchMapping") if hasattr(ast, name)
)

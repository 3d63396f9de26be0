"""What follows from a record's writings: its kind, and the rows of the parameter table."""

from __future__ import annotations

import ast
import re
from typing import Any

from diptych.equivalence.signature import Argument, parse
from diptych.equivalence.surface import Surface

Table = dict[str, Any]
_PACKAGES = {
    "np": "mxnet.np",
    "npx": "mxnet.npx",
    "nd": "mxnet.nd",
    "mx": "mxnet",
    "gluon": "mxnet.gluon",
    "torch": "torch",
    "F": "torch.nn.functional",
}
_PART = {"en": "Part of the expression on the other side.", "zh": "写在另一侧的表达式里。"}


def derived_kind(record: Table) -> str:
    """The kind that the writings amount to."""
    texts = [text for writing in (*record["to_mxnet"], *record["to_torch"]) for text in _texts(writing)]
    if not texts:
        return "none"
    calls = [_call(text, "nn" in text) for text in texts]
    if any(call is None for call in calls):
        return "composite"
    names = {spelling["name"].rpartition(".")[2].rstrip("_") for spelling in (*record["torch"], *record["mxnet"])}
    if any(call is not None and call[1] for call in calls):
        return "arguments"
    return "exact" if len(names) <= 1 else "renamed"


def derived_params(record: Table, surface: Surface) -> list[Table]:
    """A row for each argument of either side, beside its counterpart where the writings say which that is."""
    rows: dict[tuple[str, str], Table] = {}
    for side, other, key in (("torch", "mxnet", "to_mxnet"), ("mxnet", "torch", "to_torch")):
        pairs, written = _pairs(record[key], surface, other)
        receivers = _receivers(record[side])
        for name, default in _arguments(record[side]).items():
            counterpart, default_there = pairs.get(name, (None, None))
            if side == "mxnet" and any(row.get("mxnet") == name for row in rows.values()):
                continue
            row: Table = {side: name, f"{side}_default": default}
            if counterpart:
                row |= {other: counterpart, f"{other}_default": default_there}
            elif name in written and name not in receivers:
                row["note"] = _PART
            if name in receivers:
                row["receiver"] = True
            rows[side, name] = row
    return list(rows.values())


def _arguments(spellings: list[Table]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for spelling in spellings:
        for argument in _signature(spelling):
            found.setdefault(argument.name, argument.default)
    return found


def _receivers(spellings: list[Table]) -> set[str]:
    """The first argument of functions that are methods too."""
    methods = any(spelling.get("form") == "method" for spelling in spellings)
    firsts = [_signature(spelling)[:1] for spelling in spellings if spelling.get("form", "function") == "function"]
    return {argument.name for first in firsts for argument in first} if methods else set()


def _signature(spelling: Table) -> tuple[Argument, ...]:
    return parse(spelling["signature"]) if spelling.get("signature") else ()


def _texts(writing: Table) -> list[str]:
    return [writing[key] for key in ("np", "nd", "torch") if writing.get(key)]


def _pairs(writings: list[Table], surface: Surface, other: str) -> tuple[dict[str, tuple[str, str | None]], set[str]]:
    """Argument -> its counterpart and that one's default, for writings that are one call; and all arguments written."""
    pairs: dict[str, tuple[str, str | None]] = {}
    written: set[str] = set()
    for writing in writings:
        for text in _texts(writing):
            written |= set(re.findall(r"\{(?:, \w+=\{)?\*?(\w+)", text))
            call = _call(text, other == "mxnet")
            if call is None:
                continue
            path, keywords, positions = call
            known = surface.get(path)
            signature = parse(known.signatures[0]) if known is not None and known.signatures else ()
            defaults = {argument.name: argument.default for argument in signature}
            for keyword, name in keywords.items():
                pairs.setdefault(name, (keyword, defaults.get(keyword)))
            for argument, name in zip(signature, positions, strict=False):
                if name:
                    pairs.setdefault(name, (argument.name, argument.default))
    return pairs, written


def _call(text: str, gluon: bool) -> tuple[str, dict[str, str], list[str]] | None:
    """Path, keywords and positions of a writing that is one plain call; None where it is more."""
    sample = re.sub(r"\{(,[^{}]*)\{\*?(\w+)(?:\|\w+)?\}([^{}]*)\}", r"\1\2\3", text)
    sample = re.sub(r"\{\*?(\w+)(?:\|\w+)?\}", r"\1", sample).replace("(, ", "(")
    try:
        node = ast.parse(sample.strip(), mode="eval").body
    except SyntaxError:
        return None
    if not isinstance(node, ast.Call) or not isinstance(node.func, (ast.Attribute, ast.Name)):
        return None
    keywords, positions = {}, []
    for argument in node.args:
        if not isinstance(argument, ast.Name):
            return None
        positions.append(argument.id)
    for keyword in node.keywords:
        if isinstance(keyword.value, ast.Name) and keyword.arg:
            keywords[keyword.arg] = keyword.value.id
    head, _, rest = ast.unparse(node.func).partition(".")
    packages = {**_PACKAGES, "nn": "mxnet.gluon.nn" if gluon else "torch.nn"}
    return f"{packages.get(head, head)}.{rest}", keywords, positions

"""The imports of the result: what is still used stays, what is needed comes in the place of what goes."""

from __future__ import annotations

import ast
from bisect import bisect_right
from dataclasses import dataclass

from diptych.conversion.edits import Range, Segment
from diptych.conversion.names import Import
from diptych.conversion.rewriter import Rewriter
from diptych.equivalence.aliases import canonical
from diptych.equivalence.model import Framework
from diptych.source.scopes import BindingKind
from diptych.source.types import framework_of

# What an import that nothing here uses (it may be meant for other files or cells) becomes.
_COUNTERPARTS = {
    Framework.MXNET: {
        "torch": Import("mxnet", "", "mx"),
        "torch.nn": Import("mxnet.gluon", "nn", "nn"),
        "torchvision.datasets": Import("mxnet.gluon.data.vision", "datasets", "datasets"),
        "torchvision.transforms": Import("mxnet.gluon.data.vision", "transforms", "transforms"),
        "torch.utils.data.DataLoader": Import("mxnet.gluon.data", "DataLoader", "DataLoader"),
        "torch.nn.functional": Import("mxnet", "nd", "nd"),
        "torch.optim": Import("mxnet", "gluon", "gluon"),
        "torch.autograd": Import("mxnet", "autograd", "autograd"),
    },
    Framework.PYTORCH: {
        "mxnet": Import("torch", "", "torch"),
        "mxnet.nd": Import("torch", "", "torch"),
        "mxnet.np": Import("torch", "", "torch"),
        "mxnet.npx": Import("torch", "", "torch"),
        "mxnet.autograd": Import("torch", "", "torch"),
        "mxnet.gluon": Import("torch", "", "torch"),
        "mxnet.gluon.nn": Import("torch", "nn", "nn"),
        "mxnet.gluon.data.vision.datasets": Import("torchvision", "datasets", "datasets"),
        "mxnet.gluon.data.vision.transforms": Import("torchvision", "transforms", "transforms"),
        "mxnet.gluon.data.DataLoader": Import("torch.utils.data", "DataLoader", "DataLoader"),
    },
}


@dataclass
class _Place:
    """An import statement of the framework that is converted from."""

    node: ast.Import | ast.ImportFrom
    kept: list[ast.alias]
    gone: list[ast.alias]
    new: list[Import]


def rewrite_imports(rewriter: Rewriter, segments: list[Segment]) -> frozenset[str]:
    """Writes the imports that the result needs; ``segments`` is the result so far.

    Answers with the names that stay bound to the framework converted from although the result wants to bind them anew:
    the conversion has to be done again without using them."""
    reads = _reads_of_imports(rewriter)
    surviving = _surviving_names(rewriter, segments, reads)
    used = {node.id for node in reads}
    every = [_place(rewriter, node, surviving, used) for node in rewriter.source.imports]
    wanted = list(rewriter.names.needed)
    kept = {_bound(place.node, alias) for place in every for alias in place.kept}
    places = [place for place in every if place.gone or place.new]
    clash = frozenset(item.alias for item in wanted if item.alias in kept)
    if clash:
        return clash
    _once(rewriter, places)
    _distribute(rewriter, places, wanted)
    for place in places:
        _write(rewriter, place)
    return frozenset()


def _once(rewriter: Rewriter, places: list[_Place]) -> None:
    """What several imports at the top of the module have for their counterpart is imported by the first."""
    seen: set[Import] = set()
    for place in places:
        if rewriter.scope_of(place.node).is_module:
            place.new = [item for item in place.new if item not in seen]
            seen |= set(place.new)


def _surviving_names(rewriter: Rewriter, segments: list[Segment], reads: list[ast.Name]) -> set[str]:
    """Those names of imports that the result still reads."""
    kept = sorted((segment.origin.start, segment.origin.end) for segment in segments if segment.kept)
    starts = [start for start, _ in kept]
    found: set[str] = set()
    for node in reads:
        offset = rewriter.range(node).start
        before = bisect_right(starts, offset) - 1  # kept pieces do not overlap
        if before >= 0 and offset < kept[before][1]:
            found.add(node.id)
    return found


def _reads_of_imports(rewriter: Rewriter) -> list[ast.Name]:
    """Every read of a name that an import of the origin framework binds."""
    nodes = rewriter.source.nodes
    bound = {
        _bound(node, alias)
        for node in rewriter.source.imports
        for alias in node.names
        if framework_of(_path(node, alias)) is rewriter.origin
    }
    reads = (node for name in bound for node in nodes.named(name) if isinstance(node.ctx, ast.Load))
    return [node for node in reads if _is_origin_import(rewriter, node)]


def _is_origin_import(rewriter: Rewriter, node: ast.Name) -> bool:
    _, bindings = rewriter.scope_of(node).resolve(node.id, (node.lineno, node.col_offset))
    return any(
        binding.kind is BindingKind.IMPORT and framework_of(binding.path) is rewriter.origin for binding in bindings
    )


def _bound(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    if alias.asname:
        return alias.asname
    return alias.name.split(".")[0] if isinstance(node, ast.Import) else alias.name


def _path(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    if isinstance(node, ast.Import):
        return canonical(alias.name)
    return canonical(f"{'.' * node.level}{node.module or ''}.{alias.name}")


def _place(rewriter: Rewriter, node: ast.Import | ast.ImportFrom, surviving: set[str], used: set[str]) -> _Place:
    place = _Place(node, [], [], [])
    for alias in node.names:
        path = _path(node, alias)
        if framework_of(path) is not rewriter.origin:
            place.kept.append(alias)
        elif _bound(node, alias) in surviving or alias.name == "*":
            place.kept.append(alias)
            if alias.name == "*":
                rewriter.fail(
                    node,
                    "star-import",
                    "`import *` hides which names it binds: import the names you use.",
                    comment="import the names that are used",
                )
        else:
            place.gone.append(alias)
            if _bound(node, alias) not in used:
                _unused(rewriter, place, path, alias)
    return place


def _unused(rewriter: Rewriter, place: _Place, path: str, alias: ast.alias) -> None:
    counterpart = _COUNTERPARTS[rewriter.target].get(path)
    if counterpart is not None:
        if alias.asname and counterpart.alias != alias.asname and path.rpartition(".")[2] == counterpart.alias:
            counterpart = Import(counterpart.module, counterpart.name, alias.asname)
        if counterpart.alias not in rewriter.names.taken and canonical(counterpart.path) not in rewriter.names.existing:
            place.new.append(counterpart)
        return
    record = rewriter.record_for(path)
    if rewriter.catalog.is_package(path) or (record is not None and rewriter.writes(record)):
        target = rewriter.target_spelling(record) if record is not None else None
        if target is not None and record is not None and not record.writings(rewriter.target) and not alias.asname:
            owner, _, name = target.name.rpartition(".")
            if name == alias.name and name not in rewriter.names.taken:
                place.new.append(Import(owner, name, name))
        return  # what needs more than a name brings its own imports where it is used
    place.gone.remove(alias)
    place.kept.append(alias)
    rewriter.fail(
        place.node,
        "no-record",
        f"`{path}` has no record: its counterpart is not known.",
        comment=f"no counterpart of {path} is known",
    )


def _distribute(rewriter: Rewriter, places: list[_Place], wanted: list[Import]) -> None:
    """Each needed import goes where its name was bound before, the others to the first import that goes."""
    module_level = [place for place in places if rewriter.scope_of(place.node).is_module]
    have = {item for place in places for item in place.new}
    rest = []
    for item in wanted:
        if item in have:
            continue
        like = [
            place
            for place in places
            if any(_bound(place.node, alias) == item.alias or _twins(place.node, alias, item) for alias in place.gone)
        ]
        if like:
            for place in like[:1] if rewriter.scope_of(like[0].node).is_module else like:
                place.new.append(item)
        else:
            rest.append(item)
    if rest and module_level:
        module_level[0].new = rest + module_level[0].new if len(module_level) > 1 else module_level[0].new + rest
    elif rest:
        _at_top(rewriter, rest)


def _twins(node: ast.Import | ast.ImportFrom, alias: ast.alias, item: Import) -> bool:
    """``import torch`` and ``import mxnet as mx`` are each other's counterpart."""
    return isinstance(node, ast.Import) and {_path(node, alias), item.module} == {"torch", "mxnet"} and not item.name


def _write(rewriter: Rewriter, place: _Place) -> None:
    node = place.node
    lines = _statements(place.new)
    if place.kept:
        names = ", ".join(f"{alias.name} as {alias.asname}" if alias.asname else alias.name for alias in place.kept)
        module = "." * node.level + (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        lines.append(f"from {module} import {names}" if module else f"import {names}")
    if not lines:
        remove_statement(rewriter, node)
        return
    indent = _indent(rewriter, node)
    rewriter.replace(node, (rewriter.newline + indent).join(lines))


def _statements(imports: list[Import]) -> list[str]:
    """Plain imports first, then one ``from`` line a module."""
    lines: list[str] = []
    modules: dict[str, list[str]] = {}
    for item in imports:
        if not item.name:
            plain = item.alias == item.module
            lines.append(f"import {item.module}" if plain else f"import {item.module} as {item.alias}")
        else:
            text = item.name if item.alias == item.name else f"{item.name} as {item.alias}"
            modules.setdefault(item.module, []).append(text)
    lines.sort()
    for module in sorted(modules):
        lines.append(f"from {module} import {', '.join(sorted(dict.fromkeys(modules[module])))}")
    return list(dict.fromkeys(lines))


def _indent(rewriter: Rewriter, node: ast.stmt) -> str:
    """What stands before an import on its line, where that is white space."""
    start = rewriter.range(node).start
    before = rewriter.source.text.text[rewriter.source.text.starts[node.lineno - 1] : start]
    return "" if before.strip() else before


def _at_top(rewriter: Rewriter, imports: list[Import]) -> None:
    """Before the first statement that is neither docstring nor ``from __future__``."""
    body = rewriter.source.tree.body
    for number, statement in enumerate(body):
        docstring = number == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not docstring and not future:
            start = rewriter.source.text.starts[first_line(statement) - 1]
            rewriter.edits.replace(start, start, "".join(line + rewriter.newline for line in _statements(imports)))
            return


def first_line(statement: ast.stmt) -> int:
    """The first line of a statement, decorators included."""
    decorators = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(int(item.lineno) for item in decorators)])


def remove_statement(rewriter: Rewriter, node: ast.stmt) -> None:
    """Takes a statement away, with its line if nothing else stands there. A block never becomes empty."""
    text, place = rewriter.source.text, rewriter.range(node)
    line_start = text.starts[text.place(place.start)[0] - 1]
    last, _ = text.place(place.end)
    line_end = text.line_end(last)
    gone = rewriter.memory.setdefault("removed", set())
    assert isinstance(gone, set)
    gone.add(id(node))
    suite = rewriter.suite(node)
    alone = not text.text[line_start : place.start].strip(" \t\f\ufeff") and not text.text[place.end : line_end].strip()
    empty = all(id(item) in gone for item in suite) and not isinstance(rewriter.parent(node), ast.Module)
    if empty or not alone:
        rest = text.text[place.end : line_end].lstrip()
        if not empty and rest.startswith("#") and not text.text[line_start : place.start].strip():
            rewriter.replace(Range(place.start, line_end - len(rest)))  # the comment stays
            return
        rewriter.replace(node, "pass")
        return
    following = text.starts[last] if last < len(text.starts) else line_end
    if rewriter.edits.inserted(line_end):  # what stands behind it stays: an empty line does, too
        following = line_end
    rewriter.replace(Range(line_start, following))

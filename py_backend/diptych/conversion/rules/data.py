"""``MNIST(root, transform=f)`` <-> ``MNIST(root).transform_first(f)``."""

from __future__ import annotations

import ast

from diptych.conversion.edits import Part, Range
from diptych.conversion.registry import on_call
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.uses import Use
from diptych.source.calls import constant

_TORCH = ("root", "train", "transform", "target_transform", "download")
_MXNET = ("root", "train", "transform")
_SETS = ("MNIST", "FashionMNIST", "CIFAR10", "CIFAR100")


def _bound(rewriter: Rewriter, node: ast.Call, names: tuple[str, ...]) -> dict[str, ast.expr] | None:
    """The arguments by name; None where the text does not say."""
    if any(isinstance(item, ast.Starred) for item in node.args) or any(item.arg is None for item in node.keywords):
        return None
    found = dict(zip(names, node.args, strict=False))
    found |= {item.arg: item.value for item in node.keywords if item.arg}
    if len(node.args) > len(names) or set(found) - set(names):
        return None
    return found


def _none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


@on_call(*(f"torchvision.datasets.{name}" for name in _SETS))
def to_gluon(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To MXNet: the transformation is applied to the first of (image, label)."""
    bound = _bound(rewriter, node, _TORCH)
    if bound is None or not _none(bound.get("target_transform")):
        message = f"`{use.path}` stays as it was: an argument of it has no counterpart in MXNet."
        rewriter.fail(
            node, "unmapped-argument", message, "Apply it with `.transform(...)`.", "an argument without counterpart"
        )
        rewriter.claim(node.func)
        return True
    name = use.path.rpartition(".")[2]
    parts: list[Part] = [rewriter.names.spell(f"mxnet.gluon.data.vision.datasets.{name}", rewriter.scope_of(node)), "("]
    given: list[list[Part]] = []
    if "root" in bound:
        given.append(["root=", rewriter.range(bound["root"])])
    given.append(["train=", rewriter.range(bound["train"]) if "train" in bound else "True"])
    for number, argument in enumerate(given):
        parts += [", "] * bool(number) + argument
    parts += [")"]
    if not _none(bound.get("transform")):
        parts += [".transform_first(", _dedented(rewriter, bound["transform"]), ")"]
    rewriter.claim(node.func)
    rewriter.replace(node, *parts, record=rewriter.record_for(use.path))
    if constant(bound.get("download")) is not True and "download" in bound:
        rewriter.inform(node, "download", "Gluon's data sets download what is missing, whatever `download` says.")
    return True


def _dedented(rewriter: Rewriter, value: ast.expr) -> Range:
    return rewriter.range(value)


@on_call("mxnet.gluon.data.Dataset.transform_first")
def to_torchvision(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: the transformation goes into the constructor."""
    inner = node.func.value if isinstance(node.func, ast.Attribute) else None
    owner = rewriter.use(inner.func) if isinstance(inner, ast.Call) else None
    transform = node.args[0] if node.args else next((item.value for item in node.keywords if item.arg == "fn"), None)
    lazy = next((item.value for item in node.keywords if item.arg == "lazy"), None)
    if not isinstance(inner, ast.Call) or owner is None or transform is None or len(node.args) > 1:
        return _refused(rewriter, node)
    if owner.path.rpartition(".")[2] not in _SETS or (lazy is not None and constant(lazy) is not True):
        return _refused(rewriter, node)
    rewriter.claim_only(node.func)
    rewriter.claim_only(inner)
    rewriter.claim(inner.func)
    return _construct(rewriter, node, inner, owner, transform)


@on_call(*(f"mxnet.gluon.data.vision.datasets.{name}" for name in _SETS))
def plain(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: a set without transformation."""
    rewriter.claim(node.func)
    return _construct(rewriter, node, node, use, None)


def _construct(rewriter: Rewriter, whole: ast.Call, inner: ast.Call, use: Use, transform: ast.expr | None) -> bool:
    bound = _bound(rewriter, inner, _MXNET)
    if bound is None or not _none(bound.get("transform")):
        return _refused(rewriter, whole)
    name = use.path.rpartition(".")[2]
    parts: list[Part] = [rewriter.names.spell(f"torchvision.datasets.{name}", rewriter.scope_of(whole)), "("]
    parts += [rewriter.range(bound["root"])] if "root" in bound else ["'data'"]
    parts += [", train=", rewriter.range(bound["train"]) if "train" in bound else "True", ", download=True"]
    parts += [", transform=", rewriter.range(transform)] if transform is not None else []
    rewriter.replace(whole, *parts, ")", record=rewriter.record_for("torchvision.datasets.MNIST"))
    if "root" not in bound:
        rewriter.inform(
            whole, "root", "PyTorch needs a folder for the files: `'data'`. Gluon keeps them in its own cache."
        )
    return True


def _refused(rewriter: Rewriter, node: ast.Call) -> bool:
    message = (
        "This chain of transformations has no counterpart that is known: torchvision takes one in the constructor."
    )
    rewriter.fail(node, "unmapped-argument", message, comment="transformations that can't be told")
    rewriter.claim(node)
    return True

"""Losses: PyTorch gives the mean of a batch, MXNet one value per sample."""

from __future__ import annotations

import ast
import re

from diptych.conversion.edits import Range
from diptych.conversion.registry import on_call, on_node
from diptych.conversion.rewriter import Rewriter
from diptych.conversion.training import loss_of, one_of_classes, per_sample, reduction, step_of
from diptych.conversion.uses import Use
from diptych.equivalence.model import Framework
from diptych.source.calls import constant
from diptych.source.types import Family, Instance, Role, Tensor


@on_node(ast.Call)
def mean_of_samples(rewriter: Rewriter, node: ast.Call) -> bool:
    """To MXNet: ``loss_fn(output, y)`` -> ``loss_fn(output, y).mean()``, but for the loss of a training step."""
    loss = loss_of(rewriter, node)
    if loss is None or rewriter.target is not Framework.MXNET or not one_of_classes(loss):
        return False
    _refuse_other_shapes(rewriter, node)
    _refuse_labels_left_out(rewriter, node)
    kind = reduction(loss)
    parent = rewriter.parent(node)
    if kind == "none":
        return False
    if kind is None:
        rewriter.fail(node, "reduction", "How this loss reduces can't be told.", "Write the reduction as a literal.")
        return False
    target = parent.targets[0] if isinstance(parent, ast.Assign) and len(parent.targets) == 1 else None
    if isinstance(target, ast.Name) and per_sample(rewriter, target):
        return False
    rewriter.replace(node, rewriter.range(node), f".{kind}()", record=rewriter.record_for(loss.path))
    return False


def _refuse_other_shapes(rewriter: Rewriter, node: ast.Call) -> None:
    """PyTorch's classes are dimension 1, MXNet's the last one; PyTorch also takes probabilities for labels."""
    output, labels = (rewriter.type_of(item) for item in [*node.args, node, node][:2])
    rank = output.rank if isinstance(output, Tensor) else None
    if rank not in (None, 2) or (isinstance(labels, Tensor) and labels.dtype is Family.FLOAT and len(node.args) > 1):
        message = "Only outputs of shape (samples, classes) with one label a sample are known to give the same loss."
        rewriter.fail(node, "loss-shape", message, comment="a loss of other shapes")


def _refuse_labels_left_out(rewriter: Rewriter, node: ast.Call) -> None:
    if re.search(r"-\s*100\b(?!\.)", rewriter.source.parsed.text):
        message = "Samples with the label -100 do not count in PyTorch; Gluon's loss does not know such a label."
        advice = "Write `F.cross_entropy(output, labels)`."
        rewriter.fail(node, "loss-labels", message, advice, comment="labels of -100 count in Gluon's loss")


@on_node(ast.Call)
def weighted(rewriter: Rewriter, node: ast.Call) -> bool:
    """To PyTorch: weights of the samples, which its own losses do not take."""
    loss = loss_of(rewriter, node)
    if loss is None or rewriter.target is not Framework.PYTORCH or len(node.args) < 3:
        return False
    if loss.path == "mxnet.gluon.loss.PoissonNLLLoss":
        message = "`torch.nn.PoissonNLLLoss` takes no weights of the samples."
        rewriter.fail(node, "unmapped-argument", message, "Multiply the losses by them.", comment="weights of samples")
    return False


@on_node(ast.Name)
def mean_of_name(rewriter: Rewriter, node: ast.Name) -> bool:
    """To MXNet: a loss kept per sample is read as its mean, except by ``backward``."""
    if not isinstance(node.ctx, ast.Load) or rewriter.target is not Framework.MXNET:
        return False
    parent = rewriter.parent(node)
    if isinstance(parent, ast.Attribute) and parent.attr in ("backward", "mean"):
        return False
    if not per_sample(rewriter, node):
        return False
    rewriter.replace(node, rewriter.range(node), ".mean()", record=rewriter.record_for("torch.nn.CrossEntropyLoss"))
    return True


@on_call("torch.nn.CrossEntropyLoss")
def reduced(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To MXNet: how the loss reduces is written where it is called."""
    given = [keyword for keyword in node.keywords if keyword.arg == "reduction"]
    if not given or constant(given[0].value) not in ("mean", "sum", "none") or len(node.args) + len(node.keywords) > 1:
        return False
    rewriter.claim(node)
    name = rewriter.names.spell("mxnet.gluon.loss.SoftmaxCrossEntropyLoss", rewriter.scope_of(node))
    rewriter.replace(node, f"{name}()", record=rewriter.record_for(use.path))
    return True


@on_call("mxnet.gluon.loss.SoftmaxCrossEntropyLoss", "mxnet.gluon.loss.SoftmaxCELoss")
def cross_entropy(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: the mean where nothing else is read from it, else one value per sample."""
    if node.args or node.keywords or _weighs_samples(rewriter, node):
        return False
    name = rewriter.names.spell("torch.nn.CrossEntropyLoss", rewriter.scope_of(node))
    rewriter.claim(node)
    text = f"{name}()" if only_mean(rewriter, node) else f"{name}(reduction='none')"
    rewriter.replace(node, text, record=rewriter.record_for(use.path))
    return True


def _weighs_samples(rewriter: Rewriter, construction: ast.Call) -> bool:
    """Whether the loss constructed here is somewhere called with weights of the samples."""
    parent = rewriter.parent(construction)
    if not isinstance(parent, ast.Assign) or len(parent.targets) != 1:
        return False
    name = ast.unparse(parent.targets[0])
    calls = (item for item in rewriter.source.nodes.of(ast.Call) if len(item.args) > 2)
    return any(ast.unparse(call.func) == name for call in calls)


def only_mean(rewriter: Rewriter, construction: ast.Call) -> bool:
    """Whether every call of the loss constructed here is read as a mean only, and stepped on by its batch's size."""
    known = rewriter.memory.get(("only mean", id(construction)))
    if isinstance(known, bool):
        return known
    parent = rewriter.parent(construction)
    answer = False
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
        answer = _calls_are_means(rewriter, parent.targets[0].id)
    rewriter.memory["only mean", id(construction)] = answer
    return answer


def _calls_are_means(rewriter: Rewriter, name: str) -> bool:
    calls = rewriter.source.calls_of(name)
    return bool(calls) and all(_is_mean(rewriter, call) for call, _ in calls or ())


def _is_mean(rewriter: Rewriter, call: ast.Call) -> bool:
    parent = rewriter.parent(call)
    if isinstance(parent, ast.Attribute):
        return parent.attr == "mean"
    if not isinstance(parent, ast.Assign) or len(parent.targets) != 1 or not isinstance(parent.targets[0], ast.Name):
        return False
    name, scope = parent.targets[0].id, rewriter.scope_of(call)
    read = False
    for node in rewriter.source.reads_of(name):
        if rewriter.scope_of(node) is not scope:
            return False
        outer, read = rewriter.parent(node), True
        if not isinstance(outer, ast.Attribute) or outer.attr not in ("mean", "backward"):
            return False
    if not read:
        return False  # who knows what reads it
    suite = rewriter.suite(parent)
    around = rewriter.parent(parent)
    step = step_of(rewriter.suite(around) if isinstance(around, ast.With) else suite)
    return step is None or step.step is None or steps_by_batch(rewriter, step.step)


def steps_by_batch(rewriter: Rewriter, step: ast.Call) -> bool:
    """Whether ``step`` is given the size of the batch at hand, or the loader's batch size (then with a warning)."""
    size = step.args[0] if step.args else next((item.value for item in step.keywords), None)
    if size is None:
        return False
    text = ast.unparse(size)
    if re.fullmatch(r"\w+\.shape\[0\]|len\(\w+\)", text):
        return True
    if any(text == found for found in _loader_sizes(rewriter)):
        rewriter.warn(
            step,
            "last-batch",
            f"`step({text})` also divides the last, smaller batch by {text}; PyTorch's mean divides by its own size.",
            "Where that matters, drop the last batch, or scale its loss.",
        )
        return True
    return False


def _loader_sizes(rewriter: Rewriter) -> list[str]:
    found = []
    for bindings in rewriter.source.scope.bindings.values():
        for binding in bindings:
            if isinstance(binding.value, ast.Call) and binding.scope is not None:
                loader = rewriter.source.type_of(binding.value, binding.scope)
                if isinstance(loader, Instance) and loader.role is Role.LOADER:
                    found += [ast.unparse(item.value) for item in binding.value.keywords if item.arg == "batch_size"]
                    found += [ast.unparse(binding.value.args[1])] if len(binding.value.args) > 1 else []
    return found


@on_call("mxnet.nd.NDArray.mean")
def mean_is_there(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: ``loss.mean()`` of a loss that is a mean already -> ``loss``."""
    if node.args or node.keywords or not isinstance(node.func, ast.Attribute):
        return False
    construction = _construction(rewriter, node.func.value)
    if construction is None or not _known_mean(rewriter, construction):
        return False
    rewriter.claim_only(node.func)
    rewriter.replace(
        Range(rewriter.range(node.func.value).end, rewriter.range(node).end), record=rewriter.record_for(use.path)
    )
    return True


def _construction(rewriter: Rewriter, value: ast.expr) -> Instance | None:
    """The loss whose value ``value`` is."""
    if isinstance(value, ast.Name):
        _, bindings = rewriter.scope_of(value).resolve(value.id, (value.lineno, value.col_offset))
        if len(bindings) != 1 or bindings[0].value is None or bindings[0].scope is None:
            return None
        found = bindings[0].value
        if not isinstance(found, ast.Call):
            return None
        loss = rewriter.source.type_of(found.func, bindings[0].scope)
    elif isinstance(value, ast.Call):
        loss = rewriter.type_of(value.func)
    else:
        return None
    return loss if isinstance(loss, Instance) and loss.role is Role.LOSS and loss.call is not None else None


def _known_mean(rewriter: Rewriter, loss: Instance) -> bool:
    assert loss.call is not None
    if not one_of_classes(loss):
        return False
    return only_mean(rewriter, loss.call)


@on_call("mxnet.nd.NDArray.backward")
def backward_of_samples(rewriter: Rewriter, node: ast.Call, use: Use) -> bool:
    """To PyTorch: ``backward`` takes one number: the sum of the samples, divided by what ``step`` would divide by."""
    statement = rewriter.statement(node)
    if statement is None or not isinstance(node.func, ast.Attribute):
        return False
    if node.args or any(item.arg == "out_grad" for item in node.keywords):
        return False  # what each element counts for is told
    value = node.func.value
    loss = _construction(rewriter, value)
    if loss is not None and _known_mean(rewriter, loss):
        return False
    step = step_of(rewriter.suite(statement))
    size = None
    if step is not None and step.step is not None:
        size = step.step.args[0] if step.step.args else next((item.value for item in step.step.keywords), None)
    divide = size is not None and constant(size) != 1
    found = rewriter.type_of(value)
    scalar = loss is None and getattr(found, "rank", None) in (0, 1) and _reduced(rewriter, value)
    inner: list[Range | str] = [rewriter.range(value)] if scalar else [rewriter.range(value), ".sum()"]
    if not divide and scalar:
        return False
    if divide:
        assert size is not None
        divisor = rewriter.text(size)
        plain = isinstance(size, (ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Call))
        inner = ["(", *inner, " / ", divisor if plain else f"({divisor})", ")"]
    rewriter.replace(value, *inner, record=rewriter.record_for("mxnet.gluon.loss.SoftmaxCrossEntropyLoss"))
    return False


def _reduced(rewriter: Rewriter, value: ast.expr) -> bool:
    """Whether a name holds a sum or a mean over everything."""
    if not isinstance(value, ast.Name):
        return False
    _, bindings = rewriter.scope_of(value).resolve(value.id, (value.lineno, value.col_offset))
    return bool(bindings) and all(
        isinstance(binding.value, ast.Call)
        and isinstance(binding.value.func, ast.Attribute)
        and binding.value.func.attr in ("mean", "sum")
        and not binding.value.args
        and not binding.value.keywords
        for binding in bindings
    )


@on_node(ast.Call)
def whole_labels(rewriter: Rewriter, node: ast.Call) -> bool:
    """To PyTorch: labels held as floats, which Gluon takes, become integers."""
    loss = loss_of(rewriter, node)
    if rewriter.target is not Framework.PYTORCH or loss is None or not one_of_classes(loss) or len(node.args) != 2:
        return False
    labels = rewriter.type_of(node.args[1])
    if isinstance(labels, Tensor) and labels.dtype is Family.FLOAT:
        plain = isinstance(node.args[1], (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
        place = rewriter.range(node.args[1])
        parts = (place,) if plain else ("(", place, ")")
        rewriter.replace(node.args[1], *parts, ".long()", record=rewriter.record_for("torch.Tensor.long"))
    return False

"""From printed examples to a program whose values can be compared: stated edits, the same for all of the corpus."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from diptych.equivalence.model import Framework

# What the documentation takes as imported; an import is written where the code uses the name and does not bind it.
_IMPLIED = {
    Framework.PYTORCH: {
        "torch": "import torch",
        "nn": "from torch import nn",
        "F": "import torch.nn.functional as F",
        "optim": "from torch import optim",
        "np": "import numpy as np",
        "numpy": "import numpy",
        "math": "import math",
        "torchvision": "import torchvision",
        "transforms": "from torchvision import transforms",
        "Variable": "from torch.autograd import Variable",
        "DataLoader": "from torch.utils.data import DataLoader",
        "random": "import random",
        "itertools": "import itertools",
        "io": "import io",
    },
    Framework.MXNET: {
        "mx": "import mxnet as mx",
        "mxnet": "import mxnet",
        "nd": "from mxnet import nd",
        "np": "import numpy as np",
        "npx": "from mxnet import npx",
        "gluon": "from mxnet import gluon",
        "autograd": "from mxnet import autograd",
        "nn": "from mxnet.gluon import nn",
        "rnn": "from mxnet.gluon import rnn",
        "numpy": "import numpy",
        "_np": "import numpy as _np",
        "onp": "import numpy as onp",
        "vision": "from mxnet.gluon.data import vision",
        "transforms": "from mxnet.gluon.data.vision import transforms",
        "math": "import math",
    },
}
_FEW = 3  # epochs
_STEPS = 20  # turns of a loop without an epoch's name
_MOST_REPAIRS = 20


def prepare(text: str, framework: Framework, name: str, failing: frozenset[int] = frozenset()) -> str:
    """The program of a snippet or script: implied imports, shortened training, a name for each printed value.

    ``failing`` are the numbers of the top-level statements that do not run as printed: they are left out, as they leave
    nothing behind in an interpreter either. Text that is no Python even so comes back as it is."""
    text = _repaired(text)
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return text
    kept = [node for number, node in enumerate(tree.body) if number not in failing]
    return _imports(tree, framework, name) + shortened(_named(text, kept))


def statements(text: str) -> list[str]:
    """The top-level statements of a text that ``prepare`` numbers; empty where it is no Python."""
    text = _repaired(text)
    try:
        return [ast.get_source_segment(text, node) or "" for node in ast.parse(text).body]
    except SyntaxError:
        return []


def implied(text: str, framework: Framework, name: str) -> str:
    """The imports that are written before a text."""
    try:
        return _imports(ast.parse(_repaired(text)), framework, name)
    except SyntaxError:
        return ""


def _repaired(text: str) -> str:
    """Without magics, with Python 3's ``print``, and without examples that are no Python (a bracket never closed)."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("%", "!"))]
    lines = [re.sub(r"^(\s*)print (.+)$", r"\1print(\2)", line) for line in lines]
    for _ in range(_MOST_REPAIRS):
        try:
            ast.parse("\n".join(lines))
        except SyntaxError as error:
            del lines[min(max((error.lineno or 1) - 1, 0), len(lines) - 1)]
            if not lines:
                return text
        else:
            return "\n".join(lines) + "\n"
    return text


def _imports(tree: ast.Module, framework: Framework, name: str) -> str:
    bound, used = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
    known = dict(_IMPLIED[framework])
    module, _, own = name.rpartition(".")
    if own and own not in known:
        known[own] = f"from {module} import {own}"  # what the docstring is of
    lines = []
    if name.startswith(("mxnet.np.", "mxnet.npx.", "mxnet.symbol.numpy")):
        known["np"] = "from mxnet import np"
        known.pop("npx", None)
        if "npx" not in bound:
            lines = ["from mxnet import npx", "npx.set_np()"]
    lines += [known[word] for word in known if word in used - bound]
    return "".join(f"{line}\n" for line in lines)


def _named(text: str, kept: list[ast.stmt]) -> str:
    """The statements, each printed value under a name, so that it is compared.

    Calls for their effect are left as they are: what gives None, and in-place methods, whose object has a name."""
    lines = text.encode().splitlines(keepends=True)
    parts, number = [], 0
    for node in kept:
        first = min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", []))])
        start = 0 if first != node.lineno else node.col_offset
        block = lines[first - 1 : node.end_lineno]
        block = [*block[:-1], block[-1][: node.end_col_offset]] if len(block) > 1 else [block[0][: node.end_col_offset]]
        source = (block[0][start:] + b"".join(block[1:])).decode().rstrip()
        if isinstance(node, ast.Expr) and not _for_effect(node.value):
            number += 1
            source = f"value_{number} = {source}"
        parts.append(source)
    return "\n".join(parts) + "\n"


_EFFECTS = frozenset(
    [
        "print",
        "help",
        "backward",
        "step",
        "zero_grad",
        "attach_grad",
        "set_np",
        "initialize",
        "hybridize",
        "add",
        "train",
        "eval",
        "reset",
        "update",
        "manual_seed",
        "seed",
        "save",
        "save_parameters",
        "load_parameters",
        "export",
        "savez",
        "append",
        "register_parameter",
        "save_for_backward",
        "waitall",
        "wait_to_read",
        "set_data",
        "set_learning_rate",
        "step_",
        "register_buffer",
        "add_module",
        "reset_parameters",
        "mark_variables",
    ]
)


def _for_effect(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func).rpartition(".")[2]
    return name in _EFFECTS or (name.endswith("_") and not name.startswith("_"))


def shortened(text: str) -> str:
    """Few epochs and steps: ``num_epochs = 200`` and ``range(2000)`` are measured as well in a handful of turns."""
    text = re.sub(r"(?m)^(\s*\w*epochs?\s*=\s*)(\d+)\s*$", _capped(_FEW), text, flags=re.IGNORECASE)
    text = re.sub(r"(--epochs'.*default=)(\d+)", _capped(_FEW), text)
    text = re.sub(r"(for epoch in range\()(\d+)(?=\))", _capped(_FEW), text)
    return re.sub(r"(for \w+ in range\()(\d{3,})(?=\))", _capped(_STEPS), text)


def _capped(most: int) -> Callable[[re.Match[str]], str]:
    return lambda found: found[1] + str(min(int(found[2]), most))

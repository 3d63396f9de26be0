"""A small grammar of Python over the frameworks' names: every kind of statement and expression, at random."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache

from diptych.equivalence.catalog import load
from diptych.equivalence.model import Form, Framework

_IMPORTS = {
    Framework.PYTORCH: (
        "import torch",
        "import torch, math",
        "from torch import nn",
        "from torch import nn as layers, optim",
        "import torch.nn.functional as F",
        "from torch.utils.data import (DataLoader,\n    Dataset)",
        "from torchvision import datasets, transforms",
        "from torch import *",
    ),
    Framework.MXNET: (
        "import mxnet as mx",
        "from mxnet import nd, autograd, gluon",
        "from mxnet import np, npx",
        "from mxnet.gluon import nn",
        "from mxnet.gluon import nn as layers, rnn",
        "from mxnet.gluon.data import DataLoader",
        "from mxnet import *",
    ),
}
_HEADS = {
    Framework.PYTORCH: ("torch", "nn", "F", "torch.nn", "layers", "optim", "torch.optim", "x", "net", "self.w"),
    Framework.MXNET: ("mx.nd", "nd", "np", "npx", "nn", "gluon.nn", "mx", "autograd", "gluon", "x", "net", "self.w"),
}
_NAMES = ("x", "y", "net", "loss", "X", "trainer", "größe", "名", "nn", "torch", "nd", "_", "self", "data", "loss_fn")
_CONSTANTS = ("0", "1", "-1", "2.5", "None", "True", "'a'", '"é\\n"', "b'x'", "...", "1e-3", "0x1F", "3j", "'float32'")
_OPERATORS = ("+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "<<", ">>")
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in")
_STEP = (
    "trainer.zero_grad()",
    "loss = loss_fn(net(X), y)",
    "with autograd.record():\n    loss = loss_fn(net(X), y)",
    "loss.backward()",
    "trainer.step()",
    "trainer.step(X.shape[0])",
    "total += loss.item()",
    "net.train()",
    "net.eval()",
    "net.initialize()",
    "net.add(nn.Dense(3))",
    "net.append(nn.Linear(2, 3))",
    "net.to('cuda')",
)
_MAKERS = {
    Framework.PYTORCH: (
        "x = torch.ones(2, 3)",
        "y = torch.tensor([1, 2, 3])",
        "net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())",
        "loss_fn = nn.CrossEntropyLoss()",
        "trainer = torch.optim.SGD(net.parameters(), lr=0.1)",
        "w = torch.zeros(3, requires_grad=True)",
    ),
    Framework.MXNET: (
        "x = nd.ones((2, 3))",
        "y = np.array([1, 2, 3])",
        "net = nn.Sequential()",
        "loss_fn = gluon.loss.SoftmaxCrossEntropyLoss()",
        "trainer = gluon.Trainer(net.collect_params(), 'sgd', {'learning_rate': 0.1})",
        "net.hybridize()",
    ),
}
_METHODS = ("view(-1, 2)", "sum()", "reshape((2, -1))", "item()", "asscalar()")


@cache
def _calls(framework: Framework) -> tuple[str, ...]:
    """Public names that are called, as the usual imports spell them."""
    called = (Form.FUNCTION, Form.METHOD, Form.CLASS)
    names = {item.name for record in load() for item in record.spellings(framework) if item.form in called}
    short = {"torch.nn.functional.": "F.", "torch.nn.": "nn.", "torch.Tensor.": "x.", "mxnet.gluon.nn.": "nn."}
    short |= {"mxnet.nd.NDArray.": "x.", "mxnet.np.ndarray.": "x.", "mxnet.": "mx."}
    found = set()
    for name in names:
        long = next((long for long in short if name.startswith(long)), None)
        found.add(short[long] + name[len(long) :] if long else name)
    return tuple(sorted(found))


class Grammar:
    """Programs that parse: every kind of statement and expression, over the frameworks' names."""

    def __init__(self, framework: Framework, chance: random.Random) -> None:
        self.framework = framework
        self.chance = chance
        self.kept: list[str] = []

    def module(self) -> str:
        """A whole program."""
        pick = self.chance.choice
        lines = [pick(_IMPORTS[self.framework]) for _ in range(self.chance.randint(1, 4))]
        lines += [pick(_MAKERS[self.framework]) for _ in range(self.chance.randint(0, 4))]
        lines += [self.statement(3) for _ in range(self.chance.randint(1, 8))]
        return "\n".join(lines) + "\n"

    def statement(self, depth: int) -> str:
        """One statement of any kind, its block included."""
        simple = (self._assign, self._assign, self._call, self._call, self._step, self._small, self._plain)
        compound = (self._if, self._loop, self._with, self._try, self._function, self._class, self._match)
        return self.chance.choice(simple if depth <= 0 or self.chance.random() < 0.6 else (*simple, *compound))(depth)

    def _block(self, depth: int) -> str:
        inner = [self.statement(depth - 1) for _ in range(self.chance.randint(1, 3))]
        return "\n".join("    " + line for each in inner for line in each.split("\n"))

    def _plain(self, depth: int) -> str:
        line = f"kept_{len(self.kept)} = [ 'é' ,{depth}]   #  as it is,  {len(self.kept)}"
        self.kept.append(line)
        return line

    def _assign(self, depth: int) -> str:
        target = self.chance.choice(
            ("x", "y", "a, b", "self.w", "x[0]", "x[:, 1]", "*a, b", "x: torch.Tensor", "größe")
        )
        sign = self.chance.choice(("=", "=", "=", "+=", "*=", "@=", "= y ="))
        if sign not in ("=", "= y =") and not re.fullmatch(r"\w+|x\[.*\]", target):
            sign = "="
        if ":" in target and "[" not in target:
            sign = "="
        return f"{target} {sign} {self.expression(depth)}"

    def _call(self, depth: int) -> str:
        return self.call(depth)

    def _step(self, depth: int) -> str:
        return "\n".join(self.chance.choices(_STEP, k=self.chance.randint(1, 4)))

    def _small(self, depth: int) -> str:
        some = self.expression(depth - 1)
        forms = (f"assert {some}, 'no'", "pass", f"del x, {self.name()}", f"print({some}, sep='')", f"raise {some}")
        return self.chance.choice((*forms, "global größe", f"lambda *a, **k: {some}", f"type(x) is {some}"))

    def _if(self, depth: int) -> str:
        text = f"if {self.expression(depth - 1)}:\n{self._block(depth)}"
        if self.chance.random() < 0.4:
            text += f"\nelif (y := {self.expression(0)}):\n{self._block(depth)}"
        return text + (f"\nelse:\n{self._block(depth)}" if self.chance.random() < 0.4 else "")

    def _loop(self, depth: int) -> str:
        head = self.chance.choice(
            ("for X, y in data", "for i, (X, y) in enumerate(data)", f"while {self.expression(0)}", "for x in x")
        )
        ending = self.chance.choice(("", "\n    continue", "\n    break", f"\nelse:\n{self._block(depth)}"))
        return f"{head}:\n{self._block(depth)}{ending}"

    def _with(self, depth: int) -> str:
        heads = ("torch.no_grad()", "autograd.record()", "open(f) as f, autograd.pause()", f"{self.call(0)} as x")
        return f"with {self.chance.choice(heads)}:\n{self._block(depth)}"

    def _try(self, depth: int) -> str:
        handler = self.chance.choice(("except (ValueError, OSError) as e:", "except:", "finally:"))
        return f"try:\n{self._block(depth)}\n{handler}\n{self._block(depth)}"

    def _function(self, depth: int) -> str:
        decorator = self.chance.choice(("", "", f"@{self.name()}\n", f"@{self.call(0)}\n", "@torch.no_grad()\n"))
        head = self.chance.choice(
            ("def f(x, /, y=1, *a, net: nn.Linear = None, **k) -> int", "async def f(x)", "def f()")
        )
        result = self.chance.choice(("return", "yield", "return x,")) + " " + self.expression(depth - 1)
        return f'{decorator}{head}:\n    """Text."""\n{self._block(depth)}\n    {result}'

    def _class(self, depth: int) -> str:
        base = self.chance.choice(("nn.Module", "nn.Block", "gluon.HybridBlock", "Dataset", "object, metaclass=type"))
        body = f"def __init__(self):\n    super().__init__()\n    self.w = {self.expression(1)}\n"
        body += f"def forward(self, x):\n{self._block(depth)}\n    return {self.expression(1)}"
        return f"class Net({base}):\n" + "\n".join("    " + line for line in body.split("\n"))

    def _match(self, depth: int) -> str:
        pattern = self.chance.choice(
            ("[a, *rest]", "{'k': x, **rest}", "nn.Linear(weight=w)", "1 | 2", "str() as s", "_")
        )
        return f"match {self.expression(0)}:\n    case {pattern} if x:\n" + "\n".join(
            "    " + line for line in self._block(depth).split("\n")
        )

    def name(self) -> str:
        """A name that may, or may not, be bound."""
        return self.chance.choice(_NAMES)

    def call(self, depth: int) -> str:
        """A call of a public name, or of anything."""
        head = self.chance.random()
        if head < 0.6:
            function = self.chance.choice(_calls(self.framework))
        elif head < 0.8:
            owner, name = self.chance.choice(_HEADS[self.framework]), self.chance.choice(_calls(self.framework))
            function = f"{owner}.{name.rpartition('.')[2]}"
        else:
            function = self.chance.choice(("net", "loss_fn", "float", "len", "isinstance", "reversed", "super", "f"))
        return f"{function}({self._arguments(depth - 1)})"

    def _arguments(self, depth: int) -> str:
        forms: list[Callable[[], str]] = [
            lambda: self.expression(depth),
            lambda: self.expression(depth),
            lambda: (
                f"{self.chance.choice(('dim', 'axis', 'keepdim', 'dtype', 'out', 'size', 'lr'))}={self.expression(0)}"
            ),
            lambda: "*x",
            lambda: "**k",
        ]
        weights = (6, 6, 4, 1, 1)
        made = [form() for form in self.chance.choices(forms, weights, k=self.chance.randint(0, 3))]
        made.sort(
            key=lambda item: (item.startswith("**"), "=" in item.split("(")[0].split("[")[0], item.startswith("*"))
        )
        return self.chance.choice((", ", ",", " , ", ",\n        ", ",  # why\n        ")).join(dict.fromkeys(made))

    def expression(self, depth: int) -> str:
        """An expression of any kind."""
        if depth <= 0:
            return self.chance.choice((self.name(), self.chance.choice(_CONSTANTS), "x", "(2, 3)", "x.shape"))
        inner = lambda: self.expression(depth - 1)  # noqa: E731  (a name for what each form asks for)
        forms: tuple[Callable[[], str], ...] = (
            lambda: self.call(depth),
            lambda: self.call(depth),
            lambda: f"{inner()} {self.chance.choice(_OPERATORS)} {inner()}",
            lambda: f"({inner()}) {self.chance.choice(_COMPARISONS)} ({inner()})",
            lambda: f"-{self.name()}" if self.chance.random() < 0.5 else f"not {inner()}",
            lambda: f"[{inner()}, {inner()}]",
            lambda: f"{{{inner()}: {inner()}, **k}}",
            lambda: f"[{inner()} for x in {self.name()} if x]",
            lambda: f"(lambda x, y=2: {inner()})",
            lambda: f"x[{self.chance.choice(('0', '1:', ':, None', '..., -1', '::-1', 'x > 0', '[0, 1]'))}]",
            lambda: f"f'{{x:.2f}} {{{self.name()}!r}} é'",
            lambda: f"({inner()} if {self.name()} else {inner()})",
            lambda: f"x.{self.chance.choice(('shape', 'T', 'data', 'grad', 'dtype', 'device', 'context'))}",
            lambda: f"({inner()},)",
            lambda: f"({inner()}).{self.chance.choice(_METHODS)}",
            lambda: f"(y := {inner()})",
        )
        return self.chance.choice(forms)()

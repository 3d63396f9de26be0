"""What holds for any text: nothing raises, what parsed still parses, converting twice changes nothing more."""

from __future__ import annotations

import ast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diptych import convert, lookup
from diptych.equivalence.model import Framework

_FRAGMENTS = (
    "import torch\n",
    "from torch import nn\n",
    "import mxnet as mx\n",
    "from mxnet import nd, autograd, gluon\n",
    "from mxnet.gluon import nn\n",
    "x = torch.ones(5, 3)\n",
    "y = x.view(-1, 3)  # é\n",
    "nn.Linear(3, 4)",
    "nd.ones((2, 3))",
    "net = nn.Sequential(nn.Linear(3, 4), nn.ReLU())\n",
    "net(x)",
    "def f(x, nn=None):\n",
    "    ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "=",
    ":",
    "'",
    '"',
    '"""',
    "#",
    "\\\n",
    "%%mxnet\n",
    "%time ",
    "!ls\n",
    "x?",
    ";",
    "for X, y in data:\n",
    "    loss = loss_fn(net(X), y)\n",
    "    loss.backward()\n",
    "    trainer.step()\n",
    "    trainer.zero_grad()\n",
    "with autograd.record():\n",
    "loss_fn = nn.CrossEntropyLoss()\n",
    "trainer = torch.optim.SGD(net.parameters(), lr=0.1)\n",
    "lambda x: x.view(1)",
    "[x.item() for x in y]",
    "class Net(nn.Module):\n",
    "    def forward(self, x):\n",
    "        return x\n",
    "汉字",
    "\ufeff",
    "\f",
    "\0",
    "\x1c",
    "f'{x.item()}'",
    "await ",
    "async ",
    "match x:\n",
    "    case [a]:\n",
    "x := 1",
    "*a",
    "**b",
    "torch.nn.functional.relu(x)",
    "net.to('cuda')\n",
    "torch.foo(1)\n",
    "if x:\n",
    "else:\n",
    "return",
    "import ",
    "from ",
    "@",
)
_PROGRAMS = st.lists(st.sampled_from(_FRAGMENTS) | st.text(max_size=4), max_size=14).map("".join)
_SETTINGS = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


@pytest.mark.parametrize("target", list(Framework))
@_SETTINGS
@given(text=st.text() | _PROGRAMS)
def test_any_text_converts_without_raising_and_stays_python(text: str, target: Framework) -> None:
    conversion = convert(text, target)
    if _parses(text):
        assert _parses(conversion.code)
    elif any(found.code == "syntax-error" for found in conversion.diagnostics):
        assert conversion.code == text


@pytest.mark.parametrize("target", list(Framework))
@_SETTINGS
@given(text=_PROGRAMS)
def test_converting_the_result_changes_nothing(text: str, target: Framework) -> None:
    once = convert(text, target).code
    assert convert(once, target).code == once


@_SETTINGS
@given(text=st.text().filter(lambda text: "torch" not in text))
def test_text_without_framework_imports_is_unchanged(text: str) -> None:
    assert convert(text).code == text


@_SETTINGS
@given(text=_PROGRAMS, line=st.integers(-1, 12), column=st.integers(-1, 40))
def test_lookup_answers_at_any_place_of_any_text(text: str, line: int, column: int) -> None:
    found = lookup(text, line, column)
    assert found is None or found.span.start_line <= found.span.end_line


@pytest.mark.parametrize("depth", [200, 5000])
@pytest.mark.parametrize("pattern", ["({})", "-{}", "f({})", "{} + 1"])
def test_deep_nesting_does_not_raise(pattern: str, depth: int) -> None:
    opening, closing = pattern.split("{}")
    text = "import torch\nx = " + opening * depth + "torch.ones(1)" + closing * depth
    convert(text)
    lookup(text, 2, len(opening) * depth + 8)

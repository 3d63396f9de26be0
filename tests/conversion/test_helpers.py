"""Helpers that a rule names: functions and classes, under a name that is free."""

from __future__ import annotations

from diptych import convert
from diptych.conversion.helpers import _renamed


def test_a_class_is_renamed_as_a_function_is() -> None:
    assert _renamed("class Stepwise(Base):\n    pass", "Stepwise", "Stepwise_2").startswith("class Stepwise_2(Base)")
    assert _renamed("def step(x):\n    return steps(x)", "step", "step_2") == "def step_2(x):\n    return steps(x)"


def test_a_helper_stays_where_the_last_import_goes_with_its_line() -> None:
    source = "import torch\nimport torch.nn.functional as F\nx = torch.ones(2, 3, 4)\ny = F.adaptive_avg_pool1d(x, 3)\n"
    code = convert(source, "mxnet", "np").code
    assert "\n\n\ndef adaptive_avg_pool1d(x, sizes):" in code
    assert "    return x\n\n\nx = np.ones" in code


def test_a_helper_may_be_the_value_itself() -> None:
    source = "from mxnet import gluon\nloss = gluon.loss.L1Loss()\nother = gluon.loss.L2Loss()\n"
    code = convert(source, "pytorch").code
    assert "def l1_loss_of_samples(" in code
    assert "loss = l1_loss_of_samples\n" in code
    assert "def l2_loss_of_samples(" in code


def test_a_class_that_comes_along_stands_behind_the_imports_that_it_needs() -> None:
    source = "import os\nos.getcwd()\nimport torch\nfrom torch import nn\nnet = nn.ModuleDict({'a': nn.ReLU()})\n"
    code = convert(source).code
    assert code.index("from mxnet import gluon") < code.index("class ModuleDict(gluon.Block)") < code.index("net =")


def test_what_came_along_is_told_on_the_way_back() -> None:
    there = convert("import torch\ny = torch.logsumexp(torch.ones(2, 3), 1)\n")
    back = convert(there.code, "pytorch")
    assert "came-along" in [found.code for found in back.diagnostics]
    mine = "from mxnet import np\ndef logsumexp(mine):\n    return np.ones(3)\n"
    assert "came-along" not in [found.code for found in convert(mine, "pytorch").diagnostics]


def test_what_stands_beside_the_last_import_can_not_use_a_function_written_below() -> None:
    found = convert(
        "import torch\nimport numpy; a = numpy.array([1]); r = torch.as_tensor(a)\nprint(r)\n", "mxnet", "np"
    )
    assert [each.code for each in found.diagnostics] == ["helper"]


def test_what_stands_beside_the_last_import_may_use_no_such_function() -> None:
    found = convert("import torch; x = torch.ones(2)\nd = [0.5]\nr = torch.as_tensor(d)\n", "mxnet", "np")
    assert not found.diagnostics

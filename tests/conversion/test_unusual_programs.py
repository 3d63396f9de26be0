"""Uses that a second look at the records found wrong: three lines each, converted rightly or refused with a reason."""

from __future__ import annotations

import pytest

from diptych import convert

TRAINING = """import torch
from torch import nn
net = nn.Linear(2, 1)
optimizer = torch.optim.SGD(params=net.parameters(), lr=0.5)
plan = torch.optim.lr_scheduler.StepLR(optimizer, 2)
for k in range(6):
    optimizer.zero_grad()
    loss = net(torch.ones(1, 2)).mean()
    loss.backward()
    optimizer.step()
    plan.step()
"""


def codes(source: str, to: str = "mxnet", dialect: str = "np") -> list[str]:
    return [each.code for each in convert(source, to, dialect).diagnostics if each.severity == "error"]


def test_parameters_may_be_passed_by_keyword() -> None:
    assert "gluon.Trainer(net.collect_params(), 'sgd'" in convert(TRAINING, "mxnet", "np").code


def test_a_schedule_of_any_name_may_step_beside_its_optimizer() -> None:
    assert codes(TRAINING) == []


def test_a_rate_set_by_hand_is_refused_where_a_schedule_would_go_on_from_it() -> None:
    by_hand = "optimizer.param_groups[0]['lr'] = 9.0\n"
    assert codes(TRAINING + f"    {by_hand}") == ["schedule"]
    assert codes(TRAINING.replace("plan = torch", f"{by_hand}plan = torch")) == []
    assert codes(TRAINING.replace("StepLR(optimizer, 2)", "LambdaLR(optimizer, len)") + f"    {by_hand}") == []


def test_a_schedule_steps_to_an_epoch() -> None:
    assert "def step(self, epoch=None):" in convert(TRAINING.replace("plan.step()", "plan.step(k)"), "mxnet", "np").code


def test_labels_of_minus_100_are_refused_for_gluons_loss() -> None:
    before = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\nx = torch.ones(2, 3)\n"
    assert codes(before + "r = nn.CrossEntropyLoss()(x, torch.tensor([2, -100]))\n") == ["loss-labels"]
    assert codes(before + "r = nn.CrossEntropyLoss()(x, torch.tensor([2, 1]))\n") == []
    assert codes(before + "r = F.cross_entropy(x, torch.tensor([2, -100]))\n") == []


def test_weights_of_samples_are_not_passed_to_a_loss_that_takes_none() -> None:
    before = "from mxnet import nd, gluon\nx = nd.ones((2, 3))\n"
    source = f"{before}loss = gluon.loss.SoftmaxCELoss()\nr = loss(x, nd.array([2, 0]), nd.ones((2, 1)))\n"
    assert "cross_entropy_of_samples" in convert(source, "pytorch", "nd").code
    assert codes(f"{before}loss = gluon.loss.PoissonNLLLoss()\nr = loss(x, x, x)\n", "pytorch", "nd") == [
        "unmapped-argument"
    ]


@pytest.mark.parametrize("line", ["a[0] = 5", "a += 1"])
def test_what_was_broadcast_is_not_written_to_in_pytorch(line: str) -> None:
    made = "from mxnet import np\na = np.broadcast_to(np.array([1., 2.]), (2, 2))"
    assert codes(f"{made}\n{line}\n", "pytorch")
    assert not codes(f"{made} * 1\n{line}\n", "pytorch")

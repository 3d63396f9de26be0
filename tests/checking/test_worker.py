"""A process of one framework runs snippets and brings named values back, whatever a snippet does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from diptych.checking.model import Array
from diptych.checking.process import FrameworkUnavailable, Worker
from diptych.equivalence.model import Dialect, Framework

pytestmark = pytest.mark.frameworks


@pytest.fixture(scope="module")
def torch() -> Iterator[Worker]:
    with Worker(Framework.PYTORCH, seconds=20) as worker:
        yield worker


@pytest.fixture(scope="module")
def mxnet_np() -> Iterator[Worker]:
    with Worker(Framework.MXNET, Dialect.NP, seconds=20) as worker:
        yield worker


def test_it_says_what_it_runs_on(torch: Worker, mxnet_np: Worker) -> None:
    assert {"python", "torch", "numpy"} == set(torch.versions)
    assert mxnet_np.versions["mxnet"] == "1.9.1"


def test_values_come_back_with_shape_and_dtype(torch: Worker) -> None:
    code = "import torch\na = torch.arange(6).reshape(2, 3)\nb = [a.float().sum().item(), 'x', None, {'k': a > 2}]"
    values = torch.run(code, ("a", "b")).values
    assert isinstance(values["a"], Array)
    assert (values["a"].dtype, values["a"].shape, list(values["a"].data)) == ("int64", (2, 3), [0, 1, 2, 3, 4, 5])
    assert isinstance(values["b"], list)
    assert values["b"][:3] == [15.0, "x", None]
    assert isinstance(values["b"][3], dict)
    assert isinstance(values["b"][3]["k"], Array)
    assert values["b"][3]["k"].dtype == "bool"


def test_the_np_dialect_is_on_where_it_is_asked_for(mxnet_np: Worker) -> None:
    values = mxnet_np.run(
        "from mxnet import np, npx\nactive = npx.is_np_array()\ntotal = np.ones((2, 3)).sum()", ("active", "total")
    ).values
    assert values["active"] is True
    assert isinstance(values["total"], Array)
    assert values["total"].shape == ()


def test_what_a_snippet_prints_does_not_disturb(torch: Worker) -> None:
    assert torch.run("import os\nprint('{\"values\": {}}')\nos.write(1, b'noise\\n')\na = 1", ("a",)).values == {"a": 1}


def test_snippets_share_neither_names_nor_files(torch: Worker) -> None:
    torch.run("leftover = 1\nopen('file', 'w').close()", ())
    outcome = torch.run("import os\nfiles = os.listdir()\nnames = 'leftover' in globals()", ("files", "names"))
    assert outcome.values == {"files": [], "names": False}


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("def (", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("b = 1", "defines no 'a'"),
        ("a = object()", "can't be compared"),
        ("a = {}['missing']", "KeyError"),
    ],
)
def test_an_error_is_told_and_the_process_goes_on(torch: Worker, code: str, says: str) -> None:
    assert says in torch.run(code, ("a",)).error
    assert torch.run("a = 1", ("a",)).values == {"a": 1}


@pytest.mark.parametrize(
    "code",
    [
        "import time\ntime.sleep(60)",
        "import os\nos._exit(9)",
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    ],
)
def test_a_snippet_that_hangs_or_kills_its_process_ends_alone(code: str) -> None:
    with Worker(Framework.PYTORCH, seconds=1.0) as worker:
        assert "no answer" in worker.run(code, ()).error
        assert worker.run("a = 1", ("a",)).values == {"a": 1}


def test_fill_wants_an_array_for_every_parameter(torch: Worker) -> None:
    code = "from torch import nn\nimport numpy\nfill(nn.Linear(2, 1), numpy.ones((1, 2), 'float32'))"
    assert "2 parameters, 1 arrays" in torch.run(code, ()).error


def test_fill_without_arrays_sets_weights_and_running_statistics(torch: Worker) -> None:
    layer = "from torch import nn\nlayer = nn.BatchNorm1d(2)\nfill(layer)\n"
    code = layer + "v = [layer.weight, layer.bias, layer.running_var]"
    found = torch.run(code, ("v",)).values["v"]
    assert [round(array.data[0], 2) for array in found] == [0.3, 0.51, 0.34]


def test_fill_reaches_the_parameters_that_a_layer_computes_with(torch: Worker) -> None:
    code = "import torch\nfrom torch import nn\nlayer = nn.PReLU()\nfill(layer)\ny = layer(-torch.ones(1)).item()"
    assert torch.run(code, ("y",)).values["y"] == pytest.approx(-0.3)


def test_an_interpreter_without_the_framework_is_refused_with_advice(tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text("#!/bin/sh\nexec false\n")
    bare.chmod(0o755)
    with pytest.raises(FrameworkUnavailable, match="diptych doctor"), Worker(Framework.MXNET, interpreter=str(bare)):
        pass

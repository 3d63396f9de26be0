"""MXNet in every other supported interpreter that is installed here: Python 3.10 with NumPy 1.26, 3.12 and 3.13 with
NumPy 2. The wheel is installed beside it.

PyTorch is not tried there: on those versions it comes as a CUDA build of 5 GB. It stays in this interpreter, and the
last test has each framework live in an interpreter of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from environments import Environment

from diptych.equivalence.model import Framework
from diptych.runtime import FrameworkProcess, Output, Stream, find, mnist

pytestmark = pytest.mark.frameworks
EXERCISE = Path(__file__).parent / "exercise_mxnet.py"


@pytest.fixture(scope="session")
def reference() -> dict[str, object]:
    """What the exercise reports in this interpreter."""
    command = [sys.executable, "-m", "diptych.runtime", str(EXERCISE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_mxnet_trains_as_in_the_reference_environment(elsewhere: Environment, reference: dict[str, object]) -> None:
    folder = str(mnist.locate().folder)
    report = json.loads(elsewhere.run("-m", "diptych.runtime", str(EXERCISE), DIPTYCH_MNIST=folder))
    assert report["labels"] == reference["labels"] == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert report["losses"] == pytest.approx(reference["losses"], rel=1e-3)
    assert report["losses"][1] < report["losses"][0]


def test_nothing_global_is_touched(elsewhere: Environment) -> None:
    code = (
        "import sys, numpy, numpy.testing\n"
        "before = dict(vars(numpy))\n"
        "from diptych.runtime import enable_shims\n"
        "enable_shims()\n"
        "import mxnet\n"
        "changed = [n for n, v in vars(numpy).items() if n not in before or before[n] is not v]\n"
        "print([n for n in changed if type(vars(numpy)[n]) is not type(sys)], 'distutils.version' in sys.modules)\n"
    )
    assert elsewhere.run("-W", "ignore", "-c", code) == "[] False\n"


def test_an_import_without_the_shims_is_mended_by_a_restart_alone(elsewhere: Environment) -> None:
    code = (
        "try: import mxnet\n"
        "except Exception: pass\n"
        "from diptych.runtime import ShimError, enable_shims\n"
        "try: enable_shims()\n"
        "except ShimError as error: print(error)\n"
    )
    assert "restart the kernel" in elsewhere.run("-W", "ignore", "-c", code)


def test_lookup_and_conversion_work_from_the_wheel(elsewhere: Environment) -> None:
    code = "from diptych import convert; print(convert('import torch\\nx = torch.ones(5, 3)\\n').code)"
    assert "nd.ones((5, 3))" in elsewhere.run("-c", code)


async def test_each_framework_may_live_in_an_interpreter_of_its_own(
    elsewhere: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIPTYCH_MXNET_PYTHON", elsewhere.python)
    mxnet, torch = find(Framework.MXNET), find(Framework.PYTORCH)
    assert (mxnet.problem, mxnet.interpreter) == ("", elsewhere.python)
    assert (torch.problem, torch.interpreter) == ("", sys.executable)
    code = {
        Framework.MXNET: "from mxnet.gluon.data.vision import datasets; print(datasets.MNIST(train=False)[0][1])",
        Framework.PYTORCH: "from torchvision import datasets; print(datasets.MNIST('x', train=False)[0][1])",
    }
    for runtime in (mxnet, torch):
        outputs: list[Output] = []
        async with FrameworkProcess(runtime) as process:
            await process.execute(code[runtime.framework], outputs.append)
        assert outputs == [Stream("stdout", "7\n")]

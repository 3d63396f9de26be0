import pytest

from diptych.equivalence.model import Framework
from diptych.runtime.model import Device, Runtime
from diptych.training.errors import InvalidRequest, RuntimeUnavailable, UnknownDevice
from diptych.training.model import RunRequest
from diptych.training.requests import plan

GPU = Device("cuda:0", "GPU")
NO_GPU = Device("cuda:0", "GPU", available=False, reason="A CPU-only build.")
CPU = Device("cpu", "CPU")
TORCH = Runtime(Framework.PYTORCH, "python", devices=(CPU, GPU))
MXNET = Runtime(Framework.MXNET, "python", devices=(CPU, NO_GPU))


def order(**options: object) -> list[list[str]]:
    groups = plan(RunRequest(**options), (TORCH, MXNET))  # type: ignore[arg-type]  # options of a request
    return [[planned.run.framework.value for planned in group] for group in groups]


def test_one_after_the_other_in_alternating_order() -> None:
    assert order(repeats=3) == [["pytorch"], ["mxnet"], ["mxnet"], ["pytorch"], ["pytorch"], ["mxnet"]]


def test_both_at_once_if_that_is_wanted() -> None:
    assert order(repeats=2, parallel=True) == [["pytorch", "mxnet"], ["mxnet", "pytorch"]]


def test_the_runs_of_a_request_belong_together() -> None:
    runs = [planned.run for group in plan(RunRequest(repeats=2), (TORCH, MXNET)) for planned in group]
    assert len({run.id for run in runs}) == 4
    assert len({run.comparison for run in runs}) == 1
    assert {run.total_epochs for run in runs} == {5}


def test_an_unknown_device_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownDevice, match=r"PyTorch has no device 'tpu' here. Available: cpu, cuda:0."):
        plan(RunRequest(device="tpu"), (TORCH, MXNET))
    with pytest.raises(UnknownDevice, match=r"MXNet .*\(A CPU-only build\)"):
        plan(RunRequest(device="cuda"), (TORCH, MXNET))


def test_a_framework_that_is_missing_says_how_to_mend_it() -> None:
    broken = Runtime(Framework.MXNET, problem="No module named 'mxnet'", remedy="Run `pip install mxnet==1.9.1`.")
    with pytest.raises(RuntimeUnavailable, match=r"MXNet can't run: .*pip install"):
        plan(RunRequest(), (TORCH, broken))
    with pytest.raises(RuntimeUnavailable, match="doctor"):
        plan(RunRequest(), (TORCH,))


@pytest.mark.parametrize(
    "wrong",
    [
        {"frameworks": ()},
        {"frameworks": (Framework.MXNET, Framework.MXNET)},
        {"repeats": 0},
        {"repeats": 10_000},
        {"threads": 0},
        {"threads": 100_000},
    ],
)
def test_requests_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest, match=r"must|cores"):
        order(**wrong)

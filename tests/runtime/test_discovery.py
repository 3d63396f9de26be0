"""Which interpreter or kernel a framework gets, and what is said where it can't work."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import platformdirs
import pytest

from diptych.equivalence.model import Framework
from diptych.runtime import ConfigurationError, discover, discovery, find, remedies
from diptych.runtime.probe import Probe

VARIABLES = ("DIPTYCH_PYTORCH_PYTHON", "DIPTYCH_MXNET_PYTHON", "DIPTYCH_PYTORCH_KERNEL", "DIPTYCH_MXNET_KERNEL")


@pytest.fixture(autouse=True)
def own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's configuration file, empty, in a folder of the test's own."""
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda *_args, **_options: str(tmp_path / "config"))
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / "runtimes.toml"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An interpreter in which nothing is installed."""
    environment = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    return str(environment / "bin" / "python")


@pytest.mark.frameworks
@pytest.mark.parametrize("framework", list(Framework))
def test_this_environment_has_both_frameworks(framework: Framework) -> None:
    runtime = find(framework, fresh=True)
    assert runtime.problem == ""
    assert runtime.interpreter == sys.executable
    assert runtime.python == ".".join(map(str, sys.version_info[:3]))
    assert runtime.version
    assert runtime.numpy
    assert runtime.devices[0].name == "cpu"
    assert runtime.devices[0].available


@pytest.mark.frameworks
def test_a_device_that_cannot_be_used_has_a_reason() -> None:
    for runtime in discover():
        for device in runtime.devices:
            assert device.available == (device.reason == "")
    gpu = next(device for device in find(Framework.MXNET).devices if device.name == "cuda:0")
    assert gpu.available or "without CUDA" in gpu.reason or "NVIDIA" in gpu.reason


@pytest.mark.frameworks
def test_the_second_answer_is_remembered() -> None:
    discover()
    started = time.monotonic()
    again = discover()
    assert time.monotonic() - started < 0.5
    assert {runtime.framework for runtime in again} == set(Framework)


def test_an_interpreter_without_the_framework_gets_the_command_that_installs_it(
    bare: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIPTYCH_MXNET_PYTHON", bare)
    monkeypatch.setenv("DIPTYCH_PYTORCH_PYTHON", bare)
    mxnet, torch = find(Framework.MXNET), find(Framework.PYTORCH)
    assert mxnet.problem == f"MXNet is not installed in {bare}."
    assert mxnet.remedy.startswith(f"{bare} -m pip install --no-deps mxnet==1.9.1 && ")
    assert torch.problem == f"PyTorch is not installed in {bare}."
    assert torch.remedy == f"{bare} -m pip install torch torchvision ipykernel"


def test_what_the_user_names_is_taken_even_if_it_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIPTYCH_MXNET_PYTHON", "/nowhere/python")
    runtime = find(Framework.MXNET)
    assert runtime.problem == "There is no interpreter /nowhere/python."
    assert "DIPTYCH_MXNET_PYTHON" in runtime.remedy


def test_a_program_that_is_no_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIPTYCH_MXNET_PYTHON", "/bin/false")
    assert "exit code 1" in find(Framework.MXNET).problem


def test_an_interpreter_in_the_configuration_file(bare: str, own_configuration: Path) -> None:
    own_configuration.write_text(f'[mxnet]\npython = "{bare}"\n')
    assert find(Framework.MXNET).interpreter == bare


@pytest.mark.parametrize("text", ["not toml", '[mxnet]\npyhton = "x"', "mxnet = 1", "[mxnet]\npython = 3"])
def test_a_configuration_that_cannot_be_read_is_named(own_configuration: Path, text: str) -> None:
    own_configuration.write_text(text)
    with pytest.raises(ConfigurationError, match=r"runtimes\.toml"):
        find(Framework.MXNET)


@pytest.mark.frameworks
def test_a_kernelspec_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = tmp_path / "jupyter" / "kernels" / "its-own"
    spec.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Its own", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("DIPTYCH_MXNET_KERNEL", "its-own")
    runtime = find(Framework.MXNET)
    assert (runtime.problem, runtime.kernel, runtime.interpreter) == ("", "its-own", "")
    assert runtime.version == "1.9.1"


def test_a_kernel_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIPTYCH_MXNET_KERNEL", "no-such-kernel")
    assert "There is no kernel named no-such-kernel" in find(Framework.MXNET).problem


@pytest.mark.parametrize(
    ("platform", "words"),
    [(("darwin", "arm64"), "macOS on arm64"), (("win32", "AMD64"), "Windows on AMD64")],
)
def test_a_platform_without_an_mxnet_wheel_says_what_still_works(platform: tuple[str, str], words: str) -> None:
    probe = Probe(Framework.MXNET, "python", "3.12.0", platform, missing="mxnet", error="No module named 'mxnet'")
    problem, remedy = remedies.of(probe)
    assert words in problem
    assert "Lookup and conversion work" in problem
    assert "DIPTYCH_MXNET_KERNEL" in remedy


def test_a_framework_that_fails_to_import_says_why() -> None:
    probe = Probe(
        Framework.MXNET,
        "python",
        "3.12.0",
        ("linux", "x86_64"),
        version="1.9.1",
        error="OSError: libgomp.so.1: missing",
    )
    assert "MXNet does not import in python: OSError: libgomp.so.1: missing" in remedies.of(probe)[0]


def test_the_configuration_file_is_in_the_users_configuration_folder(own_configuration: Path) -> None:
    assert discovery.configuration_file() == own_configuration

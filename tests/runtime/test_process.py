"""A framework in a process of its own: real kernels."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from diptych.equivalence.model import Framework
from diptych.runtime import (
    Display,
    ExecutionError,
    Failure,
    FrameworkProcess,
    KernelDied,
    Output,
    RuntimeUnavailable,
    Stream,
    find,
    mnist,
)
from diptych.runtime.model import Runtime

pytestmark = pytest.mark.frameworks


def this_interpreter(framework: Framework = Framework.MXNET) -> Runtime:
    return Runtime(framework, interpreter=sys.executable)


@pytest_asyncio.fixture
async def process() -> AsyncIterator[FrameworkProcess]:
    async with FrameworkProcess(this_interpreter()) as started:
        yield started


def text_of(outputs: list[Output]) -> str:
    return "".join(output.text for output in outputs if isinstance(output, Stream))


def is_running(pid: int) -> bool:
    """Whether a process exists and is not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def gone(pid: int, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    return not is_running(pid)


async def test_output_comes_in_order_and_by_kind(process: FrameworkProcess) -> None:
    outputs: list[Output] = []
    code = "import sys\nprint('one')\nprint('two', file=sys.stderr)\n40 + 2"
    await process.execute(code, outputs.append)
    assert Stream("stdout", "one\n") in outputs
    assert Stream("stderr", "two\n") in outputs
    assert isinstance(outputs[-1], Display)
    assert outputs[-1].result
    assert outputs[-1].data == {"text/plain": "42"}


async def test_events_of_observers_are_told_apart_from_output(process: FrameworkProcess) -> None:
    outputs: list[Output] = []
    events: list[Any] = []
    code = """
        from IPython.display import display
        for step in range(3):
            display({"application/vnd.diptych.event+json": {"step": step}}, raw=True)
        print("done")
    """
    await process.execute(textwrap.dedent(code), outputs.append, events.append)
    assert events == [{"step": 0}, {"step": 1}, {"step": 2}]
    assert outputs == [Stream("stdout", "done\n")]


async def test_an_error_of_the_code_keeps_its_name_and_traceback(process: FrameworkProcess) -> None:
    outputs: list[Output] = []
    with pytest.raises(ExecutionError, match="ZeroDivisionError: division by zero") as raised:
        await process.execute("1 / 0", outputs.append)
    assert isinstance(outputs[-1], Failure)
    assert "ZeroDivisionError" in "".join(raised.value.traceback)
    await process.execute("assert True")


async def test_threads_environment_and_working_directory_are_set_before_the_start(tmp_path: Path) -> None:
    process = FrameworkProcess(this_interpreter())
    outputs: list[Output] = []
    try:
        await process.start(threads=1, env={"DIPTYCH_TEST": "yes"}, cwd=tmp_path)
        code = "import os; print(os.environ['OMP_NUM_THREADS'], os.environ['DIPTYCH_TEST'], os.getcwd())"
        await process.execute(code, outputs.append)
    finally:
        await process.kill()
    assert text_of(outputs) == f"1 yes {tmp_path}\n"


@pytest.mark.parametrize("framework", list(Framework))
async def test_both_frameworks_read_the_same_real_images(framework: Framework) -> None:
    code = {
        Framework.PYTORCH: """
            import hashlib, torchvision
            data = torchvision.datasets.MNIST("nowhere", train=False)
            print(len(data), hashlib.sha256(data.data.numpy().tobytes()).hexdigest(), int(data.targets.sum()))
        """,
        Framework.MXNET: """
            import hashlib, mxnet
            data = mxnet.gluon.data.vision.datasets.MNIST(train=False)
            print(len(data), hashlib.sha256(data._data.asnumpy().tobytes()).hexdigest(), int(data._label.sum()))
        """,
    }
    outputs: list[Output] = []
    async with FrameworkProcess(find(framework)) as process:
        await process.execute(textwrap.dedent(code[framework]), outputs.append)
    assert text_of(outputs) == figures_of_the_files()


def figures_of_the_files() -> str:
    files = mnist.locate()
    images, labels = files.test_images.read_bytes()[16:], files.test_labels.read_bytes()[8:]
    return f"10000 {hashlib.sha256(images).hexdigest()} {sum(labels)}\n"


async def test_an_interrupt_stops_the_code_and_leaves_the_process(process: FrameworkProcess) -> None:
    running = asyncio.create_task(process.execute("kept = 1\nimport time\ntime.sleep(60)"))
    await asyncio.sleep(0.5)
    await process.interrupt()
    with pytest.raises(ExecutionError, match="KeyboardInterrupt"):
        await asyncio.wait_for(running, 10)
    await process.execute("assert kept == 1")


async def test_a_killed_kernel_is_noticed_at_once_and_its_workers_end_too(process: FrameworkProcess) -> None:
    outputs: list[Output] = []
    code = """
        import multiprocessing, time
        worker = multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,))
        worker.start()
        print(worker.pid, flush=True)
        time.sleep(600)
    """
    running = asyncio.create_task(process.execute(textwrap.dedent(code), outputs.append))
    while not text_of(outputs):
        await asyncio.sleep(0.05)
    worker, kernel = int(text_of(outputs)), process.pid
    assert kernel is not None
    os.kill(kernel, signal.SIGKILL)
    killed = time.monotonic()
    with pytest.raises(KernelDied, match="ended by SIGKILL"):
        await asyncio.wait_for(running, 10)
    assert time.monotonic() - killed < 2
    assert not await process.is_alive()
    assert await gone(worker)


async def test_a_crash_tells_the_last_words(process: FrameworkProcess) -> None:
    with pytest.raises(KernelDied, match=r"exit code 3"):
        await process.execute("import os; os._exit(3)")
    with pytest.raises(KernelDied):
        await process.execute("1")


async def test_nothing_outlives_the_process_that_started_it(tmp_path: Path) -> None:
    program = """
        import asyncio, sys
        from diptych.equivalence.model import Framework
        from diptych.runtime import FrameworkProcess, Stream
        from diptych.runtime.model import Runtime

        async def main():
            process = FrameworkProcess(Runtime(Framework.MXNET, interpreter=sys.executable))
            await process.start()
            code = (
                "import multiprocessing, os, time\\n"
                "worker = multiprocessing.get_context('fork').Process(target=time.sleep, args=(600,))\\n"
                "worker.start()\\nprint(os.getpid(), worker.pid, flush=True)\\ntime.sleep(600)"
            )
            await process.execute(code, lambda output: print(output.text, flush=True))

        asyncio.run(main())
    """
    script = tmp_path / "parent.py"
    script.write_text(textwrap.dedent(program))
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    kernel, worker = map(int, (await asyncio.to_thread(parent.stdout.readline)).split())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert await gone(kernel)
    assert await gone(worker)


async def test_an_interpreter_without_ipykernel_says_how_to_install_it(tmp_path: Path) -> None:
    environment = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / "bin" / "python"
    with pytest.raises(RuntimeUnavailable, match=f"{python} -m pip install ipykernel"):
        await FrameworkProcess(Runtime(Framework.MXNET, interpreter=str(python))).start()


async def test_a_runtime_with_a_problem_is_not_started() -> None:
    broken = Runtime(Framework.MXNET, problem="MXNet is not installed.", remedy="pip install mxnet")
    with pytest.raises(RuntimeUnavailable, match=r"MXNet is not installed\. pip install mxnet"):
        await FrameworkProcess(broken).start()


async def test_a_kill_ends_the_wait_for_running_code(process: FrameworkProcess) -> None:
    running = asyncio.create_task(process.execute("import time; time.sleep(600)"))
    await asyncio.sleep(0.5)
    await process.kill()
    with pytest.raises(KernelDied):
        await asyncio.wait_for(running, 10)


async def test_diptych_need_not_be_installed_where_the_code_runs(process: FrameworkProcess) -> None:
    code = "import sys, mxnet; from mxnet.gluon.data.vision import datasets; print(len(datasets.MNIST(train=False)))"
    outputs: list[Output] = []
    await process.execute(
        f"{code}\nprint(any(name.split('.')[0] == 'diptych' for name in sys.modules))", outputs.append
    )
    assert text_of(outputs) == "10000\nFalse\n"


@pytest.mark.parametrize(
    "code",
    [
        "import torchvision; torchvision.datasets.MNIST('data', download=True)",
        "import mxnet; mxnet.gluon.data.vision.datasets.MNIST()",
    ],
)
async def test_absent_images_are_told_where_a_data_set_is_made(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIPTYCH_MNIST", str(tmp_path))
    async with FrameworkProcess(this_interpreter()) as process:
        await process.execute("print('works without them')")
        with pytest.raises(ExecutionError, match="does not hold MNIST: expected the four files"):
            await process.execute(code)

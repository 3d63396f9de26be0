"""`%load_ext diptych` and `%%mxnet` in a real notebook kernel."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

pytestmark = pytest.mark.frameworks


def run_notebook(*cells: str, folder: Path | None = None) -> list[list[Any]]:
    """The outputs of each cell; raises the first error. Cells run in order in one fresh kernel."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    resources = {"metadata": {"path": str(folder)}} if folder else {}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources).execute()
    return [cell.outputs for cell in notebook.cells]


def printed(outputs: list[Any], name: str = "stdout") -> str:
    return "".join(output.text for output in outputs if output.output_type == "stream" and output.name == name)


def test_cells_share_the_mxnet_process_and_nothing_with_the_notebook(tmp_path: Path) -> None:
    outputs = run_notebook(
        "%load_ext diptych\nimport os, sys\nx = 'the notebook'\nprint(os.getpid())",
        "%%mxnet\nimport os, sys\nfrom mxnet import nd\nx = nd.ones((5, 3))\nprint(os.getpid(), os.getcwd())\nx.sum()",
        "%%mxnet\nprint(x.shape)\nprint('careful', file=sys.stderr)",
        "print(x, 'mxnet' in sys.modules)",
        folder=tmp_path,
    )
    pid, folder = printed(outputs[1]).split()
    assert pid != printed(outputs[0]).strip()
    assert folder == str(tmp_path)
    assert "[15.]" in outputs[1][-1].data["text/plain"]
    assert printed(outputs[2]) == "(5, 3)\n"
    assert printed(outputs[2], "stderr") == "careful\n"
    assert printed(outputs[3]) == "the notebook False\n"


def test_rich_results_and_updates_are_relayed() -> None:
    outputs = run_notebook(
        "%load_ext diptych",
        "%%mxnet\nfrom IPython.display import HTML, display\n"
        "handle = display(HTML('<b>one</b>'), display_id=True)\nhandle.update(HTML('<b>two</b>'))",
    )
    assert [output.data["text/html"] for output in outputs[1]] == ["<b>two</b>"]


def test_an_error_ends_the_cell_with_the_traceback_of_the_other_process() -> None:
    with pytest.raises(CellExecutionError) as raised:
        run_notebook("%load_ext diptych", "%%mxnet\ndef reciprocal(n):\n    return 1 / n\n\nreciprocal(0)")
    assert "ZeroDivisionError" in raised.value.traceback
    assert "reciprocal(n)" in raised.value.traceback
    assert "background.py" not in raised.value.traceback


def test_an_interrupt_reaches_the_mxnet_process() -> None:
    interrupt_soon = (
        "import os, signal, threading\n"
        "threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()\n"  # what the stop button does
        "try:\n"
        "    get_ipython().run_cell_magic('mxnet', '', 'kept = 1\\nimport time\\ntime.sleep(60)')\n"
        "except Exception as error:\n"
        "    print(error)"
    )
    outputs = run_notebook("%load_ext diptych", "%%mxnet\n1", interrupt_soon, "%%mxnet\nprint(kept)")
    assert printed(outputs[2]) == "KeyboardInterrupt\n"
    assert printed(outputs[3]) == "1\n"


def test_restart_forgets_and_a_killed_process_starts_anew() -> None:
    kill = "%%mxnet\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
    outputs = run_notebook(
        "%load_ext diptych",
        "%%mxnet\nkept = 1",
        "%mxnet_restart",
        "%%mxnet\nprint('kept' in globals())\nkept = 1",
        f"try:\n    get_ipython().run_cell({kill!r}).raise_error()\nexcept Exception as error:\n    print(error)",
        "%%mxnet\nprint('kept' in globals())",
    )
    assert printed(outputs[3]) == "False\n"
    assert "ended by SIGKILL" in printed(outputs[4])
    assert printed(outputs[5]) == "False\n"


def test_without_mxnet_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "DIPTYCH_MXNET_PYTHON", "/nowhere/python")
    with pytest.raises(CellExecutionError, match="finds no MXNet") as raised:
        run_notebook("%load_ext diptych", "%%mxnet\n1")
    assert "There is no interpreter /nowhere/python." in str(raised.value)
    assert "DIPTYCH_MXNET_PYTHON" in str(raised.value)


def test_the_shims_are_on_in_the_notebook_itself() -> None:
    outputs = run_notebook(
        "%load_ext diptych",
        "from torchvision import datasets\nprint(len(datasets.MNIST('nowhere', train=False, download=True)))",
    )
    assert printed(outputs[1]) == "10000\n"

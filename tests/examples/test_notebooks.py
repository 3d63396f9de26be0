"""The article's notebooks: both languages hold the same code, and the outputs checked in are what it prints today."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("ten_minutes.ipynb", "ten_minutes.zh.ipynb")
EPOCH = re.compile(r"epoch (\d+), avg loss ([\d.]+), time [\d.]+")
# The article's own figures; other weights and another order of the images move the losses a little.
ARTICLE = {
    "training-torch": (0.3251, 0.1509, 0.1057, 0.0820, 0.0666),
    "training-mxnet": (0.3162, 0.1503, 0.1073, 0.0830, 0.0674),
}
LOSS_TOLERANCE = 0.02


def read(name: str) -> NotebookNode:
    return nbformat.read(EXAMPLES / name, as_version=4)


def printed(notebook: NotebookNode) -> dict[str, str]:
    """What each code cell wrote to standard output, by cell id."""
    return {
        cell.id: "".join(output.get("text", "") for output in cell.outputs if output.output_type == "stream")
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


def losses(text: str) -> list[float]:
    return [float(loss) for _, loss in EPOCH.findall(text)]


def test_both_languages_hold_the_same_code() -> None:
    english, chinese = (
        [(cell.id, cell.source) for cell in read(name).cells if cell.cell_type == "code"] for name in NAMES
    )
    assert english == chinese


def test_both_languages_explain_the_same_steps() -> None:
    english, chinese = ([cell.id for cell in read(name).cells] for name in NAMES)
    assert english == chinese
    assert all(re.search(r"[\u4e00-\u9fff]", cell.source) for cell in read(NAMES[1]).cells if cell.cell_type != "code")


@pytest.mark.parametrize("name", NAMES)
def test_checked_in_outputs_reach_the_losses_of_the_article(name: str) -> None:
    outputs = printed(read(name))
    for cell, expected in ARTICLE.items():
        assert losses(outputs[cell]) == pytest.approx(expected, abs=LOSS_TOLERANCE)


@pytest.mark.frameworks
def test_notebook_prints_what_is_checked_in(tmp_path: Path) -> None:
    """The code of both notebooks is the same (see above), so one execution stands for both."""
    notebook = read(NAMES[0])
    expected = printed(notebook)
    NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    actual = printed(notebook)
    for cell, text in expected.items():
        if losses(text):
            assert losses(actual[cell]) == pytest.approx(losses(text), abs=LOSS_TOLERANCE), cell
        else:
            assert actual[cell] == text, cell

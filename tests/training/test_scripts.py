from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diptych.equivalence.model import Framework
from diptych.training.errors import InvalidRequest, UnknownParameter
from diptych.training.model import Parameters, Script
from diptych.training.scripts import check_parameters, epochs_of, example, parameters_of, prepare


@pytest.mark.parametrize("framework", list(Framework))
def test_the_examples_declare_what_the_form_sets(framework: Framework) -> None:
    values = {parameter.name: parameter.value for parameter in parameters_of(example(framework).text)}
    expected = {"epochs": 5, "batch_size": 128, "learning_rate": 0.1, "seed": 42, "device": None, "num_workers": 0}
    assert values == expected


def test_the_examples_are_line_parallel() -> None:
    """Both have the same cells in the same order."""
    cells = [
        [line for line in example(framework).text.splitlines() if line.startswith("# %%")] for framework in Framework
    ]
    assert cells[0] == cells[1]


def test_defaults_are_told_as_written() -> None:
    text = '# %% tags=["parameters"]\nrate: float = 1e-3\nname = "a" "b"\ndevice = mx.cpu()\n'
    assert [(p.name, p.default, p.value) for p in parameters_of(text)] == [
        ("rate", "1e-3", 0.001),
        ("name", '"a" "b"', "ab"),
        ("device", "mx.cpu()", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "epochs = 5\n",
        "# %%\nepochs = 5\n",
        's = """\n# %% tags=["parameters"]\nepochs = 5\n"""\n',
        '# %% tags=["parameters"]\nepochs = = 5\n',
        "",
    ],
    ids=["no cells", "no tag", "in a string", "syntax error", "empty"],
)
def test_a_script_without_the_cell_has_no_parameters(text: str) -> None:
    assert parameters_of(text) == ()


def test_the_cell_ends_where_the_next_begins() -> None:
    text = '# %% [code] tags=["fast", "parameters"]\na = 1\n# %%\nb = 2\n'
    assert [parameter.name for parameter in parameters_of(text)] == ["a"]


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    parameters_of(text)


def test_values_come_after_the_cell() -> None:
    text = 'import x\n# %% tags=["parameters"]\nepochs = 5\nseed = 1\n# %%\nprint(epochs)\n'
    job = prepare(Script(text), Framework.PYTORCH, "cpu", Parameters(epochs=2))
    assert (job.after_line, job.values, job.epochs) == (4, {"epochs": "2"}, True)


@pytest.mark.parametrize(
    ("framework", "default", "device", "source"),
    [
        (Framework.PYTORCH, '"cpu"', "cuda:1", "'cuda:1'"),
        (Framework.PYTORCH, 'torch.device("cpu")', "cuda:1", "__import__('torch').device('cuda:1')"),
        (Framework.MXNET, "mx.cpu()", "cpu", "__import__('mxnet').cpu()"),
        (Framework.MXNET, "mx.cpu()", "cuda", "__import__('mxnet').gpu(0)"),
        (Framework.MXNET, "mx.cpu()", "cuda:1", "__import__('mxnet').gpu(1)"),
        (Framework.MXNET, '"cpu"', "cuda", "'gpu'"),
    ],
)
def test_the_device_is_written_as_the_script_writes_it(
    framework: Framework, default: str, device: str, source: str
) -> None:
    text = f'# %% tags=["parameters"]\ndevice = {default}\n'
    assert prepare(Script(text), framework, device, Parameters()).values["device"] == source


def test_nothing_that_was_asked_for_is_dropped() -> None:
    with pytest.raises(UnknownParameter, match="no parameter `epochs`"):
        prepare(Script("print(1)\n"), Framework.PYTORCH, "cpu", Parameters(epochs=1))
    with pytest.raises(UnknownParameter, match="no parameter `device`"):
        prepare(Script("print(1)\n"), Framework.PYTORCH, "cuda:0", Parameters())


def test_a_script_without_parameters_runs_as_it_is() -> None:
    assert prepare(Script("print(1)\n"), Framework.MXNET, "cpu", Parameters()).values == {}


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="does not exist"):
        prepare(Script("", str(tmp_path / "gone" / "a.py")), Framework.PYTORCH, "cpu", Parameters())


def test_the_number_of_epochs_is_known_before() -> None:
    script = Script('# %% tags=["parameters"]\nepochs = 5\n')
    assert epochs_of(script, Parameters()) == 5
    assert epochs_of(script, Parameters(epochs=2)) == 2
    assert epochs_of(Script("epochs = 5\n"), Parameters()) is None


@pytest.mark.parametrize(
    "parameters",
    [
        Parameters(epochs=0),
        Parameters(batch_size=-1),
        Parameters(learning_rate=0.0),
        Parameters(learning_rate=float("nan")),
        Parameters(seed=-1),
        Parameters(seed=2**40),
    ],
)
def test_impossible_values_are_refused(parameters: Parameters) -> None:
    with pytest.raises(InvalidRequest, match="must"):
        check_parameters(parameters)

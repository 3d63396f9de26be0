"""The scripts that run: the shipped examples, their parameters cell, and what is injected into it."""

from __future__ import annotations

import ast
import io
import math
import re
import tokenize
from importlib import resources
from pathlib import Path

from diptych.equivalence.model import Framework
from diptych.training.errors import InvalidRequest, UnknownParameter
from diptych.training.model import Parameters, Script, ScriptParameter
from diptych.training.observers.script import Job

_EXAMPLES = {Framework.PYTORCH: "mnist_mlp_torch.py", Framework.MXNET: "mnist_mlp_mxnet.py"}
_CELL = re.compile(r"# ?%%")
_PARAMETERS_CELL = re.compile(r"""# ?%%.*\btags\s*=\s*\[[^\]]*["']parameters["'][^\]]*\]""")
_ADVICE = 'Mark the cell that assigns it with a line `# %% tags=["parameters"]`, or leave the field empty.'


def example(framework: Framework) -> Script:
    """The shipped script of one framework."""
    name = _EXAMPLES[framework]
    package = Path(str(resources.files("diptych")))
    shipped = package / "examples" / name
    path = shipped if shipped.exists() else package.parents[1] / "examples" / name
    return Script(text=path.read_text(encoding="utf-8"), path=str(path))


def parameters_of(text: str) -> tuple[ScriptParameter, ...]:
    """The names assigned in the cell marked ``# %% tags=["parameters"]``, as Jupyter's own tools mark it, with their
    defaults. Empty where there is no such cell, or where the text can't be parsed."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return ()
    first, last = _parameters_lines(text)
    found: dict[str, ScriptParameter] = {}
    for statement in tree.body:
        if first <= statement.lineno <= last:
            for name, value in _assigned(statement):
                source = ast.get_source_segment(text, value) or ""
                found[name] = ScriptParameter(name=name, default=source, value=_literal(value))
    return tuple(found.values())


def prepare(script: Script, framework: Framework, device: str, parameters: Parameters) -> Job:
    """The job that runs ``script`` with these values put in after its parameters cell.

    Raises ``UnknownParameter`` if the script has no parameter of a name that is given, or no ``device`` where another
    than the CPU is wanted: nothing that was asked for is dropped in silence. Raises ``InvalidRequest`` if the script's
    directory does not exist."""
    known = {parameter.name: parameter for parameter in parameters_of(script.text)}
    given = {name: getattr(parameters, name) for name in parameters.__struct_fields__}
    values = {name: repr(value) for name, value in given.items() if value is not None}
    if "device" in known:
        values["device"] = _device_source(framework, device, known["device"])
    elif device != "cpu":
        values["device"] = device
    for name in values:
        if name not in known:
            raise UnknownParameter(f"{_label(script, framework)} has no parameter `{name}`. {_ADVICE}")
    directory = _directory(script)
    _, last = _parameters_lines(script.text)
    return Job(script.text, script.path, directory, script.arguments, last, values, "epochs" in known)


def epochs_of(script: Script, parameters: Parameters) -> int | None:
    """How many epochs the run will take, where the script says so in its parameters cell."""
    defaults = {parameter.name: parameter.value for parameter in parameters_of(script.text)}
    epochs = parameters.epochs if parameters.epochs is not None else defaults.get("epochs")
    return epochs if isinstance(epochs, int) and not isinstance(epochs, bool) else None


def check_parameters(parameters: Parameters) -> None:
    """Raise ``InvalidRequest`` for values that no training can use."""
    for name in ("epochs", "batch_size"):
        value = getattr(parameters, name)
        if value is not None and value < 1:
            raise InvalidRequest(f"`{name}` is {value}; it must be 1 or more.")
    rate = parameters.learning_rate
    if rate is not None and not (math.isfinite(rate) and rate > 0):
        raise InvalidRequest(f"`learning_rate` is {rate}; it must be a number above 0.")
    if parameters.seed is not None and not 0 <= parameters.seed < 2**31:
        raise InvalidRequest(f"`seed` is {parameters.seed}; it must lie between 0 and 2147483647.")


def _label(script: Script, framework: Framework) -> str:
    return Path(script.path).name if script.path else f"The {framework.value} script"


def _directory(script: Script) -> str:
    if not script.path:
        return ""
    directory = Path(script.path).expanduser().absolute().parent
    if not directory.is_dir():
        raise InvalidRequest(
            f"The directory {directory} does not exist. Save the script first, or leave its path empty."
        )
    return str(directory)


def _parameters_lines(text: str) -> tuple[int, int]:
    """The first and last line (1-based) of the parameters cell; (0, 0) if there is none."""
    cells = _cell_lines(text)
    for index, (line, comment) in enumerate(cells):
        if _PARAMETERS_CELL.match(comment):
            return line, cells[index + 1][0] - 1 if index + 1 < len(cells) else text.count("\n") + 1
    return 0, 0


def _cell_lines(text: str) -> list[tuple[int, str]]:
    """Comments at the start of a line that begin a cell; tokens, because strings may hold such lines as well."""
    cells = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and token.start[1] == 0 and _CELL.match(token.string):
                cells.append((token.start[0], token.string))
    except (tokenize.TokenError, SyntaxError):
        return []
    return cells


def _assigned(statement: ast.stmt) -> list[tuple[str, ast.expr]]:
    if isinstance(statement, ast.Assign):
        return [(target.id, statement.value) for target in statement.targets if isinstance(target, ast.Name)]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value is not None:
        return [(statement.target.id, statement.value)]
    return []


def _literal(value: ast.expr) -> int | float | bool | str | None:
    try:
        literal = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError):
        return None
    return literal if isinstance(literal, (int, float, bool, str)) else None


def _device_source(framework: Framework, device: str, parameter: ScriptParameter) -> str:
    """A string where the script's own default is one, else the framework's device object."""
    index = int(device.partition(":")[2] or 0)
    if framework is Framework.PYTORCH:
        return repr(device) if isinstance(parameter.value, str) else f"__import__('torch').device({device!r})"
    if isinstance(parameter.value, str):
        return repr("cpu" if device == "cpu" else f"gpu({index})" if index else "gpu")
    return f"__import__('mxnet').{'cpu()' if device == 'cpu' else f'gpu({index})'}"

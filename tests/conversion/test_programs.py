"""Small programs that look harmless: each converts to what computes the same `r`, or is refused with a diagnostic.

`programs/<framework>.txt` holds them, one after an empty line. Where only the family of the dtype differs (the nd
dialect has no booleans and counts in float32) a diagnostic with the code `dtype` has to say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from diptych.checking.compare import Tolerance, agree
from diptych.checking.process import Worker
from diptych.conversion.convert import convert
from diptych.conversion.model import Severity
from diptych.equivalence.model import Dialect, Framework

PROGRAMS = Path(__file__).parent / "programs"
HEADS = {Framework.PYTORCH: "import torch\n", Framework.MXNET: "import mxnet as mx\nfrom mxnet import nd\n"}

pytestmark = pytest.mark.frameworks


def programs() -> list[tuple[Framework, str]]:
    return [
        (framework, program.strip("\n"))
        for framework in Framework
        for program in (PROGRAMS / f"{framework.value}.txt").read_text(encoding="utf-8").split("\n\n")
    ]


@pytest.fixture(scope="module")
def workers() -> Iterator[dict[Framework, Worker]]:
    with ExitStack() as stack:
        yield {framework: stack.enter_context(Worker(framework, seconds=30)) for framework in Framework}


@pytest.mark.parametrize(("framework", "program"), programs(), ids=lambda value: str(value).replace("\n", "; "))
def test_converts_to_the_same_or_is_refused(
    framework: Framework, program: str, workers: dict[Framework, Worker]
) -> None:
    source = f"{HEADS[framework]}{program}\n"
    original = workers[framework].run(source, ("r",))
    assert not original.error
    conversion = convert(source, to=framework.other, dialect="nd")
    if any(diagnostic.severity is Severity.ERROR for diagnostic in conversion.diagnostics):
        return
    converted = workers[framework.other].run(conversion.code, ("r",))
    assert not converted.error, f"{converted.error}\nin the converted\n{conversion.code}"
    values = {framework: original.values["r"], framework.other: converted.values["r"]}
    told = any(diagnostic.code == "dtype" for diagnostic in conversion.diagnostics)
    tolerance = Tolerance(dialect=Dialect.ND, any_dtype=told)
    assert not (problem := agree(values[Framework.PYTORCH], values[Framework.MXNET], tolerance).problem), (
        f"{problem}\nin the converted\n{conversion.code}"
    )

"""Both frameworks at hand: what a program computes, and whether its conversion computes the same."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from types import TracebackType

from diptych import convert
from diptych.checking.compare import Tolerance, agree
from diptych.checking.model import Outcome
from diptych.checking.process import Worker
from diptych.conversion.model import Conversion, Severity
from diptych.equivalence.model import Dialect, Framework


class Sides:
    """One process per framework and dialect, started when first needed."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._workers: dict[tuple[Framework, Dialect], Worker] = {}

    def __enter__(self) -> Sides:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def run(self, framework: Framework, code: str, names: Iterable[str], dialect: Dialect = Dialect.ND) -> Outcome:
        """The named values of ``code``."""
        key = (framework, Dialect.ND if framework is Framework.PYTORCH else dialect)
        if key not in self._workers:
            self._workers[key] = self._stack.enter_context(Worker(*key))
        return self._workers[key].run(code, tuple(names), "import numpy")

    def difference(self, source: str, target: Framework, names: tuple[str, ...], dialect: Dialect = Dialect.ND) -> str:
        """How the conversion of ``source`` is silently wrong: '' where it is right, or refused with an error."""
        conversion = convert(source, target, dialect.value)
        if refused(conversion):
            return ""
        own = self.run(target.other, source, names, dialect)
        if own.error:
            return f"the source itself fails: {own.error}"
        other = self.run(target, conversion.code, names, dialect)
        if other.error:
            return f"{other.error}\nin the converted\n{conversion.code}"
        torch, mxnet = (own, other) if target is Framework.MXNET else (other, own)
        tolerance = Tolerance(1e-4, 1e-5, dialect)
        problems = [f"{name}: {agree(torch.values[name], mxnet.values[name], tolerance).problem}" for name in names]
        problems = [problem for problem in problems if not problem.endswith(": ")]
        return "\n".join([*problems, "in the converted", conversion.code]) if problems else ""


def refused(conversion: Conversion) -> bool:
    """Whether the conversion says that something stayed as it was."""
    return any(found.severity is Severity.ERROR for found in conversion.diagnostics)

"""Proves records: both sides are executed, and so is what the converter makes of each side."""

from __future__ import annotations

import atexit
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from datetime import datetime, timezone
from types import TracebackType

from diptych.checking.cases import Trial, trials
from diptych.checking.compare import Tolerance, agree
from diptych.checking.model import Failure, Outcome, Proving, Step
from diptych.checking.process import Worker
from diptych.conversion.convert import convert_document
from diptych.conversion.model import Severity
from diptych.conversion.uses import names_used
from diptych.equivalence.aliases import canonical
from diptych.equivalence.catalog import Catalog, load
from diptych.equivalence.compiler import digest
from diptych.equivalence.index import Index
from diptych.equivalence.limits import Row
from diptych.equivalence.model import Dialect, Equivalence, Framework, Proof, ProofResult, ProofState
from diptych.source.model import Module

Report = Callable[[Equivalence, ProofResult], None]


class Prover:
    """Holds one process per framework and dialect, started when first needed. Use it as a context manager."""

    def __init__(self, seconds: float = 60.0, conversions: bool = True, remember: bool = False) -> None:
        """``remember``: a program that was executed is not executed again."""
        self._seconds, self._conversions = seconds, conversions
        self._remembered: dict[tuple[object, ...], Outcome] | None = {} if remember else None
        self._catalog = load()
        self._helpers = tuple(self._catalog.helpers.values())
        self._stack = ExitStack()
        self._workers: dict[tuple[Framework, Dialect], Worker] = {}

    def __enter__(self) -> Prover:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def catalog(self) -> Catalog:
        """The records that are converted by."""
        return self._catalog

    def use(self, index: Index, limits: tuple[Row, ...] | None = None) -> None:
        """Convert by these records from now on; ``limits`` as of a ``Catalog``."""
        self._catalog = Catalog(index, limits=limits)
        self._helpers = index.helpers

    def versions(self) -> dict[str, str]:
        """Versions of Python, NumPy and both frameworks, as the processes report them."""
        torch = self._worker(Framework.PYTORCH, Dialect.ND).versions
        return {**torch, **self._worker(Framework.MXNET, Dialect.ND).versions}

    def refutes(self, record: Equivalence) -> bool:
        """Whether some proof or case of ``record`` fails; stops at the first that does."""
        if any(self._prove_one(record.id, number, proof)[1] for number, proof in enumerate(record.proofs)):
            return True
        return any(self._try(record.id, each)[1] for each in trials(record))

    def prove(self, record: Equivalence) -> tuple[ProofResult, tuple[Failure, ...]]:
        """Execute every proof of ``record``. A record without proofs has the state ``none`` and no failures.

        A failed conversion is a failure, but does not unprove the record: both sides were executed and agreed.
        """
        largest = 0.0
        failures: list[Failure] = []
        names: set[str] = set()
        for number, proof in enumerate(record.proofs):
            difference, failure = self._prove_one(record.id, number, proof)
            largest = max(largest, difference)
            failures += failure
            names |= _names_of(proof)
        for each in trials(record):
            difference, problem = self._try(record.id, each)
            largest = max(largest, difference)
            failures += [problem] if problem else []
            names |= names_used(each.code, each.side)
        own = {canonical(spelling.name) for spelling in (*record.torch, *record.mxnet)}
        if record.cases:
            failures += [
                Failure(record.id, 0, Step.TORCH if name.startswith("torch") else Step.MXNET, "no case uses it", name)
                for name in sorted(own - names)
            ]
        proven = bool(record.proofs or record.cases) and not any(failure.unproves for failure in failures)
        result = ProofResult(
            id=record.id,
            state=ProofState.PROVEN if proven else ProofState.NONE,
            digest=digest(record, self._helpers),
            max_difference=largest if proven else None,
            names=tuple(sorted(name for name in names if self._speaks_of(record, name))) if proven else (),
            versions=self.versions() if proven else {},
            date=datetime.now(timezone.utc).date().isoformat() if proven else "",
        )
        return result, tuple(failures)

    def _speaks_of(self, record: Equivalence, name: str) -> bool:
        """Whether ``name`` is spelled by the record, or inherited from a name that is."""
        return any(found.id == record.id for found in self._catalog.named(name))

    def silent_error(self, each: Trial) -> tuple[bool, str, str]:
        """Whether the side itself accepts the program, what goes wrong without a diagnostic, and the converted text."""
        before = self._execute(each.side, each, each.code)
        if before.error:
            return False, "", ""
        conversion = convert_document(Module(each.code), each.side.other, each.dialect.value, catalog=self._catalog)
        if any(d.severity is Severity.ERROR for d in conversion.diagnostics):
            return True, "", ""
        after = self._execute(each.side.other, each, conversion.code)
        if after.error:
            return True, after.error.strip().splitlines()[-1], conversion.code
        torch, mxnet = (before, after) if each.side is Framework.PYTORCH else (after, before)
        return True, _compare(each, torch, mxnet)[1], conversion.code

    def _try(self, id: str, each: Trial) -> tuple[float, Failure | None]:
        """Execute a case's program, convert it, execute the result, compare."""
        own, other = (Step.TORCH, Step.TO_MXNET) if each.side is Framework.PYTORCH else (Step.MXNET, Step.TO_TORCH)
        before = self._execute(each.side, each, each.code)
        if before.error:
            return 0.0, None if each.optional else Failure(id, 0, own, before.error, each.call)
        conversion = convert_document(Module(each.code), each.side.other, each.dialect.value, catalog=self._catalog)
        errors = [f"line {d.line}: {d.message}" for d in conversion.diagnostics if d.severity is Severity.ERROR]
        if errors:
            return 0.0, Failure(id, 0, other, "the converter refuses: " + "; ".join(errors), each.call)
        after = self._execute(each.side.other, each, conversion.code)
        if after.error:
            return 0.0, Failure(id, 0, other, f"{after.error}\nin the converted\n{conversion.code}", each.call)
        torch, mxnet = (before, after) if each.side is Framework.PYTORCH else (after, before)
        largest, problem = _compare(each, torch, mxnet)
        if problem:
            return largest, Failure(id, 0, other, f"{problem}\nin the converted\n{conversion.code}", each.call)
        return largest, None

    def _execute(self, framework: Framework, each: Trial, code: str) -> Outcome:
        dialect = Dialect.ND if framework is Framework.PYTORCH else each.dialect
        return self._outcome(framework, dialect, code, each.compare, each.free)

    def _outcome(
        self, framework: Framework, dialect: Dialect, code: str, compare: tuple[str, ...], setup: str
    ) -> Outcome:
        asked = (framework, dialect, code, compare, setup)
        known = self._remembered.get(asked) if self._remembered is not None else None
        outcome = known or self._worker(framework, dialect).run(code, compare, setup)
        if self._remembered is not None:
            self._remembered[asked] = outcome
        return outcome

    def _prove_one(self, id: str, number: int, proof: Proof) -> tuple[float, list[Failure]]:
        torch = self._run(Framework.PYTORCH, proof, proof.torch)
        mxnet = self._run(Framework.MXNET, proof, proof.mxnet)
        for step, outcome in ((Step.TORCH, torch), (Step.MXNET, mxnet)):
            if outcome.error:
                return 0.0, [Failure(id, number, step, outcome.error)]
        difference, problem = _compare(proof, torch, mxnet)
        if problem:
            return difference, [Failure(id, number, Step.VALUES, problem)]
        return difference, self._conversion_failures(id, number, proof, torch, mxnet) if self._conversions else []

    def _conversion_failures(self, id: str, number: int, proof: Proof, torch: Outcome, mxnet: Outcome) -> list[Failure]:
        failures: list[Failure] = []
        for target, wanted, other in (
            (Framework.MXNET, proof.to_mxnet, torch),
            (Framework.PYTORCH, proof.to_torch, mxnet),
        ):
            problem = self._converted(proof, target, other) if wanted else ""
            if problem:
                step = Step.TO_MXNET if target is Framework.MXNET else Step.TO_TORCH
                failures.append(Failure(id, number, step, problem))
        return failures

    def _converted(self, proof: Proof, target: Framework, other: Outcome) -> str:
        """Convert one side to ``target``, run the result and compare with the side it came from; the problem, or ''."""
        source = proof.torch if target is Framework.MXNET else proof.mxnet
        conversion = convert_document(Module(source), target, proof.dialect.value, catalog=self._catalog)
        errors = [f"line {d.line}: {d.message}" for d in conversion.diagnostics if d.severity is Severity.ERROR]
        if errors:
            return "the converter refuses: " + "; ".join(errors)
        outcome = self._run(target, proof, conversion.code)
        if outcome.error:
            return f"{outcome.error}\nin the converted\n{conversion.code}"
        sides = (other, outcome) if target is Framework.MXNET else (outcome, other)
        _, problem = _compare(proof, *sides)
        return f"{problem}\nin the converted\n{conversion.code}" if problem else ""

    def _run(self, framework: Framework, proof: Proof, code: str) -> Outcome:
        dialect = Dialect.ND if framework is Framework.PYTORCH else proof.dialect
        return self._outcome(framework, dialect, code, proof.compare, proof.setup)

    def _worker(self, framework: Framework, dialect: Dialect) -> Worker:
        if (framework, dialect) not in self._workers:
            worker = self._stack.enter_context(Worker(framework, dialect, seconds=self._seconds))
            self._workers[framework, dialect] = worker
        return self._workers[framework, dialect]


def prove(
    records: Iterable[Equivalence],
    known: Iterable[ProofResult] = (),
    report: Report = lambda record, result: None,
    conversions: bool = True,
    processes: int = 1,
) -> Proving:
    """Prove ``records``. Those that ``known`` proves as they are now, with these versions, are not run again.

    ``report`` is called after each record. ``processes`` is how many run side by side, each with its own frameworks.
    Raises ``FrameworkUnavailable`` where a framework does not import.
    """
    helpers = tuple(load().helpers.values())
    earlier = {result.digest: result for result in known if result.state is ProofState.PROVEN}
    results: list[ProofResult] = []
    failures: list[Failure] = []
    waiting: list[Equivalence] = []
    with Prover(conversions=conversions) as prover:
        versions = prover.versions()
        for record in records:
            before = earlier.get(digest(record, helpers))
            if before is not None and before.versions == versions:
                results.append(before)
                report(record, before)
            else:
                waiting.append(record)
        # The slowest first, so that no process is left with them at the end.
        waiting.sort(key=lambda record: -sum(len(case.calls) for case in record.cases))
        for record, (result, problems) in _proven(prover, waiting, conversions, processes):
            results.append(result)
            failures += problems
            report(record, result)
    return Proving(tuple(results), tuple(failures))


def _proven(
    prover: Prover, records: list[Equivalence], conversions: bool, processes: int
) -> Iterator[tuple[Equivalence, tuple[ProofResult, tuple[Failure, ...]]]]:
    if processes < 2 or len(records) < 2:
        yield from ((record, prover.prove(record)) for record in records)
        return
    method = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, method, _begin, (conversions,)) as pool:
        try:
            futures = {pool.submit(_prove_there, record): record for record in records}
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_there: list[Prover] = []  # of a process of the pool


def _begin(conversions: bool) -> None:
    _there.append(Prover(conversions=conversions))
    atexit.register(_there[0].__exit__, None, None, None)


def _prove_there(record: Equivalence) -> tuple[ProofResult, tuple[Failure, ...]]:
    return _there[0].prove(record)


def _names_of(proof: Proof) -> set[str]:
    """The names that both sides of a proof use."""
    return names_used(proof.torch, Framework.PYTORCH) | names_used(proof.mxnet, Framework.MXNET)


def _compare(proof: Proof | Trial, torch: Outcome, mxnet: Outcome) -> tuple[float, str]:
    largest, problems = 0.0, []
    terms = proof.case if isinstance(proof, Trial) else proof
    for name in proof.compare:
        any_dtype = proof.case.any_dtype if isinstance(proof, Trial) else name in proof.other_dtype
        tolerance = Tolerance(terms.rtol, terms.atol, proof.dialect, any_dtype=any_dtype)
        agreement = agree(torch.values[name], mxnet.values[name], tolerance)
        largest = max(largest, agreement.max_difference)
        if agreement.problem:
            problems.append(f"{name}: {agreement.problem}")
    return largest, "; ".join(problems)

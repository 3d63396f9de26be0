"""From the press of a button to runs: checking a request against what the machine has."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from diptych.equivalence.model import Framework
from diptych.runtime.model import Runtime
from diptych.training.errors import InvalidRequest, RuntimeUnavailable, UnknownDevice
from diptych.training.model import Run, RunRequest, Script
from diptych.training.observers.script import Job
from diptych.training.scripts import check_parameters, epochs_of, example, prepare
from diptych.training.threads import available_cores

MOST_REPEATS = 100
NAMES = {Framework.PYTORCH: "PyTorch", Framework.MXNET: "MXNet"}


@dataclass(frozen=True)
class Planned:
    """A run that is to be, and what it takes to run it."""

    run: Run
    script: Script
    job: Job
    runtime: Runtime


def plan(request: RunRequest, runtimes: Sequence[Runtime]) -> tuple[tuple[Planned, ...], ...]:
    """The request's runs in the order of their running; those of one inner tuple run at the same time.

    Which framework goes first alternates, so that a machine that warms up or throttles favours neither. Raises
    ``InvalidRequest``, ``UnknownParameter``, ``UnknownDevice``, ``RuntimeUnavailable``."""
    _check(request)
    chosen = {framework: _runtime(framework, request.device, runtimes) for framework in request.frameworks}
    scripts = {framework: request.scripts.get(framework) or example(framework) for framework in request.frameworks}
    jobs = {
        framework: prepare(scripts[framework], framework, request.device, request.parameters)
        for framework in request.frameworks
    }
    comparison = uuid.uuid4().hex
    groups: list[tuple[Planned, ...]] = []
    for repeat in range(request.repeats):
        order = request.frameworks if repeat % 2 == 0 else request.frameworks[::-1]
        group = tuple(
            Planned(
                _new_run(comparison, framework, repeat, request, scripts[framework]),
                scripts[framework],
                jobs[framework],
                chosen[framework],
            )
            for framework in order
        )
        groups += [group] if _parallel(request) else [(planned,) for planned in group]
    return tuple(groups)


def _parallel(request: RunRequest) -> bool:
    return request.parallel and len(request.frameworks) > 1


def _new_run(comparison: str, framework: Framework, repeat: int, request: RunRequest, script: Script) -> Run:
    return Run(
        id=uuid.uuid4().hex,
        comparison=comparison,
        framework=framework,
        device=request.device,
        repeat=repeat,
        parameters=request.parameters,
        created=time.time(),
        total_epochs=epochs_of(script, request.parameters),
        parallel=_parallel(request),
    )


def _check(request: RunRequest) -> None:
    if not request.frameworks or len(set(request.frameworks)) != len(request.frameworks):
        raise InvalidRequest("`frameworks` must name pytorch, mxnet, or both, each once.")
    if not 1 <= request.repeats <= MOST_REPEATS:
        raise InvalidRequest(f"`repeats` is {request.repeats}; it must lie between 1 and {MOST_REPEATS}.")
    cores = available_cores()
    if request.threads is not None and not 1 <= request.threads <= cores:
        raise InvalidRequest(f"`threads` is {request.threads}; this machine has cores for 1 to {cores}.")
    check_parameters(request.parameters)


def _runtime(framework: Framework, device: str, runtimes: Sequence[Runtime]) -> Runtime:
    """The preferred runtime of the framework, if it works and has the device."""
    nowhere = Runtime(framework, problem="no interpreter was found that has it")
    runtime = next((runtime for runtime in runtimes if runtime.framework is framework), nowhere)
    if runtime.problem:
        remedy = runtime.remedy or "`diptych doctor` says what to install."
        raise RuntimeUnavailable(f"{NAMES[framework]} can't run: {runtime.problem.rstrip('.')}. {remedy}")
    wanted = _numbered(device)
    devices = {_numbered(found.name): found for found in runtime.devices}
    if wanted in devices and devices[wanted].available:
        return runtime
    usable = ", ".join(found.name for found in devices.values() if found.available) or "none"
    reason = f" ({devices[wanted].reason.rstrip('.')})" if wanted in devices else ""
    raise UnknownDevice(f"{NAMES[framework]} has no device '{device}' here{reason}. Available: {usable}.")


def _numbered(device: str) -> str:
    return "cuda:0" if device == "cuda" else device

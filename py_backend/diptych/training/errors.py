"""What can go wrong on the way to a run: each error has a stable code and a sentence that says what to do."""

from __future__ import annotations


class TrainingError(Exception):
    """Base of this room's errors; ``str(error)`` is the sentence, ``code`` what programs tell errors apart by."""

    code = "training_error"


class UnknownRun(TrainingError):
    """No run has this id (it may have been deleted)."""

    code = "unknown_run"

    def __init__(self, run_id: str) -> None:
        super().__init__(
            f"There is no run '{run_id}'; it may have been deleted. List the runs to see those that exist."
        )


class RunIsActive(TrainingError):
    """The action needs a run that has ended."""

    code = "run_is_active"

    def __init__(self, run_id: str) -> None:
        super().__init__(f"The run '{run_id}' is still going; cancel it first.")


class InvalidRequest(TrainingError):
    """A run was asked for that makes no sense: no framework, no repeats, parameters out of range."""

    code = "invalid_request"


class UnknownParameter(InvalidRequest):
    """A parameter was given that the script's parameters cell does not have."""

    code = "unknown_parameter"


class UnknownDevice(TrainingError):
    """A framework does not have the device that was asked for."""

    code = "unknown_device"


class RuntimeUnavailable(TrainingError):
    """No interpreter was found in which the framework imports."""

    code = "runtime_unavailable"


class StoreUnavailable(TrainingError):
    """The database of runs can't be read or written (disk full, locked, damaged, no permission)."""

    code = "store_unavailable"


class ServiceClosed(TrainingError):
    """The service was closed; nothing can be started any more."""

    code = "service_closed"

    def __init__(self) -> None:
        super().__init__("The server is shutting down and starts no more runs.")

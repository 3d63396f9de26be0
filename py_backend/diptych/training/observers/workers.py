"""Worker processes of a script. Forked ones go on with the script as it runs; a spawned one begins by reading the
script's file, which holds neither what was edited nor the parameters that were set."""

from __future__ import annotations

from multiprocessing import spawn
from typing import Any

_REFUSAL = (
    "Worker processes are only forked here: spawned ones would read the script's file instead of the code and the "
    "parameters of this run. Use num_workers=0, or multiprocessing_context='fork' where the system has it."
)


class ForkedWorkersOnly:
    """While it lasts, starting a worker in another way than by fork raises ``RuntimeError``."""

    def __enter__(self) -> None:
        self._original = spawn.get_preparation_data
        spawn.get_preparation_data = _refuse

    def __exit__(self, *_: object) -> None:
        spawn.get_preparation_data = self._original


def _refuse(name: str) -> dict[str, Any]:
    raise RuntimeError(_REFUSAL)

"""What the handlers share: the records, threads for analysis, the frameworks' interpreters and the training service."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from diptych.checking.service import CheckService
    from diptych.equivalence import Catalog
    from diptych.runtime.model import Runtime
    from diptych.training.service import TrainingService

P = ParamSpec("P")
T = TypeVar("T")

SETTING = "diptych_services"  # where the web application keeps them


class Services:
    """One a server. The records load in a thread as soon as it is made; the rest begins when it is first needed."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="diptych")
        self._catalog: Future[Catalog] = self._pool.submit(_warm_up)
        self._training: TrainingService | None = None
        self._checks: CheckService | None = None

    async def catalog(self) -> Catalog:
        """The records, as soon as they are there. Raises ``RecordError`` where they can't be read."""
        return await asyncio.wrap_future(self._catalog)

    async def analyse(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do ``work`` in a thread, once the records are there, so that the event loop stays free."""
        await self.catalog()
        return await asyncio.get_running_loop().run_in_executor(self._pool, partial(work, *args, **kwargs))

    async def runtimes(self, refresh: bool = False) -> tuple[Runtime, ...]:
        """The frameworks' interpreters. What was found is remembered until they change; ``refresh`` asks them anew.

        Raises ``FrameworkError`` where the user's configuration can't be read."""
        from diptych.runtime import discover  # noqa: PLC0415  # not needed to start the server

        return await asyncio.to_thread(discover, refresh)

    @property
    def training(self) -> TrainingService:
        """The training service of this server; it is called from the event loop."""
        if self._training is None:
            from diptych.training.service import TrainingService  # noqa: PLC0415  # loads jupyter_client

            self._training = TrainingService()
        return self._training

    @property
    def checks(self) -> CheckService:
        """The checks of this server; it is called from the event loop."""
        if self._checks is None:
            from diptych.checking.service import CheckService  # noqa: PLC0415  # loads jupyter_client

            self._checks = CheckService()
        return self._checks

    @property
    def busy(self) -> bool:
        """Whether runs or checks are under way."""
        return any(service is not None and service.busy for service in (self._training, self._checks))

    async def close(self) -> None:
        """End the runs and checks that are under way and the threads."""
        if self._checks is not None:
            await self._checks.close()
        if self._training is not None:
            await self._training.close()
        self._pool.shutdown(wait=False, cancel_futures=True)


def _warm_up() -> Catalog:
    """Load the records and everything the first lookup needs: it is then as quick as the others."""
    from diptych.conversion.convert import convert  # noqa: PLC0415  # in a thread, after the server has started
    from diptych.conversion.lookup import lookup  # noqa: PLC0415
    from diptych.equivalence import load  # noqa: PLC0415

    catalog = load()
    sample = "from torch import nn\nnn.Linear(2, 3)\n"
    lookup(sample, 2, 4)
    convert(sample)
    return catalog

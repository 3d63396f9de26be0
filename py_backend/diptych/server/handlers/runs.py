"""Training runs: starting, listing, reading, cancelling, forgetting and comparing them."""

from __future__ import annotations

from http import HTTPStatus

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from diptych.server.base import MALFORMED, DiptychHandler
from diptych.server.handlers.catalog import FURTHEST, MOST
from diptych.server.models import EventList, RunList, RunsStarted
from diptych.server.problems import Problem, known_problems
from diptych.training.model import RunRequest


class RunsHandler(DiptychHandler):
    """All runs."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer with a page of them, newest first."""
        limit, offset = self.integer("limit", 50, 1, MOST), self.integer("offset", 0, 0, FURTHEST)
        with known_problems():
            runs, total = await self.services.training.runs(limit, offset)
        self.answer(RunList(runs, total))

    @authenticated
    @authorized("execute")  # type: ignore[untyped-decorator]  # jupyter_server types its bare form alone
    async def post(self) -> None:
        """Start some. An authorizer is asked for "execute", as for a kernel: the scripts are the user's own code."""
        request = self.body(RunRequest)
        with known_problems():
            started = await self.services.training.start(request)
        self.answer(RunsStarted(started.comparison, started.runs), HTTPStatus.CREATED)


class RunHandler(DiptychHandler):
    """One run."""

    @authenticated
    @authorized
    async def get(self, id: str) -> None:
        """Answer with the run as it stands."""
        with known_problems():
            run = await self.services.training.run(id)
        self.answer(run)

    @authenticated
    @authorized
    async def delete(self, id: str) -> None:
        """Forget it, if it has ended."""
        with known_problems():
            await self.services.training.delete(id)
        self.set_status(HTTPStatus.NO_CONTENT.value)
        self.finish()


class CancelHandler(DiptychHandler):
    """The end of a run before its time."""

    @authenticated
    @authorized
    async def post(self, id: str) -> None:
        """Ask the run to stop, and answer with it as it stands."""
        with known_problems():
            run = await self.services.training.cancel(id)
        self.answer(run)


class RunScriptHandler(DiptychHandler):
    """The code of a run."""

    @authenticated
    @authorized
    async def get(self, id: str) -> None:
        """Answer with the script as it ran, whatever has become of its file."""
        with known_problems():
            script = await self.services.training.script(id)
        self.answer(script)


class EventsHandler(DiptychHandler):
    """A run's events, for clients that poll."""

    @authenticated
    @authorized
    async def get(self, id: str) -> None:
        """Answer with the events after ``since``. The run is read first: its state is never ahead of the events."""
        since = self.integer("since", 0, 0, FURTHEST)
        with known_problems():
            run = await self.services.training.run(id)
            events = await self.services.training.events(id, since)
        self.answer(EventList(events, run))


class ComparisonHandler(DiptychHandler):
    """The comparison of any runs."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer with it."""
        ids = [id for id in self.get_query_argument("runs", "").split(",") if id]
        if not ids:
            raise Problem(MALFORMED, "invalid_query", "`runs` must name one run or more, separated by commas.")
        if len(ids) > MOST:
            raise Problem(MALFORMED, "invalid_query", f"`runs` may name at most {MOST} runs.")
        with known_problems():
            comparison = await self.services.training.compare(ids)
        self.answer(comparison)

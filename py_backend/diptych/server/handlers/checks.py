"""Checks: a document and its conversion executed, and compared value by value."""

from __future__ import annotations

from http import HTTPStatus

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from diptych.server.base import DiptychHandler
from diptych.server.handlers.conversion import check_document
from diptych.server.models import CheckRequest
from diptych.server.problems import known_problems


class ChecksHandler(DiptychHandler):
    """All checks."""

    @authenticated
    @authorized("execute")  # type: ignore[untyped-decorator]  # jupyter_server types its bare form alone
    async def post(self) -> None:
        """Start one. An authorizer is asked for "execute", as for a kernel: this runs the user's own code."""
        from diptych.checking.check_model import Limits  # noqa: PLC0415  # not needed to start the server

        request = self.body(CheckRequest)
        check_document(request.document)
        limits = Limits(request.seconds, request.megabytes * 2**20)
        with known_problems():
            started = self.services.checks.start(request.document, request.to, request.dialect, limits, request.force)
        self.answer(started, HTTPStatus.CREATED)


class CheckHandler(DiptychHandler):
    """One check."""

    @authenticated
    @authorized
    async def get(self, id: str) -> None:
        """Answer with it as it stands."""
        with known_problems():
            progress = self.services.checks.read(id)
        self.answer(progress)

    @authenticated
    @authorized
    async def delete(self, id: str) -> None:
        """Cancel it, if it still goes on, and forget it."""
        with known_problems():
            await self.services.checks.cancel(id)
        self.set_status(HTTPStatus.NO_CONTENT.value)
        self.finish()

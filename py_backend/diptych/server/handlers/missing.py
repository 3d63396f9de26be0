"""Paths below the prefix at which there is nothing."""

from __future__ import annotations

from http import HTTPStatus

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from diptych.server.base import JsonErrors


class MissingHandler(JsonErrors):
    """Answers in JSON like everything else here, whatever the method."""

    @allow_unauthenticated
    async def prepare(self) -> None:  # type: ignore[override]  # the base class declares a coroutine that gives one
        """Say that nothing is here, before anyone has to log in for nothing."""
        raise HTTPError(HTTPStatus.NOT_FOUND.value)

"""What every handler does alike: bodies in, structs out, errors as JSON."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from tornado.web import HTTPError, stream_request_body

from diptych.server.problems import Problem, describe
from diptych.server.routes import BODY_LIMIT
from diptych.server.services import SETTING, Services

if TYPE_CHECKING:
    from collections.abc import Awaitable

RESOURCE = "diptych"  # what an Authorizer is asked about
MALFORMED = HTTPStatus.BAD_REQUEST

B = TypeVar("B", bound=msgspec.Struct)


class JsonErrors(JupyterHandler):
    """Errors are an ``ApiError`` in JSON, those of Jupyter Server's own checks included."""

    auth_resource = RESOURCE

    @property
    def services(self) -> Services:
        """What the handlers share."""
        services: Services = self.settings[SETTING]
        return services

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Tell the client what went wrong and what to do."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        told = describe(status_code, error, bool(getattr(self, "_jupyter_current_user", None)))
        self.set_header("Content-Type", "application/json")
        self.finish(msgspec.json.encode(told))

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        """A number of the query string. Raises ``Problem`` (400) if it is none, or out of range."""
        text = self.get_query_argument(name, str(default))
        number = int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 20 else None
        if number is None or not low <= number <= high:
            raise Problem(MALFORMED, "invalid_query", f"`{name}` must be a whole number from {low} to {high}.")
        return number


@stream_request_body
class DiptychHandler(JsonErrors, APIHandler):
    """A handler of the REST interface. A body that is too large is refused before it is read, and never kept."""

    def initialize(self) -> None:
        """Start without a body."""
        self._body = bytearray()
        self._too_large = False

    async def prepare(self) -> None:  # type: ignore[override]  # as APIHandler, which narrows JupyterHandler's
        """Check who asks, and how much they send."""
        await super().prepare()
        length = self.request.headers.get("Content-Length", "0")
        if length.isdigit() and int(length) > BODY_LIMIT:
            if not self.current_user:
                raise HTTPError(HTTPStatus.FORBIDDEN.value)
            raise Problem(*_TOO_LARGE)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        """Keep a piece of the body. One without a Content-Length may turn out too large here."""
        self._too_large = self._too_large or len(self._body) + len(chunk) > BODY_LIMIT
        if self._too_large:
            self._body.clear()
        else:
            self._body += chunk
        return None

    def body(self, kind: type[B]) -> B:
        """The body. Raises ``Problem``: 413 if it is too large, 400 with the name of the field that does not fit."""
        if self._too_large:
            raise Problem(*_TOO_LARGE)
        try:
            return msgspec.json.decode(bytes(self._body), type=kind)
        except msgspec.ValidationError as error:
            raise Problem(MALFORMED, "invalid_body", f"The body is not a {kind.__name__}: {error}.") from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Problem(MALFORMED, "malformed_json", f"The body is not JSON in UTF-8: {error}.") from error

    def answer(self, value: msgspec.Struct, status: HTTPStatus = HTTPStatus.OK) -> None:
        """Send ``value`` as JSON."""
        self.set_status(status.value)
        self.finish(msgspec.json.encode(value))


_TOO_LARGE = (
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "body_too_large",
    f"The body is larger than {BODY_LIMIT // 1024 // 1024} MB. Send less: of a notebook the code cells alone, without "
    "their outputs; of a long file the part that matters.",
)

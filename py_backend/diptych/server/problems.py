"""Errors as the client sees them: an HTTP status, a stable code and a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from tornado.web import HTTPError

from diptych.server.models import ApiError

if TYPE_CHECKING:
    from diptych.training.errors import TrainingError


class Problem(HTTPError):
    """Ends the request with this status and this ``ApiError``."""

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(status.value, message.replace("%", "%%"))
        self.error = ApiError(code, message)


_PLAIN = {
    HTTPStatus.BAD_REQUEST: ApiError("bad_request", "The request is malformed; compare it with diptych/openapi.json."),
    HTTPStatus.FORBIDDEN: ApiError("forbidden", "This server does not allow you to do that; ask who runs it."),
    HTTPStatus.NOT_FOUND: ApiError("not_found", "Nothing is served here; diptych/openapi.json lists what is."),
    HTTPStatus.METHOD_NOT_ALLOWED: ApiError(
        "method_not_allowed", "This path does not take that method; diptych/openapi.json lists those that it takes."
    ),
}
_UNAUTHENTICATED = ApiError(
    "unauthenticated", "The request has no valid token. Log in, or send the header `Authorization: token ...`."
)
_XSRF = ApiError("xsrf", "A request that logs in by cookie must send the value of the cookie _xsrf as X-XSRFToken.")
_INTERNAL = ApiError("internal_error", "Something went wrong in Diptych; the server's log says what. Please report it.")


def describe(status: int, error: BaseException | None, authenticated: bool) -> ApiError:
    """What is told about an error of this status."""
    if isinstance(error, Problem):
        return error.error
    if status == HTTPStatus.FORBIDDEN:
        if not authenticated:
            return _UNAUTHENTICATED
        if isinstance(error, HTTPError) and "xsrf" in (error.log_message or "").lower():
            return _XSRF
    return _PLAIN.get(HTTPStatus(status), _INTERNAL)


@contextmanager
def known_problems() -> Iterator[None]:
    """Turn the errors of the training room, and those of finding interpreters, into problems."""
    from diptych.checking import check_errors  # noqa: PLC0415
    from diptych.runtime.errors import FrameworkError  # noqa: PLC0415  # not needed to start the server
    from diptych.training import errors  # noqa: PLC0415

    try:
        yield
    except check_errors.UnknownCheck as error:
        raise Problem(HTTPStatus.NOT_FOUND, error.code, str(error)) from error
    except check_errors.CheckError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, error.code, str(error)) from error
    except errors.UnknownRun as error:
        raise _problem(HTTPStatus.NOT_FOUND, error) from error
    except errors.RunIsActive as error:
        raise _problem(HTTPStatus.CONFLICT, error) from error
    except (errors.InvalidRequest, errors.UnknownDevice) as error:
        raise _problem(HTTPStatus.UNPROCESSABLE_ENTITY, error) from error
    except errors.TrainingError as error:
        raise _problem(HTTPStatus.SERVICE_UNAVAILABLE, error) from error
    except FrameworkError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, errors.RuntimeUnavailable.code, str(error)) from error


def _problem(status: HTTPStatus, error: TrainingError) -> Problem:
    return Problem(status, error.code, str(error))

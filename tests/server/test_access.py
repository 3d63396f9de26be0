"""Who may do what: every operation of the OpenAPI document, refused in the same way."""

from __future__ import annotations

from typing import Any

import pytest
from jupyter_server.auth import Authorizer
from tornado.httputil import HTTPHeaders
from traitlets.config import Config

from diptych.server.routes import OPERATIONS, Method, Operation

UPGRADE = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "eA==", "Sec-WebSocket-Version": "13"}
EVERY = pytest.mark.parametrize("operation", OPERATIONS, ids=[operation.name for operation in OPERATIONS])


class Denying(Authorizer):
    """Knows everyone and allows nothing; remembers what it was asked."""

    asked: list[tuple[str, str]]

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        if resource == "diptych":
            Denying.asked.append((action, resource))
            return False
        return True


def call(operation: Operation) -> tuple[str, str, dict[str, str]]:
    path = operation.path.replace("{id}", "x").replace("{framework}", "pytorch")
    return operation.method.value.upper(), path, dict(UPGRADE) if operation.message is not None else {}


@EVERY
async def test_without_a_token_nothing_is_answered(api: Any, operation: Operation) -> None:
    method, path, headers = call(operation)
    answer = await api(method, path, headers={**headers, "Authorization": ""})
    assert answer.status == 403
    assert answer.content_type.startswith("application/json")
    assert answer.json["code"] == "unauthenticated"


@EVERY
async def test_a_wrong_token_is_as_good_as_none(api: Any, operation: Operation) -> None:
    method, path, headers = call(operation)
    answer = await api(method, path, headers={**headers, "Authorization": "token 0000"})
    assert (answer.status, answer.json["code"]) == (403, "unauthenticated")


@EVERY
async def test_outside_the_base_url_there_is_nothing(
    http_server_client: Any, jp_auth_header: dict[str, str], api: Any, operation: Operation
) -> None:
    method, path, headers = call(operation)
    headers |= jp_auth_header
    reply = await http_server_client.fetch(
        f"/diptych/{path}", method=method, headers=headers, allow_nonstandard_methods=True, raise_error=False
    )
    assert reply.code == 404


@EVERY
async def test_a_body_of_10_megabytes_without_a_token_is_refused_for_the_token(api: Any, operation: Operation) -> None:
    if operation.body is None:
        return
    answer = await api("POST", call(operation)[1], body=b"x" * 10_000_000, headers={"Authorization": ""})
    assert (answer.status, answer.json["code"]) == (403, "unauthenticated")


class TestAnAuthorizerThatDenies:
    """Everyone is known, and may do nothing."""

    @pytest.fixture
    def jp_server_config(self, data_directory: Any) -> Config:
        Denying.asked = []
        return Config({"ServerApp": {"jpserver_extensions": {"diptych": True}, "authorizer_class": Denying}})

    @EVERY
    async def test_is_asked_and_obeyed(self, api: Any, operation: Operation) -> None:
        method, path, headers = call(operation)
        answer = await api(method, path, headers=headers)
        assert (answer.status, answer.json["code"]) == (403, "forbidden")
        action = {Method.GET: "read", Method.POST: "write", Method.DELETE: "write"}[operation.method]
        assert Denying.asked == [("execute" if operation.name in ("startRuns", "startCheck") else action, "diptych")]


async def test_who_logs_in_by_cookie_must_send_the_xsrf_token(api: Any, jp_serverapp: Any, jp_fetch: Any) -> None:
    """What a browser does: pages set the cookies; a forged form has them, but not the token."""
    page = await jp_fetch("login", headers={"Authorization": ""})
    opened = await api("GET", "runs", headers={"Authorization": ""}, token=jp_serverapp.identity_provider.token)
    jar = cookies(page.headers) | cookies(opened.headers)
    browser = {"Authorization": "", "Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
    forged = await api("POST", "parameters", body=b'{"text": ""}', headers=browser)
    assert (forged.status, forged.json["code"]) == (403, "xsrf")
    honest = await api("POST", "parameters", body=b'{"text": ""}', headers={**browser, "X-XSRFToken": jar["_xsrf"]})
    assert honest.status == 200
    assert (await api("GET", "runs", headers=browser)).status == 200


def cookies(headers: HTTPHeaders) -> dict[str, str]:
    """What a browser would keep."""
    pairs = (cookie.split(";")[0].partition("=") for cookie in headers.get_list("Set-Cookie"))
    return {name: value for name, _, value in pairs}


async def test_a_method_that_a_path_does_not_take_is_said(api: Any) -> None:
    answer = await api("DELETE", "lookup")
    assert (answer.status, answer.json["code"]) == (405, "method_not_allowed")

"""What this machine has: the frameworks' interpreters, the scripts that ship, and this interface itself."""

from __future__ import annotations

import ast
from http import HTTPStatus

import msgspec
from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from diptych.equivalence.model import Framework
from diptych.server.base import MALFORMED, DiptychHandler
from diptych.server.models import ParametersRequest, RuntimeList, ScriptParameters, ShippedScript
from diptych.server.problems import Problem, known_problems


class RuntimesHandler(DiptychHandler):
    """The interpreters in which the frameworks were found."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer with what was found, or with why nothing was."""
        refresh = self.get_query_argument("refresh", "false")
        if refresh not in ("true", "false"):
            raise Problem(MALFORMED, "invalid_query", "`refresh` must be true or false.")
        with known_problems():
            runtimes = await self.services.runtimes(refresh == "true")
        self.answer(RuntimeList(runtimes))


class ScriptHandler(DiptychHandler):
    """The training script that ships for one framework."""

    @authenticated
    @authorized
    async def get(self, framework: str) -> None:
        """Answer with its text and its parameters."""
        if framework not in set(Framework):
            names = " or ".join(f"'{known.value}'" for known in Framework)
            raise Problem(
                HTTPStatus.NOT_FOUND, "unknown_framework", f"There is no framework '{framework}'; ask for {names}."
            )
        self.answer(await self.services.analyse(_shipped, Framework(framework)))


class ParametersHandler(DiptychHandler):
    """The parameters of a script that someone is editing."""

    @authenticated
    @authorized
    async def post(self) -> None:
        """Answer with what the form can set."""
        self.answer(await self.services.analyse(_parameters, self.body(ParametersRequest).text))


class DocumentHandler(DiptychHandler):
    """The OpenAPI document."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Answer with it."""
        from diptych.server.openapi import document  # noqa: PLC0415  # rarely asked for

        self.finish(msgspec.json.encode(await self.services.analyse(document)))


def _shipped(framework: Framework) -> ShippedScript:
    from diptych.training.scripts import example  # noqa: PLC0415  # not needed to start the server

    script = example(framework)
    found = _parameters(script.text)
    return ShippedScript(framework, script, found.parameters, found.reason)


def _parameters(text: str) -> ScriptParameters:
    from diptych.training.scripts import parameters_of  # noqa: PLC0415  # not needed to start the server

    found = parameters_of(text)
    return ScriptParameters(found, "" if found else _reason(text))


def _reason(text: str) -> str:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError) as error:
        where = f" in line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        return f"The script can't be read as Python{where}; mend it to see its parameters."
    return (
        "The script assigns nothing in a cell of parameters, so it runs as it is. Begin the cell that assigns them "
        'with a line `# %% tags=["parameters"]`.'
    )

"""The OpenAPI 3.1 document, built from the table of routes and the models. The panel's types are generated from it.

``python -m diptych.server.openapi`` prints it. Components that only answers use list every property as required,
because answers leave nothing out; those that requests use require what has no default."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import msgspec

from diptych.server.models import ApiError
from diptych.server.routes import BODY_LIMIT, OPERATIONS, PATH_TYPES, PREFIX, Operation, Query
from diptych.source.model import Document
from diptych.training.model import Event

Schema = dict[str, Any]  # JSON Schema: a dictionary by its nature
_REF = "#/components/schemas/"
_UNIONS: dict[str, Any] = {"Event": Event, "Document": Document}  # unions have no name of their own
_ERRORS = {
    400: "The request is malformed; the message names the field.",
    401: "Log in, or send a token.",
    403: "No valid token or cookie, no permission, or a cookie without its XSRF token.",
    404: "There is no such thing.",
    409: "Not in this state.",
    413: f"The body is larger than {BODY_LIMIT} bytes.",
    422: "Well-formed, but it can't be done as asked.",
    503: "Not possible on this machine now.",
}


@cache
def document() -> Schema:
    """The whole document, as JSON-compatible data. Do not change what it returns."""
    paths: Schema = {}
    for operation in OPERATIONS:
        paths.setdefault(f"/{PREFIX}/{operation.path}", {})[operation.method.value] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Diptych",
            "version": "1",
            "description": "Paths are relative to the Jupyter server's base URL.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"token": []}, {"cookie": []}],
        "paths": paths,
        "components": {
            "schemas": _components(),
            "securitySchemes": {
                "token": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`token` and the server's token; a WebSocket takes `?token=` instead.",
                },
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "_xsrf",
                    "description": "Jupyter's login cookie; methods other than GET send X-XSRFToken with it.",
                },
            },
        },
    }


def _operation(operation: Operation) -> Schema:
    described: Schema = {
        "operationId": operation.name,
        "summary": operation.summary,
        "responses": {str(operation.status): _answer(operation)},
    }
    parameters = [_path_parameter(name) for name in operation.path_parameters]
    parameters += [_query_parameter(query) for query in operation.query]
    if parameters:
        described["parameters"] = parameters
    statuses = {401, 403, *operation.errors}
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _json(_reference(operation.body))}
        statuses |= {400, 413}
    if operation.message is not None:
        described["x-message"] = {"$ref": f"{_REF}Event"}
    for status in sorted(statuses):
        described["responses"][str(status)] = {"description": _ERRORS[status], "content": _json(_reference(ApiError))}
    return described


def _answer(operation: Operation) -> Schema:
    if operation.message is not None:
        return {"description": "Switching to a WebSocket; each message is an Event."}
    if operation.answer is not None:
        return {"description": "The answer.", "content": _json(_reference(operation.answer))}
    if operation.status == 204:
        return {"description": "Done."}
    return {"description": "The answer.", "content": _json({"type": "object"})}


def _path_parameter(name: str) -> Schema:
    kind = PATH_TYPES[name]
    return {"name": name, "in": "path", "required": True, "schema": _inline(kind)}


def _query_parameter(query: Query) -> Schema:
    schema = _inline(query.kind)
    if query.default is not None:
        schema["default"] = query.default
    return {
        "name": query.name,
        "in": "query",
        "required": query.required,
        "description": query.description,
        "schema": schema,
    }


def _inline(kind: type) -> Schema:
    if issubclass(kind, msgspec.Struct) or hasattr(kind, "__members__"):
        return _reference(kind)
    return dict(msgspec.json.schema(kind))


def _reference(kind: type) -> Schema:
    return {"$ref": f"{_REF}{kind.__name__}"}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _components() -> Schema:
    answers = [operation.answer for operation in OPERATIONS if operation.answer is not None]
    bodies = [operation.body for operation in OPERATIONS if operation.body is not None]
    kinds: list[Any] = [ApiError, *answers, *bodies, *PATH_TYPES.values(), *_UNIONS.values()]
    tops, components = msgspec.json.schema_components(kinds, ref_template=_REF + "{name}")
    unions = dict(zip(_UNIONS, tops[-len(_UNIONS) :], strict=True))
    components = {name: _named_unions(schema, unions) for name, schema in components.items()}
    sent = _reachable((body.__name__ for body in bodies), components)
    for name, schema in components.items():
        _tidy(schema, complete=name not in sent)
    return dict(sorted((components | unions).items()))


def _named_unions(schema: Any, unions: Schema) -> Any:
    """Replace each union that has a name by a reference to it."""
    bare = {key: value for key, value in schema.items() if key != "default"} if isinstance(schema, dict) else schema
    for name, union in unions.items():
        if bare == union:
            return {"$ref": f"{_REF}{name}"}
    return _rebuild(schema, lambda part: _named_unions(part, unions))


def _rebuild(schema: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(schema, dict):
        return {key: change(value) for key, value in schema.items()}
    return [change(value) for value in schema] if isinstance(schema, list) else schema


def _reachable(names: Iterable[str], components: Schema) -> set[str]:
    """The components that these ones refer to, themselves included."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            text = json.dumps(components.get(name) or _union_schema(name))
            waiting += [part.split('"')[0] for part in text.split(_REF)[1:]]
    return found


def _union_schema(name: str) -> Schema:
    return {"anyOf": [_reference(member) for member in _UNIONS[name].__args__]}


def _tidy(schema: Schema, complete: bool) -> None:
    """Give enums their type; drop titles that repeat the name; require every property where nothing is left out."""
    schema.pop("title", None)
    if "description" in schema:
        schema["description"] = inspect.cleandoc(schema["description"])
    if "enum" in schema:
        schema["type"] = "string"
    properties = schema.get("properties", {})
    if complete:
        for value in properties.values():
            value.pop("default", None)
        schema["required"] = list(properties)
    if not schema.get("required", True):
        del schema["required"]


def main() -> None:
    """Print the document."""
    json.dump(document(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()

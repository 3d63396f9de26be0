"""What a kernel publishes while it runs code, decoded from the Jupyter messaging protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

EVENT_MIME = "application/vnd.diptych.event+json"
"""Display data of this type is not shown but handed to ``on_event``: how observers report."""


class Stream(msgspec.Struct, frozen=True):
    """Printed text; ``name`` is "stdout" or "stderr"."""

    name: str
    text: str


class Display(msgspec.Struct, frozen=True):
    """A rich output, by MIME type; ``update`` replaces the one shown before under the same ``display_id``."""

    data: Mapping[str, Any]
    metadata: Mapping[str, Any]
    display_id: str | None = None
    update: bool = False
    result: bool = False  # the value of the last expression


class Clear(msgspec.Struct, frozen=True):
    """The outputs so far are cleared; with ``wait`` when the next one comes."""

    wait: bool


class Failure(msgspec.Struct, frozen=True):
    """The code raised."""

    name: str
    value: str
    traceback: tuple[str, ...]


Output = Stream | Display | Clear | Failure


def decode(message: Mapping[str, Any]) -> Output | None:
    """The output that an IOPub message carries; None for the others (status, input, ...)."""
    content = message["content"]
    match message["msg_type"]:
        case "stream":
            return Stream(content["name"], content["text"])
        case "display_data" | "execute_result" | "update_display_data" as kind:
            return Display(
                content["data"],
                content.get("metadata", {}),
                content.get("transient", {}).get("display_id"),
                update=kind == "update_display_data",
                result=kind == "execute_result",
            )
        case "clear_output":
            return Clear(bool(content.get("wait")))
        case "error":
            return Failure(content["ename"], content["evalue"], tuple(content["traceback"]))
    return None


def event_of(output: Output) -> Any | None:
    """The JSON value of an observer's event, None if the output is not one."""
    return output.data.get(EVENT_MIME) if isinstance(output, Display) else None


def is_idle(message: Mapping[str, Any]) -> bool:
    """Whether the message says that the kernel is done."""
    return bool(message["msg_type"] == "status" and message["content"]["execution_state"] == "idle")

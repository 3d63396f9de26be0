"""A Python file's bytes as text and back, in the encoding that it declares."""

from __future__ import annotations

import io
import tokenize


class NotText(ValueError):
    """The bytes are no text in the encoding that they declare (UTF-8 without one)."""


def decode(data: bytes) -> tuple[str, str]:
    """Text and encoding. Raises ``NotText``."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding), encoding
    except (SyntaxError, UnicodeDecodeError) as error:
        raise NotText("The file is no text in the encoding that it declares (UTF-8 without one).") from error


def encode(text: str, encoding: str) -> bytes:
    """The bytes of a file that declares ``encoding``. Raises ``NotText`` where it has no such characters."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise NotText(f"The converted text has characters that the declared encoding {encoding} lacks.") from error

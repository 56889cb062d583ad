"""JSON as programs of others write it: indented, so that a difference of two files can be read."""

from __future__ import annotations

from typing import Any

import msgspec


def to_json(content: Any) -> str:
    """The text of a JSON file."""
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"

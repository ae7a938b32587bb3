"""Whether anybody would read an answer: mail from nobody is mail from a machine."""

from typing import Any

from .mime import Entity


def has_null_sender(root: Entity, envelope: dict[str, Any]) -> bool:
    """Whether the mail came from nobody, as RFC 5321 asks of bounces and answers by machine."""
    given = envelope.get("from")
    if given is not None:
        return str(given).strip("<> ") == ""
    return root.first("return-path").replace(b" ", b"") == b"<>"

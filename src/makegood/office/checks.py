"""What refuses to start: a database that would lose what was acknowledged (security.md D27)."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from makegood.office.database_safety import unsafe_settings


@register(Tags.database)
def databases_keep_their_word(
    databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    if not databases:
        return []
    return [Error(words, id="makegood.E001") for words in unsafe_settings()]

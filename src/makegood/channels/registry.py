"""The channels that exist: one line each."""

from functools import lru_cache
from typing import Any

from django.utils.module_loading import import_string

CHANNELS = {
    "email": "makegood.channels.email.channel.Email",
    "web": "makegood.channels.web.channel.Web",
}


@lru_cache(maxsize=16)
def channel(kind: str) -> Any:
    """The channel of a kind (see `interface.Channel`). A kind that we lack is a KeyError."""
    return import_string(CHANNELS[kind])()

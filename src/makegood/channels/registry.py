"""The channels that exist: one line each."""

from functools import lru_cache
from typing import Any

from django.utils.module_loading import import_string

CHANNELS = {
    "chat": "makegood.channels.chat.channel.Chat",
    "email": "makegood.channels.email.channel.Email",
    "web": "makegood.channels.web.channel.Web",
}

LIVE = ("chat",)
"""Kinds whose people read an answer where they wrote: nothing is sent, and nothing to take back."""


@lru_cache(maxsize=16)
def channel(kind: str) -> Any:
    """The channel of a kind (see `interface.Channel`). A kind that we lack is a KeyError."""
    return import_string(CHANNELS[kind])()

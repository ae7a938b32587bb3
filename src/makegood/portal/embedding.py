"""Which pages may hold the form in a frame: origins that the shop named, written as a policy."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from makegood.channels.models import Inbox

MOST = 20


def allowed_origins(inbox: Inbox) -> Sequence[str]:
    """The shop's own pages, from the inbox's settings; what is not an origin is left out."""
    named = inbox.settings.get("embedded_in")
    found = [origin_of(str(one)) for one in named] if isinstance(named, list) else []
    return [origin for origin in found if origin][:MOST]


def origin_of(text: str) -> str:
    """`https://shop.example` of an address; empty where it is none. Nothing else gets through."""
    try:
        parts = urlsplit(text.strip())
        port = f":{parts.port}" if parts.port else ""
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        return ""
    is_plain = bool(host) and all(letter.isalnum() or letter in "-." for letter in host)
    return (
        f"{parts.scheme}://{host}{port}" if parts.scheme in ("https", "http") and is_plain else ""
    )

"""A mail as it was sent: a page of its own, in a box that nothing can leave.

The frame has no origin: no script runs, no form leaves, nothing is fetched. Pictures that
came with the mail are part of the page; pictures from elsewhere would tell their owner that
the mail was opened, and are shown only to the agent who asks for them.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from html import unescape

from django.http import HttpResponse

from makegood.beside.models import SideFile, SideMessage
from makegood.conversations.models import Attachment, Message
from makegood.files import storage
from makegood.files.serving import SHOWN_INLINE, sniffed_type
from makegood.kit.rx import rx

LOOK = (
    "html{background:#fff;color:#222;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"
    "body{margin:12px}img{max-width:100%;height:auto}table{max-width:100%}"
    "blockquote{margin:0 0 0 8px;padding-left:8px;border-left:2px solid #ccc}"
)
LOOK_HASH = base64.b64encode(hashlib.sha256(LOOK.encode()).digest()).decode()
PICTURE = r"""<img (?:[^">]|"[^"]*")*>"""
WAITS = r' data-(src|cid)="([^"]*)"'
MAX_PICTURE_BYTES = 8 * 1024 * 1024


def frame(
    message: Message | SideMessage, pictures: Iterable[Attachment | SideFile], *, fetch: bool
) -> HttpResponse:
    """The answer that holds a foreign page. `fetch` lets it load pictures from elsewhere."""
    along = dict(_along(pictures))
    body = rx(PICTURE).sub(lambda found: _with_source(found[0], along, fetch), message.html)
    page = f'<!doctype html><meta charset="utf-8"><base target="_blank"><style>{LOOK}</style>{body}'
    response = HttpResponse(page)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; img-src data:{' https:' if fetch else ''}; "
        f"style-src 'sha256-{LOOK_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    return response


def _along(pictures: Iterable[Attachment | SideFile]) -> Iterator[tuple[str, str]]:
    """The pictures that came with the mail, by the name that its page calls them."""
    room = MAX_PICTURE_BYTES
    for picture in pictures:
        room -= picture.file.size
        if picture.cid and room > 0:
            yield picture.cid, _as_data(picture)


def _with_source(picture: str, along: Mapping[str, str], fetch: bool) -> str:
    """A picture's tag with its `src`, where there is one to show. See kit/foreign_html.py."""
    kind, waiting = next(iter(rx(WAITS).findall(picture)), ("", ""))
    source = ""
    if kind == "cid":
        source = along.get(unescape(waiting), "")
    elif kind == "src" and fetch:
        # Never in the clear: who listens on the way would learn what the agent reads.
        source = waiting.replace("http://", "https://", 1)
    return rx(WAITS).sub(lambda _found: f' src="{source}"', picture) if source else picture


def _as_data(picture: Attachment | SideFile) -> str:
    content = storage.load(picture.file.sha256)
    kind = sniffed_type(content[:16])
    if kind not in SHOWN_INLINE:
        return "data:,"
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def has_outside_pictures(message: Message) -> bool:
    """Whether the mail would fetch something if it were let."""
    return any(
        kind == "src"
        for picture in rx(PICTURE).findall(message.html)
        for kind, _waiting in rx(WAITS).findall(picture)
    )

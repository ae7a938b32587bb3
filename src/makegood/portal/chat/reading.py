"""What a browser sends, checked before anything is done with it."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from makegood.chat.actions import Said
from makegood.chat.calling import Call
from makegood.chat.inviting import Shown
from makegood.chat.queries import is_secret
from makegood.chat.reading import Seen
from makegood.kit.errors import Refused
from makegood.kit.text import one_line

LONGEST_BODY = 256 * 1024
NAME_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
SHORTEST_NAME, LONGEST_NAME = 16, 40
MOST_FILES = 10


class Odd(Refused):
    """No program of ours sends this."""

    status = 400

    def __init__(self) -> None:
        super().__init__(_("This could not be read. Load the page again."))


class NoSecret(Refused):
    """Nobody whom we could know asks."""

    status = 401

    def __init__(self) -> None:
        super().__init__(_("This could not be read. Load the page again."))


def sent(request: HttpRequest) -> Mapping[str, Any]:
    """The body as JSON. Raises `Odd`."""
    try:
        raw = request.read(LONGEST_BODY + 1)
        found = json.loads(raw.decode()) if len(raw) <= LONGEST_BODY else None
    except (ValueError, RecursionError) as error:
        raise Odd from error
    if not isinstance(found, dict):
        raise Odd
    return found


def content(request: HttpRequest, most: int) -> bytes:
    """A file's bytes, and no more than one beyond what may be."""
    return request.read(most + 1)


def said(body: Mapping[str, Any], network: str) -> Said:
    """A message. Raises `Odd`."""
    client_id, files = _text(body, "client_id"), body.get("files") or []
    tags = body.get("tags") or []
    are_words = all(
        isinstance(given, list) and all(isinstance(one, str) for one in given)
        for given in (files, tags)
    )
    if not is_name(client_id) or not are_words or len(files) > MOST_FILES:
        raise Odd
    return Said(
        client_id=client_id,
        text=_text(body, "text"),
        files=files,
        name=_text(body, "name"),
        email=_text(body, "email")[:254],
        answers={key: words for key, words in _dict(body, "answers").items()
                 if isinstance(words, str)},
        tags=tags,
        network=network,
    )  # fmt: skip


def work(body: Mapping[str, Any]) -> str:
    """The work that the browser did for being heard. Raises `Odd`."""
    return _text(body, "work")


def token(body: Mapping[str, Any]) -> str:
    """The shop's word for who it is; nothing where somebody signed out. Raises `Odd`."""
    if "token" not in body:
        raise Odd
    return _text(body, "token")


def seen(body: Mapping[str, Any]) -> Seen:
    """What a browser tells of itself. Raises `Odd`."""
    read, typing = body.get("read") or 0, body.get("typing")
    if not isinstance(read, int) or not 0 <= read < 2**62:
        raise Odd
    page = _dict(body, "page")
    return Seen(
        read=read,
        is_typing=bool(typing) if typing is not None else None,
        page_url=page_address(_text(page, "url")) if page else None,
        page_title=_text(page, "title") if page else None,
        cart=_dict(body, "cart") if "cart" in body else None,
    )


def page_address(text: str) -> str:
    """Where they are; nothing that an agent's browser would run when it is opened."""
    text = one_line(text, 2000)
    return text if text.lower().startswith(("https://", "http://")) else ""


def shown(body: Mapping[str, Any], language: str) -> Shown | None:
    """Of which invitation a browser tells, if of any. Raises `Odd`."""
    invitation, word = _text(body, "invitation"), _text(body, "word")
    if not invitation:
        return None
    if not is_name(word):
        raise Odd
    return Shown(invitation[:40], word, language)


def led_by(body: Mapping[str, Any], language: str) -> Shown | None:
    """The invitation after which they write, if there was one. Raises `Odd`."""
    return shown(_dict(body, "invited"), language)


def following_secret(body: Mapping[str, Any]) -> str:
    """The secret that is to open from now on. Raises `Odd`."""
    following = _text(body, "next")
    if not is_secret(following):
        raise Odd
    return following


def call(body: Mapping[str, Any], network: str) -> Call:
    """A wish to be called. Raises `Odd`."""
    client_id = _text(body, "client_id")
    if not is_name(client_id):
        raise Odd
    return Call(
        client_id=client_id,
        phone=_text(body, "phone")[:200],
        when=_text(body, "when")[:40],
        words=_text(body, "words"),
        network=network,
    )


def words_of(body: Mapping[str, Any], key: str) -> str:
    """One text of a body. Raises `Odd`."""
    return _text(body, key)


def is_name(text: str) -> bool:
    """Whether a browser of ours calls its messages so."""
    return SHORTEST_NAME <= len(text) <= LONGEST_NAME and set(text) <= NAME_LETTERS


def _text(body: Mapping[str, Any], key: str) -> str:
    found = body.get(key, "")
    if not isinstance(found, str):
        raise Odd
    return found


def _dict(body: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = body.get(key) or {}
    if not isinstance(found, dict):
        raise Odd
    return found

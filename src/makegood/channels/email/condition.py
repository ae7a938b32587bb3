"""How an inbox is doing: troubles of fetching and of sending are kept apart by their first word."""

from django.utils import timezone

from makegood.channels.actions import note_inbox_trouble, note_inbox_works
from makegood.channels.models import Inbox


def note_trouble(inbox: Inbox, kind: str, words: str) -> None:
    """`kind` is `IMAP` or `SMTP`; the words are the server's own."""
    note_inbox_trouble(inbox, f"{_mark(inbox, kind)} {words}")


def note_works(inbox: Inbox, kind: str) -> None:
    """Fetching or sending works; a trouble of that kind, if there was one, is over."""
    fresh = Inbox.objects.only("state", "trouble", "settings", "kind", "name").get(pk=inbox.pk)
    if fresh.state == Inbox.State.TROUBLE and fresh.trouble.startswith(f"{kind} "):
        note_inbox_works(fresh)
    elif kind == "IMAP":
        Inbox.objects.filter(pk=inbox.pk).update(fetched_at=timezone.now())


def _mark(inbox: Inbox, kind: str) -> str:
    return f"{kind} {(inbox.settings.get(kind.lower()) or {}).get('host', '')}:"

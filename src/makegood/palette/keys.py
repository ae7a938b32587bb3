"""Every key of the desk, in one place: the help behind `?`, the palette and the tests read it.

A control on a page names its key with `data-key`; what an element hears by itself says which
element. A key that stands on a page and not here fails the tests, and so does the reverse.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.acts.vocabulary import acts_for_many
from makegood.desk.showing import SHOWN


@dataclass(frozen=True, kw_only=True)
class Key:
    """What is pressed, and what it does."""

    press: str
    does: str | Promise
    heard_by: str = ""
    """The element that hears it by itself; without one it is a control with `data-key`."""

    def parts(self) -> Sequence[str]:
        """The keys one after the other, as they are drawn."""
        return self.press.split(" ")


@dataclass(frozen=True, kw_only=True)
class Group:
    """Keys that work in the same place."""

    title: str | Promise
    keys: tuple[Key, ...]


def _key(press: str, does: str | Promise, heard_by: str = "") -> Key:
    return Key(press=press, does=does, heard_by=heard_by)


ANYWHERE = Group(
    title=_("Anywhere"),
    keys=(
        _key("Ctrl+K", _("Go anywhere, do anything"), "command-palette"),
        _key("/", _("Search")),
        _key("?", _("This help")),
        _key("g i", _("Inbox")),
        _key("g s", _("Search, as a page")),
        _key("g d", _("My day")),
        _key("g c", _("Customers")),
        _key("g k", _("Promises")),
        _key("g l", _("The lead’s page")),
        _key("g h", _("Chats")),
        _key("g n", _("Notices")),
        _key("g o", _("Office")),
        _key("g y", _("Your own page")),
        _key("N", _("Next for me: the most urgent that suits me")),
        _key("H", _("Here or away")),
        _key("z", _("Undo what was just done to many")),
    ),
)

VIEWS = Group(
    title=_("The views"),
    keys=(
        *(_key(view.key, view.title) for view in SHOWN.values()),
        _key("g r", _("Waiting answers")),
    ),
)

LIST = Group(
    title=_("In the list"),
    keys=(
        _key("j", _("Next"), "hot-keys"),
        _key("k", _("Previous"), "hot-keys"),
        _key("Enter", _("Open"), "row-list"),
        _key("x", _("Choose, or not"), "pick-rows"),
        _key("X", _("Choose up to here"), "pick-rows"),
        _key("*", _("Choose the page, then all"), "pick-rows"),
        _key("Esc", _("Choose nothing"), "pick-rows"),
    ),
)

CONVERSATION = Group(
    title=_("In a conversation"),
    keys=(
        _key("r", _("Reply")),
        _key("n", _("Note to us")),
        _key("a", _("Assign")),
        _key("t", _("Tags")),
        _key("p", _("Priority")),
        _key("s", _("Snooze")),
        _key("w", _("Follow, or not")),
        _key("u", _("Unread again")),
        _key("#", _("Spam, or not")),
        _key("i", _("Take what nobody owns")),
        _key("d", _("Macros: several acts as one")),
        _key("m", _("Join or link")),
        _key("v", _("Promise by when to write again")),
        _key("b", _("Ask others, beside it")),
        _key("F", _("Forward")),
        _key("e", _("Resolve, or open again")),
        _key("y", _("Join, as it looks")),
        _key("x", _("Split off what looks new")),
        _key("o", _("Open a forward as its first sender’s")),
        _key("!", _("Send anyway")),
    ),
)

CHATS = Group(
    title=_("Chats side by side"),
    keys=(
        _key("1", _("Write in the first chat"), "chat-columns"),
        _key("2", _("Write in the second chat"), "chat-columns"),
        _key("3", _("Write in the third chat"), "chat-columns"),
        _key("4", _("Write in the fourth chat"), "chat-columns"),
        _key("t", _("Take the next that waits")),
        _key("h", _("Hand over, or invite a colleague")),
        _key("e", _("Resolve")),
        _key("Esc", _("Leave the field, and stay in its chat"), "chat-columns"),
    ),
)

WRITING = Group(
    title=_("While writing"),
    keys=(
        _key("/", _("Saved replies"), "saved-replies"),
        _key("@", _("Mention a colleague, in a note"), "mention-list"),
        _key("Enter", _("Send, in a chat"), "enter-sends"),
        _key("Ctrl+Enter", _("Send, or add the note"), "reply-composer"),
        _key("Ctrl+Z", _("Take back what was just sent"), "undo-bar"),
        _key("Esc", _("Leave the field"), "hot-keys"),
    ),
)


def groups() -> Sequence[Group]:
    """All keys by the place where they work; acts on many bring their own."""
    acts = tuple(_key(act.key, act.label) for act in acts_for_many() if act.key)
    many = Group(title=_("While some are chosen in the list"), keys=acts)
    return (ANYWHERE, VIEWS, LIST, many, CONVERSATION, CHATS, WRITING)


def all_keys() -> Iterator[Key]:
    return (key for group in groups() for key in group.keys)

"""The act that links a conversation with others, or takes it off them: `12, -15`."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.acts.act import Act, Run
from makegood.acts.portraits import Portrait, has_part
from makegood.channels.queries import may_see
from makegood.conversations.models import Conversation
from makegood.conversations.standing import standing_number
from makegood.kit.errors import Refused
from makegood.linking.actions import link_conversations, unlink_conversations
from makegood.linking.queries import linked_among, linked_numbers
from makegood.team.models import Agent

MOST = 20
LONGEST = 15


def links_in(words: str) -> tuple[list[int], list[int]]:
    """The numbers to link with, and those with a minus: to have nothing more to do with."""
    on: list[int] = []
    off: list[int] = []
    for word in words.replace(";", ",").replace(" ", ",").split(","):
        number = word.strip().lstrip("-#")
        if not number:
            continue
        if not (number.isascii() and number.isdigit() and len(number) <= LONGEST):
            raise Refused(_("That is no number of a conversation."))
        (off if "-" in word else on).append(int(number))
    return on, off


def _read(words: str) -> str:
    on, off = links_in(words)
    if not on and not off:
        raise Refused(_("Name a conversation by its number; with a minus it is unlinked: 12, -15"))
    if len(on) + len(off) > MOST:
        raise Refused(_("At most %(n)s conversations at once.") % {"n": MOST})
    return ", ".join([*map(str, on), *(f"-{number}" for number in off)])


def _tell(kept: str) -> str:
    on, off = links_in(kept)
    return ", ".join([*(f"#{number}" for number in on), *(f"−#{number}" for number in off)])


def _others(numbers: Sequence[int], by: Agent) -> Sequence[Conversation]:
    """Those that are meant, where they stand; of what one may not see nothing is known."""
    found = []
    for number in numbers:
        named = Conversation.objects.filter(pk=number).first()
        other = Conversation.objects.get(pk=standing_number(number)) if named else None
        if named is None or other is None or not may_see(by, named.inbox_id):
            raise Refused(_("There is no conversation #%(number)s.") % {"number": number})
        if not may_see(by, other.inbox_id):
            raise Refused(_("There is no conversation #%(number)s.") % {"number": number})
        found.append(other)
    return found


def _link(kept: str, run: Run) -> None:
    on, off = links_in(kept)
    for other in _others(on, run.by):
        link_conversations(run.conversation, other, by=run.by)
    for other in _others(off, run.by):
        unlink_conversations(run.conversation, other, by=run.by)


def _back(kept: str, run: Run, before: Portrait) -> None:
    """Only what the act named goes back: others may have linked since."""
    for other in _others([number for part in links_in(kept) for number in part], run.by):
        was = other.pk in before["links"]
        (link_conversations if was else unlink_conversations)(run.conversation, other, by=run.by)


def _say(kept: str, run: Run) -> str:
    on, off = (_others(numbers, run.by) for numbers in links_in(kept))
    has, said = linked_numbers(run.conversation.pk), []
    if fresh := [one for one in on if one.pk not in has]:
        said.append(_("Link it with %(numbers)s") % {"numbers": _numbers(fresh)})
    if gone := [one for one in off if one.pk in has]:
        said.append(_("Unlink it from %(numbers)s") % {"numbers": _numbers(gone)})
    return "; ".join(said)


def _numbers(conversations: Sequence[Conversation]) -> str:
    return ", ".join(f"#{one.pk}" for one in conversations)


def _is_linked(kept: str, now: Portrait, _by: Agent) -> bool:
    on, off = links_in(kept)
    return set(now["links"]) >= set(on) and not set(now["links"]) & set(off)


def _own_links(kept: str, part: Portrait) -> Portrait:
    on, off = links_in(kept)
    return {"links": sorted({*on, *off} & set(part["links"]))}


def _links(pks: Sequence[int], _agent: Agent) -> Mapping[int, list[int]]:
    return linked_among(pks)


has_part("links", _links, otherwise=[])

LINK = Act(
    name="link",
    label=gettext_lazy("Link"),
    icon="link",
    key="l",
    takes="numbers",
    read=_read,
    tell=_tell,
    say=_say,
    do=_link,
    back=_back,
    touches=("links",),
    own_part=_own_links,
    is_so=_is_linked,
)

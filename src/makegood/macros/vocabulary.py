"""What can be done to a conversation, by name: one list for macros and whoever acts in bulk.

An act is kept as `{"do": "tag", "with": "late"}`. Each calls the action that the desk calls,
and is refused where that is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.conversations.actions import (
    add_note,
    assign_conversation,
    reopen_conversation,
    resolve_conversation,
    snooze_conversation,
    tag_conversation,
)
from makegood.conversations.models import Conversation, Draft
from makegood.conversations.replying import Reply, reply_to
from makegood.kit.errors import Refused
from makegood.kit.records import ref_id
from makegood.kit.rx import rx
from makegood.kit.text import fit_for_storage, one_line
from makegood.macros.filling import Filled, Setting, fill, refuse_unknown_fields
from makegood.team.models import Agent, Team

_REST = rx(r"(\d{1,4})\s*([hd])")
LONGEST_TEXT = 20_000


@dataclass(frozen=True, kw_only=True)
class Run:
    """What an act is done with: on what, by whom, and what was agreed to beforehand."""

    conversation: Conversation
    by: Agent
    seen: int | None = None
    client_key: str = ""
    accepted: Sequence[str] = ()

    def filled(self, text: str) -> Filled:
        language = self.conversation.customer.language or self.conversation.inbox.language
        setting = Setting(conversation=self.conversation, agent=self.by, language=language)
        return fill(text, setting)


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that can be done; `words` is what it takes: nothing, a word, or a text."""

    name: str
    label: str | Promise
    words: str = ""
    read: Callable[[str], str] = str.strip
    """What was typed, as it is kept. Raises `Refused` where it cannot be."""
    say: Callable[[str, Run], str]
    """What it will do here, in words; empty where it is so already."""
    do: Callable[[str, Run], None]


def _read_assignee(words: str) -> str:
    words = words.strip()
    if words in ("me", "nobody"):
        return words
    known = Agent.objects.filter(is_active=True)
    found = (
        known.filter(pk=_number(words)) if words.startswith("agent:") else known.filter(email=words)
    ).first()
    if found is None:
        raise Refused(_("There is no agent %(words)s.") % {"words": words})
    return found.ref


def _read_team(words: str) -> str:
    words = words.strip()
    found = (
        Team.objects.filter(pk=_number(words))
        if words.startswith("team:")
        else Team.objects.filter(name=words)
    ).first()
    if found is None:
        raise Refused(_("There is no team %(words)s.") % {"words": words})
    return found.ref


def _number(ref: str) -> int:
    digits = ref.partition(":")[2]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 15 else 0


def _read_tag(words: str) -> str:
    word = one_line(words.strip().lstrip("#").lower(), 40)
    if not word or "," in word:
        raise Refused(_("Name one tag."))
    return word


def _read_rest(words: str) -> str:
    match = _REST.fullmatch(words.strip().lower())
    if match is None or not int(match.group(1)):
        raise Refused(_("Say for how long: 3h for three hours, 2d for two days."))
    return f"{int(match.group(1))}{match.group(2)}"


def _read_text(words: str) -> str:
    text = fit_for_storage(words).strip().replace("\r\n", "\n")
    if not text:
        raise Refused(_("Write what it shall say."))
    if len(text) > LONGEST_TEXT:
        raise Refused(_("That is longer than %(n)s characters.") % {"n": LONGEST_TEXT})
    refuse_unknown_fields(text)
    return text


def _nothing(words: str) -> str:
    return ""


def _until(kept: str) -> timedelta:
    return timedelta(**{"h": {"hours": int(kept[:-1])}, "d": {"days": int(kept[:-1])}}[kept[-1]])


def _assignee(kept: str, run: Run) -> Agent | None:
    if kept in ("me", "nobody"):
        return run.by if kept == "me" else None
    found = Agent.objects.filter(pk=ref_id(kept)).first()
    if found is None:
        raise Refused(_("This agent or team is not here any more."))
    return found


def _team(kept: str) -> Team:
    found = Team.objects.filter(pk=ref_id(kept)).first()
    if found is None:
        raise Refused(_("This agent or team is not here any more."))
    return found


def _assign(kept: str, run: Run) -> None:
    agent = _assignee(kept, run)
    team = run.conversation.team if agent else None
    assign_conversation(run.conversation, agent=agent, team=team, by=run.by)


def _say_assign(kept: str, run: Run) -> str:
    agent = _assignee(kept, run)
    if agent is None:
        here = run.conversation
        return _("Give it back to everybody") if here.assignee_id or here.team_id else ""
    if agent.pk == run.conversation.assignee_id:
        return ""
    return _("Assign it to %(name)s") % {"name": agent.name}


def _give_to_team(kept: str, run: Run) -> None:
    assign_conversation(run.conversation, agent=None, team=_team(kept), by=run.by)


def _say_team(kept: str, run: Run) -> str:
    team, here = _team(kept), run.conversation
    if (here.team_id, here.assignee_id) == (team.pk, None):
        return ""
    return _("Give it to the team %(name)s") % {"name": team.name}


def _tags(run: Run) -> set[str]:
    return set(run.conversation.tags.values_list("name", flat=True))


def _tag(kept: str, run: Run) -> None:
    tag_conversation(run.conversation, _tags(run) | {kept}, by=run.by)


def _untag(kept: str, run: Run) -> None:
    tag_conversation(run.conversation, _tags(run) - {kept}, by=run.by)


def _say_tag(kept: str, run: Run) -> str:
    return "" if kept in _tags(run) else _("Put on the tag %(word)s") % {"word": kept}


def _say_untag(kept: str, run: Run) -> str:
    return _("Take off the tag %(word)s") % {"word": kept} if kept in _tags(run) else ""


def _resolve(kept: str, run: Run) -> None:
    resolve_conversation(run.conversation, by=run.by)


def _say_resolve(kept: str, run: Run) -> str:
    return "" if run.conversation.status == Conversation.Status.RESOLVED else _("Resolve it")


def _reopen(kept: str, run: Run) -> None:
    reopen_conversation(run.conversation, by=run.by)


def _say_reopen(kept: str, run: Run) -> str:
    return "" if run.conversation.status == Conversation.Status.OPEN else _("Open it again")


def _snooze(kept: str, run: Run) -> None:
    snooze_conversation(run.conversation, until=timezone.now() + _until(kept), by=run.by)


def _say_snooze(kept: str, run: Run) -> str:
    until = timezone.localtime(timezone.now() + _until(kept))
    return _("Let it rest until %(when)s") % {
        "when": formats.date_format(until, "SHORT_DATETIME_FORMAT")
    }


def _note(kept: str, run: Run) -> None:
    _refuse_over_a_draft(run, Draft.Purpose.NOTE)
    add_note(run.conversation, run.filled(kept).text, client_key=run.client_key, by=run.by)


def _refuse_over_a_draft(run: Run, purpose: str) -> None:
    """What is said throws its writer's draft away: here that would be other words than these."""
    own = Draft.objects.filter(conversation=run.conversation, agent=run.by, purpose=purpose)
    if own.exclude(text="").exists() or own.filter(attachments__isnull=False).exists():
        raise Refused(_("You have begun to write here: send that or empty it first."))


def _reply(kept: str, run: Run) -> None:
    _refuse_over_a_draft(run, Draft.Purpose.REPLY)
    reply = Reply(
        text=run.filled(kept).text,
        seen=run.seen,
        client_key=run.client_key,
        accepted=run.accepted,
    )
    reply_to(run.conversation, reply, by=run.by)


ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act(
            name="assign",
            label=gettext_lazy("Assign to"),
            words="agent",
            read=_read_assignee,
            say=_say_assign,
            do=_assign,
        ),
        Act(
            name="team",
            label=gettext_lazy("Give to the team"),
            words="team",
            read=_read_team,
            say=_say_team,
            do=_give_to_team,
        ),
        Act(
            name="tag",
            label=gettext_lazy("Put on a tag"),
            words="word",
            read=_read_tag,
            say=_say_tag,
            do=_tag,
        ),
        Act(
            name="untag",
            label=gettext_lazy("Take off a tag"),
            words="word",
            read=_read_tag,
            say=_say_untag,
            do=_untag,
        ),
        Act(
            name="note",
            label=gettext_lazy("Leave a note"),
            words="text",
            read=_read_text,
            say=lambda kept, run: _("Leave a note"),
            do=_note,
        ),
        Act(
            name="reply",
            label=gettext_lazy("Send an answer"),
            words="text",
            read=_read_text,
            say=lambda kept, run: _("Send an answer"),
            do=_reply,
        ),
        Act(
            name="snooze",
            label=gettext_lazy("Snooze for"),
            words="word",
            read=_read_rest,
            say=_say_snooze,
            do=_snooze,
        ),
        Act(
            name="resolve",
            label=gettext_lazy("Resolve"),
            read=_nothing,
            say=_say_resolve,
            do=_resolve,
        ),
        Act(
            name="open",
            label=gettext_lazy("Open again"),
            read=_nothing,
            say=_say_reopen,
            do=_reopen,
        ),
    )
}


def read_act(name: str, words: str) -> dict[str, str]:
    """An act as it is kept, from what was typed. Raises `Refused` in words."""
    act = ACTS.get(name)
    if act is None:
        raise Refused(_("There is no act “%(name)s”.") % {"name": name})
    return {"do": name, "with": act.read(words)}


def write_act(kept: Mapping[str, str]) -> str:
    """What an act takes, in words that mean the same on another desk."""
    words = kept["with"]
    if words.startswith("agent:"):
        agent = Agent.objects.filter(pk=ref_id(words)).first()
        return agent.email if agent else words
    if words.startswith("team:"):
        team = Team.objects.filter(pk=ref_id(words)).first()
        return team.name if team else words
    return words

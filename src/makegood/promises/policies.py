"""How soon we promise what: policies are drafted, published, switched, put in order.

A version that was published is never changed again: who wants it otherwise drafts the next. A
promise keeps the version that it was made under.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.conversations.judging import asks_for_words, refuse_what_the_house_cannot_ask
from makegood.kit.errors import Refused
from makegood.kit.second import refuses_a_second
from makegood.kit.text import plain_name
from makegood.ledger.actions import record
from makegood.promises.events import PolicyChanged
from makegood.promises.models import Policy, PolicyVersion, Preview, Promise
from makegood.promises.policy_words import told_version
from makegood.team.models import Agent

Kind = Promise.Kind
PROMISED = (Kind.FIRST, Kind.NEXT, Kind.RESOLUTION)
CLOCKS = tuple(Promise.Clock.values)
LONGEST_TARGET = 366 * 24 * 3600
MOST_STEPS = 12
LATEST_STEP = 30 * 24 * 3600
DOES = ("notify", "raise", "reassign", "call")
WHOM = ("owner", "team", "leads")
NEEDS_WHOM = ("notify", "call")


@dataclass(frozen=True, kw_only=True)
class PolicyWish:
    """A policy as somebody wants it."""

    name: str
    condition: str = ""
    targets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rests_while_awaited: bool = True
    warn_share: int = 75
    steps: Sequence[Mapping[str, Any]] = ()


@refuses_a_second
@transaction.atomic
def draft_policy(policy: Policy | None, wish: PolicyWish, *, by: Agent) -> PolicyVersion:
    """Write down how a policy is to read; nothing is promised by it until it is published."""
    policy = _lock(policy) if policy else None
    name = _name(wish, policy)
    kept = _kept(wish)
    if policy is None:
        last = Policy.objects.aggregate(last=Max("position"))["last"]
        policy = Policy.objects.create(name=name, position=0 if last is None else last + 1)
    draft = draft_of(policy)
    before = told_version(draft or newest_of(policy)) if newest_of(policy) or draft else {}
    before = {"name": policy.name, **before} if before else {}
    if draft is None:
        draft = PolicyVersion(policy=policy, number=_next_number(policy))
    for word, value in kept.items():
        setattr(draft, word, value)
    draft.trouble = ""
    draft.save()
    policy.name = name
    policy.save(update_fields=["name"])
    _tell(policy, "drafted", before, {"name": name, **told_version(draft)}, by)
    return draft


@transaction.atomic
def publish_policy(policy: Policy, *, by: Agent) -> PolicyVersion:
    """From now on it is promised so. What was promised before stays as it was."""
    policy = _lock(policy)
    draft = draft_of(policy)
    if draft is None:
        raise Refused(_("There is nothing new to publish: somebody did it already."))
    refuse_condition(draft.condition)
    before = newest_of(policy)
    draft.published_at, draft.published_by = timezone.now(), by
    draft.save(update_fields=["published_at", "published_by"])
    what = "published"
    _tell(policy, what, told_version(before) if before else {}, told_version(draft), by)
    return draft


@transaction.atomic
def switch_policy(policy: Policy, *, is_on: bool, by: Agent) -> None:
    """Let a policy promise nothing new for now, or promise again."""
    policy = _lock(policy)
    if policy.is_on == is_on:
        return
    policy.is_on = is_on
    policy.save(update_fields=["is_on"])
    words = {True: "on", False: "off"}
    what = "switched on" if is_on else "switched off"
    _tell(policy, what, {"is": words[not is_on]}, {"is": words[is_on]}, by)


@transaction.atomic
def order_policies(pks: Sequence[int], *, by: Agent) -> None:
    """In which order they are asked; what is not named comes behind."""
    known = {one.pk: one for one in Policy.objects.select_for_update().order_by("position", "pk")}
    wanted = [pk for pk in dict.fromkeys(pks) if pk in known]
    wanted += [pk for pk in known if pk not in wanted]
    if wanted == list(known):
        return
    for place, pk in enumerate(wanted, 1):
        policy, before = known[pk], list(known).index(pk) + 1
        Policy.objects.filter(pk=pk).update(position=place)
        if before != place:
            told = {"place": str(before)}, {"place": str(place)}
            _tell(policy, "moved", *told, by)


@transaction.atomic
def delete_draft(policy: Policy, *, by: Agent) -> bool:
    """Throw a draft away; a policy that was never published goes with it. Whether it went."""
    policy = _lock(policy)
    draft = draft_of(policy)
    if draft is None:
        return False
    before = {"name": policy.name, **told_version(draft)}
    _tell(policy, "draft thrown away", before, {}, by)
    Preview.objects.filter(policy=policy).delete()
    draft.delete()
    is_gone = not policy.versions.exists()
    if is_gone:
        policy.delete()
    return is_gone


def draft_of(policy: Policy) -> PolicyVersion | None:
    return policy.versions.filter(published_at=None).first()


def newest_of(policy: Policy) -> PolicyVersion | None:
    """As it was published last."""
    return policy.versions.exclude(published_at=None).order_by("-number").first()


def refuse_condition(text: str) -> None:
    """Raises `Refused` where the house cannot ask this of a conversation that just began."""
    refuse_what_the_house_cannot_ask(text)
    if asks_for_words(text):
        words = _(
            "Words are found a moment after they were written, and a promise is made at once:"
            " ask for a channel, an inbox, a team, a tag, a language or a field instead."
        )
        raise Refused(words)


def _lock(policy: Policy) -> Policy:
    found = Policy.objects.select_for_update().filter(pk=policy.pk).first()
    if found is None:
        raise Refused(_("Somebody removed this meanwhile."))
    return found


def _name(wish: PolicyWish, policy: Policy | None) -> str:
    name = plain_name(wish.name, 80)
    if not name:
        raise Refused(_("Give it a name."))
    others = Policy.objects.exclude(pk=policy.pk) if policy else Policy.objects.all()
    if others.filter(name__iexact=name).exists():
        raise Refused(_("There is already one called “%(name)s”.") % {"name": name})
    return name


def _next_number(policy: Policy) -> int:
    return int(policy.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def _kept(wish: PolicyWish) -> dict[str, Any]:
    """What a version keeps of a wish. Raises `Refused` with the first thing that cannot be."""
    condition = wish.condition.strip()
    refuse_condition(condition)
    if not 10 <= wish.warn_share <= 100:
        raise Refused(_("At risk is a promise after 10 to 100 percent of its time."))
    return {
        "condition": condition,
        "targets": _targets(wish.targets),
        "rests_while_awaited": wish.rests_while_awaited,
        "warn_share": wish.warn_share,
        "steps": _steps(wish.steps),
    }


def _targets(wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = {}
    for kind in PROMISED:
        if kind.value not in wanted:
            continue
        seconds, clock = int(wanted[kind.value]["seconds"]), str(wanted[kind.value]["clock"])
        if not 60 <= seconds <= LONGEST_TARGET:
            raise Refused(_("Promise a time between a minute and a year."))
        if clock not in CLOCKS:
            raise Refused(_("Choose how the time is counted."))
        kept[kind.value] = {"seconds": seconds, "clock": clock}
    if not kept:
        raise Refused(_("A policy promises something: give at least one time."))
    return kept


def _steps(wanted: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if len(wanted) > MOST_STEPS:
        raise Refused(_("That is more than %(n)s steps.") % {"n": MOST_STEPS})
    return [_step(number, one) for number, one in enumerate(wanted, 1)]


def _step(number: int, wanted: Mapping[str, Any]) -> dict[str, Any]:
    at, does, whom = str(wanted["at"]), str(wanted["do"]), str(wanted.get("whom", ""))
    after = int(wanted.get("after", 0))
    if at not in ("warn", "due") or does not in DOES or not 0 <= after <= LATEST_STEP:
        raise Refused(_("Step %(n)s cannot be taken so.") % {"n": number})
    if does in NEEDS_WHOM and not _is_somebody(whom):
        raise Refused(_("Step %(n)s: say whom it is for.") % {"n": number})
    return {"at": at, "after": after, "do": does, "whom": whom if does != "raise" else ""}


def _is_somebody(whom: str) -> bool:
    noun, _colon, number = whom.partition(":")
    if noun == "agent" and number.isdecimal() and len(number) < 12:
        return Agent.objects.filter(pk=int(number), is_active=True).exists()
    return whom in WHOM


def _tell(
    policy: Policy, what: str, before: dict[str, str], after: dict[str, str], by: Agent
) -> None:
    fact = PolicyChanged(policy=policy.pk, name=policy.name, what=what, before=before, after=after)
    record(fact, about=[policy], by=by)

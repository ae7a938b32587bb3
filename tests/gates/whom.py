"""Customers, and what hangs on them, so that every address about a person leads to something."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from makegood.calendars.actions import Wish as HoursWish
from makegood.calendars.actions import save_calendar
from makegood.calendars.hours import Shift
from makegood.calendars.models import Calendar
from makegood.chat.models import NetworkBlock
from makegood.conversations.models import Conversation
from makegood.customers.actions import note_on_customer
from makegood.customers.blocking import block_customer
from makegood.customers.merging import merge_customers
from makegood.customers.models import Block, Customer, CustomerNote, Handle, Merge
from makegood.fields.actions import Wish, save_field
from makegood.fields.models import Field
from makegood.people.copying import ask_for_copy, folder, path_of
from makegood.people.models import Copy, Segment
from makegood.people.segments import save_segment
from makegood.promises.models import Cause, Policy, Preview, Recount
from makegood.promises.policies import PolicyWish, draft_policy
from makegood.promises.previewing import ask_for_preview
from makegood.team.models import Agent


@dataclass(frozen=True, kw_only=True)
class People:
    """Ida, whose conversation it is; another who wrote to the same inbox; and what is of them."""

    ida: Customer
    handle: Handle
    other: Customer
    note: CustomerNote
    block: Block
    network_block: NetworkBlock
    merge: Merge
    segment: Segment
    copy: Copy
    field: Field
    calendar: Calendar
    policy: Policy
    preview: Preview
    recount: Recount
    cause: Cause

    def named(self) -> dict[str, Any]:
        """The thing that each address names."""
        of_ida = (
            "person", "person-details", "person-tags", "person-notes", "person-fields",
            "person-consent", "person-block", "merging", "apart", "copies", "forgetting",
        )  # fmt: skip
        of_a_policy = ("", "_publishing", "_switching", "_removal", "_previewing")
        return {
            **{f"office:policy{name}": self.policy for name in of_a_policy},
            "office:policy_preview": self.preview,
            "office:recount": self.recount,
            **dict.fromkeys(("office:cause", "office:cause_switching"), self.cause),
            **{f"desk:{name}": self.ida for name in of_ida},
            "desk:person-note-removal": self.note,
            "desk:handle-block": self.handle,
            "desk:lifting": self.block,
            "desk:network-lifting": self.network_block,
            "desk:person-splitting": self.merge,
            "desk:segment": self.segment,
            "desk:segment-removal": self.segment,
            "desk:copy": self.copy,
            "office:field": self.field,
            "office:calendar": self.calendar,
            "office:calendar_removal": self.calendar,
            "office:calendar_file": self.calendar,
            "office:calendar_days": self.calendar,
            "office:calendar_days_undo": self.calendar,
            "office:field_archiving": self.field,
            "office:field_restoring": self.field,
            "office:lifting": self.block,
        }


def _writes(lamp: Conversation, name: str, at_minute: int) -> Customer:
    """Somebody else who wrote to the same inbox."""
    now = timezone.now() + timedelta(minutes=at_minute)
    customer = Customer.objects.create(name=name, first_seen_at=now, last_seen_at=now)
    address = f"{name.lower()}@example.com"
    customer.handles.create(kind="email", address=address)
    Conversation.objects.create(
        inbox=lamp.inbox, customer=customer, turn_since=now, opened_at=now, last_at=now
    )
    return customer


def opening_hours(olga: Agent) -> Calendar:
    """Hours that may be deleted: others are the standard."""
    week = [(Shift(540, 1020),)] * 7
    for name in ("Standard", "Night"):
        made = save_calendar(None, HoursWish(name=name, zone="Europe/Berlin", week=week), by=olga)
    return made


def a_draft(olga: Agent) -> Policy:
    target = {"seconds": 3600, "clock": "always"}
    wish = PolicyWish(name="Everybody", targets={"first_answer": target})
    return draft_policy(None, wish, by=olga).policy


def make_people(lamp: Conversation, nora: Agent, tomas: Agent, olga: Agent) -> People:
    other, blocked, twin = (_writes(lamp, name, -9) for name in ("Karim", "Eve", "Karimo"))
    copy = ask_for_copy(lamp.customer, by=tomas)
    day = timezone.now() + timedelta(days=1)
    Copy.objects.filter(pk=copy.pk).update(state="ready", ready_at=timezone.now(), expires_at=day)
    folder().mkdir(parents=True, exist_ok=True)
    path_of(copy).write_bytes(b"PK")
    policy, calendar = a_draft(olga), opening_hours(olga)
    return People(
        ida=lamp.customer,
        handle=lamp.customer.handles.get(),
        other=other,
        note=note_on_customer(lamp.customer, "Likes tea.", by=nora),
        block=block_customer(blocked, reason="Threats.", by=nora),
        network_block=NetworkBlock.objects.create(
            network="n", whom="Eve", customer=blocked, reason="Threats.", since=day, until=day
        ),
        merge=merge_customers(other, twin, by=nora),
        segment=save_segment(None, name="Friends", conditions={"tag": "vip"}, by=nora),
        copy=copy,
        field=save_field(None, Wish(name="Size"), by=olga),
        calendar=calendar,
        cause=Cause.objects.order_by("pk")[0],
        recount=Recount.objects.create(
            calendar=calendar, name="Night", asked_by=olga.ref, asked_at=timezone.now()
        ),
        policy=policy,
        preview=ask_for_preview(policy, by=olga),
    )

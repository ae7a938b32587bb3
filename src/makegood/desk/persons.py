"""Who a customer is: what the pane beside a conversation and their own page both show."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from makegood.beside.models import SideThread
from makegood.beside.queries import threads_of
from makegood.chat.barring import attempts_at, network_blocks_of, networks_of
from makegood.concerns.queries import orders_beside
from makegood.conversations.hints import takes_part
from makegood.conversations.models import Conversation
from makegood.conversations.queries import earlier_conversations, joined_here, lookalike_of
from makegood.customers.blocking import Blocked, blocks_of
from makegood.customers.likeness import alike
from makegood.customers.merging import merges_of
from makegood.customers.models import Consent, Customer, Handle
from makegood.customers.queries import (
    consents_of,
    handles_of,
    known_tags,
    local_time,
    newest_notes,
    tags_of,
)
from makegood.desk.besides import STATES
from makegood.desk.chatting import chatting_in
from makegood.desk.disputing import disputed_beside
from makegood.desk.goods import carts_beside
from makegood.desk.person_forms import BLOCK_DAYS, FIELD, LANGUAGES, time_zones
from makegood.desk.rows import CHANNELS
from makegood.fields.queries import filled_fields
from makegood.fulfilment.queries import next_of_orders
from makegood.makegoods.queries import makegoods_of
from makegood.people.queries import copies_of, knows
from makegood.people.telling import story_page
from makegood.shop.queries import newest_orders
from makegood.team.models import Agent
from makegood.waits.queries import told_to

STATIC: dict[str, Any] = {
    "channels": CHANNELS,
    "languages_spoken": LANGUAGES,
    "block_days": BLOCK_DAYS,
    "purposes": Consent.Purpose.choices,
    "field_prefix": FIELD,
}


def _who(customer: Customer, agent: Agent) -> dict[str, Any]:
    now = timezone.now()
    blocks, handles = blocks_of(customer, now), handles_of(customer)
    return (
        STATIC
        | _from_the_chat(customer, handles, blocks)
        | {
            "me": agent,
            "customer": customer,
            "handles": handles,
            "orders": [],
            "orders_here": [],
            "promised_orders": {},
            "customer_tags": tags_of(customer),
            "customer_notes": newest_notes(customer),
            "filled": filled_fields("customer", customer.pk, role=agent.role),
            "consents": consents_of(customer),
            "blocks": blocks,
            "blocked_handles": {one.block.handle_id for one in blocks},
            "is_blocked": any(one.block.customer_id for one in blocks),
            "local": local_time(customer, now),
            "language_name": dict(LANGUAGES).get(customer.language, customer.language),
            "suggestions": suggestions_for(customer, handles, agent),
        }
    )


def _from_the_chat(
    customer: Customer, handles: Sequence[Handle], blocks: Sequence[Blocked]
) -> dict[str, Any]:
    """What else is to say of the blocks of somebody who writes in the chat."""
    if all(one.kind != "chat" for one in handles):
        return {"network_blocks": [], "attempts": {}, "has_network": False}
    networks = network_blocks_of(customer, timezone.now())
    refs = [one.block.ref for one in blocks] + [one.ref for one in networks]
    return {
        "network_blocks": networks,
        "attempts": attempts_at(refs) if refs else {},
        "has_network": bool(networks_of(customer)),
    }


def suggestions_for(customer: Customer, handles: Sequence[Handle], agent: Agent) -> list[Any]:
    """Those who may be the same, as far as the agent may know of them."""
    found = alike(customer, handles)
    return [one for one in found if agent.sees_everything() or knows(agent, one.customer)]


def _mailboxes(handles: Sequence[Handle]) -> list[str]:
    return [one.address for one in handles if one.kind == "email"]


def pane_of(conversation: Conversation, agent: Agent) -> dict[str, Any]:
    """The pane beside a conversation."""
    chatting = chatting_in(conversation)
    spoken = chatting.visitor.language if chatting else ""
    who = _who(conversation.customer, agent)
    here = orders_beside(conversation, _mailboxes(who["handles"]))
    orders = [one.order for one in here]
    return who | {
        "disputes": disputed_beside(conversation, orders, agent),
        "conversation": conversation,
        "orders_here": here,
        "carts": carts_beside(agent, _mailboxes(who["handles"])),
        "promised_orders": next_of_orders(orders, timezone.now()),
        "chatting": chatting,
        "visitor_language": dict(LANGUAGES).get(spoken, spoken),
        "participants": takes_part(conversation),
        "conversation_fields": filled_fields("conversation", conversation.pk, role=agent.role),
        "joined": joined_here(conversation, agent),
        "besides": [(one, STATES[SideThread.State(one.state)]) for one in threads_of(conversation)],
        "earlier": earlier_conversations(conversation, agent),
        "makegoods": makegoods_of(conversation),
        "lookalike": lookalike_of(conversation, agent),
        "told_to_wait": told_to(conversation),
    }


def page_of(customer: Customer, agent: Agent, after: str) -> dict[str, Any]:
    """A customer's own page: all of it, and the story over everything."""
    who = _who(customer, agent)
    orders = newest_orders(_mailboxes(who["handles"]))
    return who | {
        "conversation": None,
        "orders": orders,
        "promised_orders": next_of_orders(orders, timezone.now()),
        "story": story_page(customer, agent, after),
        "is_first": not after,
        "merges": merges_of(customer),
        "copies": copies_of(customer, agent, timezone.now()),
        "hands_over": agent.may("customers.export"),
        "forgets": agent.may("customers.forget"),
        "known_words": known_tags(),
        "zones": time_zones(),
    }

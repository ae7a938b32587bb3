"""One thing of every kind, all of the front team's, so that every address leads to something."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
)

from makegood.authority.budgets import BudgetWish, save_budget
from makegood.authority.models import Budget
from makegood.bulk.actions import act_on_chosen
from makegood.bulk.models import BulkAct
from makegood.channels.models import Arrival, Delivery, Inbox
from makegood.conversations.confirming import confirm_address
from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.models import Conversation, Message, SavedView, Tag, Token
from makegood.conversations.queries import conversation_by_link
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.saving import ViewSettings, save_view
from makegood.conversations.tokens import make_token
from makegood.disputes.models import Dispute
from makegood.errands.models import Errand
from makegood.fulfilment.actions import Wish as TermsWish
from makegood.fulfilment.actions import state_terms
from makegood.fulfilment.models import Terms
from makegood.kit.ids import new_token
from makegood.kit.money import Money
from makegood.macros.actions import MacroWish, ReplyWish, save_macro, save_reply
from makegood.macros.bringing import bring_in
from makegood.macros.models import Import, Macro, SavedReply
from makegood.makegoods.actions import Wish as MakegoodWish
from makegood.makegoods.actions import offer
from makegood.makegoods.approving import ask
from makegood.makegoods.failures import name_failure
from makegood.makegoods.mailing import link as approval_link
from makegood.makegoods.models import Approval, Makegood, OwnFailure
from makegood.makegoods.queries import matter_in
from makegood.notices.digest import end_path
from makegood.notices.models import Browser
from makegood.office.passwords import reset_link
from makegood.portraits.actions import put_portrait
from makegood.portraits.tests.drawn import photograph
from makegood.promises.actions import Word, make_promise
from makegood.promises.models import Promise
from makegood.rolls.actions import read_roll
from makegood.rolls.models import Roll
from makegood.sending.models import Prepared
from makegood.sending.preparing import Wish, prepare_answer
from makegood.shop.models import Connection, ImportRun, Order, Product, Signal
from makegood.tags.actions import remove_tag, save_tag
from makegood.tags.models import TagEnding
from makegood.team.actions import invite_agent
from makegood.team.models import Agent, OwnRole, Team
from makegood.team.roles import save_role
from tests.gates.besides import Beside, make_beside
from tests.gates.ruling import Ruling, make_ruling
from tests.gates.sitting import Sitting, in_the_chat, make_sitting
from tests.gates.whom import People
from tests.ordered import (
    a_dispute,
    a_file_of_orders,
    a_product,
    a_signal,
    a_way_to_a_shop,
    an_errand,
    an_order,
)
from tests.world import second_step

NOTHING = 987_654_321
A_YEAR_ON = timezone.now() + timedelta(days=365)
DISPUTE = [
    f"desk:dispute{act}"
    for act in ("", "-evidence", "-sending", "-packet", "-packet-file", "-order", "-letting-go")
]
ORDER = ("desk:order", "desk:order-parcel", "desk:order-scan", "desk:order-confirming")
ORDERS = [f"office:orders_{act}" for act in ("file", "begin", "stop", "undo")]
WAYS = [f"office:shop{act}" for act in ("", "_fields", "_secret", "_switching", "_import")]
MAKEGOOD = [f"desk:makegood{act}" for act in ("", "-state", "-words")]
ROLL = [f"office:roll{act}" for act in ("", "_begin", "_stop", "_undo", "_refused")]


@dataclass(frozen=True, kw_only=True)
class Things:
    """What the addresses name."""

    conversation: Conversation
    message: Message
    attachment: Any
    draft_file: Any
    delivery: Delivery
    arrival: Arrival
    inbox: Inbox
    team: Team
    agent: Agent
    invitation: Any
    token: str
    passkey: Authenticator
    reset: tuple[str, str]
    form: Inbox
    sitting: Sitting
    face: str
    people: People
    link: str
    sent: str
    saved_reply: SavedReply
    macro: Macro
    own_macro: Macro
    brought: Import
    view: SavedView
    bulk: BulkAct
    beside: Beside
    role: OwnRole
    browser: Browser
    roll: Roll
    orders: ImportRun
    errand: Errand
    way: Connection
    signal: Signal
    order: Order
    product: Product
    terms: Terms
    dispute: Dispute
    prepared: Prepared
    promise: Promise
    makegood: Makegood
    approval: Approval
    budget: Budget
    failure: OwnFailure
    tag: Tag
    ending: TagEnding
    ruling: Ruling


def _a_card(minor: int) -> MakegoodWish:
    return MakegoodWish(
        failure="answer", remedy="gesture", face=Money(minor, "EUR"), words="A card",
        why="She waited twice.", client_key=f"places-{minor}",
    )  # fmt: skip


def make_passkey(agent: Agent) -> Authenticator:
    """A passkey as a browser would have made it."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    kept = AttestedCredentialData.create(Aaguid.NONE, b"credential", key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(b"0" * 32, flags, 0, kept)
    said = {
        "clientDataJSON": websafe_encode(b'{"type":"webauthn.create","challenge":"","origin":""}'),
        "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
    }
    name = websafe_encode(b"credential")
    credential = {"id": name, "rawId": name, "type": "public-key", "response": said}
    kept_as = {"name": "Key", "credential": credential}
    return Authenticator.objects.create(user=agent, type="webauthn", data=kept_as)


def make_link(lamp: Conversation) -> str:
    """The private link of the customer, who confirmed it."""
    token = make_token(lamp, lamp.participants.get().handle, Token.Purpose.LINK)
    confirm_address(conversation_by_link(token))
    return token


def make_receipt(form: Inbox) -> str:
    """The word under which somebody can read for an hour what they just sent."""
    content = {"email": "ida@example.com", "subject": "", "text": "Hello", "files": []}
    key = new_token()
    Arrival.objects.create(
        inbox=form, external_id=f"form:{key}", origin="form", raw=json.dumps(content).encode(),
        size=10, arrived_at=timezone.now(), taken_at=timezone.now(),
    )  # fmt: skip
    return key


def make_view(team: Team, nora: Agent) -> SavedView:
    """A saved view of Nora's team."""
    wanted = ViewSettings(name="Late", query="is:open", audience="team", team=team)
    return save_view(wanted, by=nora)


def make_browser(nora: Agent) -> Browser:
    """A browser in which Nora agreed to be told."""
    return Browser.objects.create(
        agent=nora, name="Firefox", place_hash="a" * 64, sealed="", made_at=timezone.now()
    )


def make_things(
    lamp: Conversation, nora: Agent, olga: Agent, mailbox: Inbox, people: People
) -> Things:
    message = reply_to(lamp, Reply(text="On its way."), by=nora)
    Message.objects.filter(pk=message.pk).update(html="<p>On its way.</p>", delivery_state="sent")
    kept = save_draft(lamp, "Dear", purpose="reply", by=nora)
    file = attach_to_draft(kept, name="a.txt", content_type="text/plain", content=b"a")
    shown = attach_to_draft(kept, name="b.txt", content_type="text/plain", content=b"b")
    type(shown).objects.filter(pk=shown.pk).update(message=message, draft=None)
    Delivery.objects.update(state="failed")
    arrival = Arrival.objects.create(
        inbox=mailbox, external_id="1", origin="smtp", raw=b"x", size=1, trouble="ValueError",
        arrived_at="2026-03-02T09:00:00Z", attempts=5,
    )  # fmt: skip
    invitation, token = invite_agent("pia@lantern.example", role="agent", by=olga)
    second_step(nora)
    uid, _, key = reset_link(nora).rstrip("/").rpartition("/")[2].partition("-")
    return Things(
        conversation=lamp,
        message=message,
        attachment=shown,
        draft_file=file,
        delivery=Delivery.objects.get(about=message.ref),
        beside=make_beside(lamp, nora),
        arrival=arrival,
        inbox=mailbox,
        team=mailbox.teams.get(),
        agent=nora,
        invitation=invitation,
        token=token,
        passkey=make_passkey(nora),
        reset=(uid, key),
        form=lamp.inbox,
        sitting=make_sitting(mailbox),
        face=a_face(nora),
        people=people,
        prepared=prepare_answer(lamp, Reply(text="Dear"), Wish(state="shared"), by=olga),
        promise=make_promise(lamp, Word(words="I write", due_at=A_YEAR_ON, owner=nora), by=nora),
        makegood=offer(matter_in(lamp, None), _a_card(1), by=nora),
        budget=save_budget(None, BudgetWish(name="Late", most=Money(5, "EUR")), by=olga),
        failure=name_failure("Torn", by=olga),
        approval=ask(matter_in(lamp, None), _a_card(30_00), by=nora).approval,
        bulk=act_on_chosen([lamp.pk], {"do": "read", "with": ""}, by=nora),
        link=make_link(lamp),
        sent=make_receipt(lamp.inbox),
        saved_reply=save_reply(
            None, ReplyWish(name="Late", texts={"en": "Late."}, agent=nora), by=nora
        ),
        macro=save_macro(None, MacroWish(name="Tag", acts=[("tag", "late")]), by=olga),
        own_macro=save_macro(
            None, MacroWish(name="Own", acts=[("tag", "late")], agent=nora), by=nora
        ),
        brought=bring_in("macros", "name,for,act,with\nClose,all,resolve,\n", by=olga),
        roll=read_roll("customers", "x.csv", b"email,name\na@example.com,A\n", by=olga),
        orders=a_file_of_orders(olga),
        way=(way := a_way_to_a_shop()),
        signal=a_signal(way),
        errand=an_errand(olga),
        order=an_order(),
        product=a_product(),
        terms=state_terms(None, TermsWish(name="Usual"), by=olga).terms,
        dispute=a_dispute(lamp),
        role=save_role(None, name="Temp", words="", permissions=["answer"], by=olga),
        browser=make_browser(nora),
        tag=save_tag(None, name="late", by=olga),
        ending=remove_tag(save_tag(None, name="gone", by=olga), by=olga),
        view=make_view(mailbox.teams.get(), nora),
        ruling=make_ruling(lamp, olga),
    )


def arguments(name: str, things: Things, pk: int | None = None) -> dict[str, Any]:
    """What stands in an address: a thing that is there, or `pk` in its place."""
    more: dict[str, dict[str, Any]] = {
        "desk:view": {"name": "waiting"},
        "desk:earlier": {"before": 10},
        "desk:handle": {"handle": things.conversation.participants.get().handle_id},
        "desk:merging": {"other": things.people.other.pk if pk is None else pk},
        "desk:apart": {"other": things.people.other.pk if pk is None else pk},
        "desk:draft": {"purpose": "reply"},
        "desk:digest-end": _digest_end(things, pk),
        "desk:approval-link": _approval_link(things, pk),
        "office:ahead_cause": {"cause": "scan_silence" if pk is None else "nothing"},
        "office:authority_limit": {"role": "agent" if pk is None else "own:9", "currency": "EUR"},
        "desk:macro": {"macro": things.macro.pk},
        "desk:order-code": {"order": things.order.pk},
        "desk:wanted": {"variant": things.product.variants.get(external_id="v1").pk},
        "office:import": {"what": "replies"},
        "office:rolls": {"what": "customers"},
        "office:new_shop": {"kind": "generic" if pk is None else "nothing"},
        "office:export": {"what": "replies", "form": "csv"},
        "desk:participant": {"handle": things.conversation.participants.get().handle_id},
        "desk:draft-files": {"purpose": "reply"},
        "desk:preview": {"purpose": "reply"},
        "desk:draft-file-removal": {"purpose": "reply", "file": things.draft_file.pk},
        "shop:signal": {"key": things.way.public_id if pk is None else "a" * 26},
        "office:join": {"token": things.token if pk is None else "a" * 26},
        "account_reset_password_from_key": {
            "uidb36": things.reset[0],
            "key": things.reset[1] if pk is None else "x-y",
        },
    }
    found = more.get(name) or _behind_a_link(name, things, pk)
    thing = _thing(name, things)
    return found if thing is None else {"pk": thing.pk if pk is None else pk, **found}


def _approval_link(things: Things, pk: int | None) -> dict[str, Any]:
    """Signed for whom it was sent to; or for a question that there is not."""
    asked = things.approval
    whom = Agent.objects.get(pk=asked.asked[0])
    signature = approval_link(asked, whom).rstrip("/").rpartition("/")[2]
    return {"pk": pk or asked.pk, "agent": whom.pk, "signature": signature}


def a_face(agent: Agent) -> str:
    """The word of a picture of theirs."""
    return put_portrait(agent, photograph("PNG", (64, 64))).word


def _digest_end(things: Things, pk: int | None) -> dict[str, Any]:
    signature = end_path(things.agent).rstrip("/").rpartition("/")[2]
    return {"signature": signature if pk is None else "a" * 32}


def _behind_a_link(name: str, things: Things, pk: int | None) -> dict[str, Any]:
    wrong = "a" * 26
    if name in ("portal:write", "portal:embedded", "portal:sent", "portal:sent-in"):
        found = {"public_id": things.form.public_id if pk is None else wrong}
        return {**found, "key": things.sent} if "sent" in name else found
    if name == "portal:face":
        return {"word": things.face if pk is None else wrong}
    if name.startswith("portal:chat-") or name == "portal:here":
        return in_the_chat(name, things.sitting, pk)
    if name == "desk:errand":
        return {"pk": things.order.pk if pk is None else pk, "what": "refund"}
    if name.startswith("portal:") and name not in ("portal:widget", "portal:room"):
        found = {"token": things.link if pk is None else wrong}
        return {**found, "pk": things.attachment.pk} if name == "portal:file" else found
    return {}


def _thing(name: str, things: Things) -> Any:
    named = {
        "office:inbox": things.inbox,
        "office:chat_trial": things.sitting,
        "office:naming": things.inbox,
        "office:servers": things.inbox,
        "office:inbox_health": things.inbox,
        "office:test_now": things.inbox,
        "office:looking": things.inbox,
        "office:probes": things.inbox,
        "office:range_again": things.inbox,
        "office:token": things.inbox,
        **dict.fromkeys(("office:identity", "office:identity_end"), things.inbox),
        "office:rest": things.inbox,
        "office:machines": things.inbox,
        "office:end_of_rest": things.inbox,
        **dict.fromkeys(("office:agent", "office:leaving", "office:agent_return"), things.agent),
        "office:withdraw": things.invitation,
        "office:team": things.team,
        "office:team_routing": things.team,
        "office:work": things.agent,
        **dict.fromkeys(ROLL, things.roll),
        **dict.fromkeys(ORDERS, things.orders),
        **dict.fromkeys(WAYS, things.way),
        "office:shop_reading": things.signal,
        "desk:order": things.order,
        "desk:product": things.product,
        **dict.fromkeys(("office:one_terms", "office:terms_switching"), things.terms),
        **dict.fromkeys(DISPUTE, things.dispute),
        **dict.fromkeys(("desk:errand-off", "desk:errand-settled"), things.errand),
        **dict.fromkeys(ORDER, things.order),
        **dict.fromkeys(("office:role", "office:role_removal"), things.role),
        **dict.fromkeys(("office:tag", "office:tag_merging", "office:tag_removal"), things.tag),
        "office:tag_return": things.ending,
        "office:reading": things.arrival,
        "office:raw": things.arrival,
        "office:reply": things.saved_reply,
        "office:reply_removal": things.saved_reply,
        "office:macro": things.own_macro,
        "office:macro_removal": things.own_macro,
        "office:undo_import": things.brought,
        "office:sending": things.delivery,
        "desk:sent": things.message,
        "desk:redelivery": things.message,
        "desk:splitting": things.message,
        "desk:belonging": things.message,
        "desk:forward": things.message,
        "desk:attachment": things.attachment,
        **dict.fromkeys(("desk:bulk-act", "desk:bulk-begin", "desk:bulk-stop"), things.bulk),
        "desk:bulk-undo": things.bulk,
        "desk:browser-removal": things.browser,
        "desk:digest-end": things.agent,
        **dict.fromkeys(MAKEGOOD, things.makegood),
        **dict.fromkeys(("office:budget", "office:budget_closing"), things.budget),
        "office:failure_end": things.failure,
        **dict.fromkeys(("desk:approval", "desk:approval-link"), things.approval),
        **dict.fromkeys(("lead:promise", "lead:why", "lead:owner"), things.promise),
        "desk:prepared": things.prepared,
        "desk:prepared-writing": things.prepared,
        "desk:prepared-leaving": things.prepared,
        "desk:prepared-return": things.prepared,
        "desk:promise-keeping": things.promise,
        "desk:promise-withdrawal": things.promise,
        "desk:promise-moving": things.promise,
        "desk:promise-handing": things.promise,
        "desk:promise-next": things.promise,
        "desk:promise-apology": things.promise,
        "desk:promise-cause": things.promise,
        "desk:saved-view": things.view,
        "desk:change-view": things.view,
        "desk:view-removal": things.view,
        "mfa_edit_webauthn": things.passkey,
        **things.beside.named(),
        **things.people.named(),
        **things.ruling.named(),
        "mfa_remove_webauthn": things.passkey,
    }
    of_none = {
        *(
            "desk:home",
            "desk:inbox",
            "desk:view",
            "desk:search",
            "desk:me",
            "desk:look",
            "desk:first-steps",
            "desk:time-zone",
            "desk:views",
        ),
        *("desk:search-options", "desk:search-help", "desk:new-view", "desk:view-order"),
    }
    of_none |= {"desk:wishes", "desk:browsers", "desk:notices", "desk:notice-count"}
    of_none |= {"desk:notice-sounding", "desk:chats", "desk:chat-queue"}
    of_none |= {"desk:notices-reading", "desk:service-worker", "desk:presence", "desk:expected"}
    of_none |= {"desk:customers", "desk:new-segment", "desk:bulk", "desk:next", "desk:standing"}
    of_none |= {"desk:orders", "desk:orders-late", "desk:orders-confirming"}
    of_none |= {"desk:disputes", "desk:answers", "desk:day", "desk:habit"}
    of_none |= {"desk:makegoods", "desk:makegoods-file"}
    of_none |= {"desk:orders-late", "desk:disputes", "desk:answers", "desk:day", "desk:habit"}
    of_none |= {"desk:makegoods", "desk:makegoods-file", "desk:first"}
    if name in named or not name.startswith("desk:") or name in of_none:
        return named.get(name)
    return things.conversation


def address(name: str, things: Things, pk: int | None = None) -> str:
    return reverse(name, kwargs=arguments(name, things, pk))


def all_names() -> Iterator[str]:
    """The name of every address that Django answers."""
    return _names(get_resolver())


def _names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _names(pattern, space + inner)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"

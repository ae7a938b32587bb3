"""Every address of the product: to whom it opens, and how it is asked.

A new address without a line here fails the suite, and so does a line without an address.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Opens(StrEnum):
    """To whom an address opens. To everybody else it is the same as nothing at all."""

    EVERYBODY = "everybody"
    AGENTS = "every agent"
    OWNERS = "owners alone"
    ITS_TEAM = "the agents of its inbox's teams, leads and owners"
    LEADS = "leads and owners alone"
    ITS_LEAD = "the one lead who asked for it"
    ITS_AGENT = "the one agent whose it is"
    ITS_LINK = "whoever holds the link"


@dataclass(frozen=True, kw_only=True)
class Gate:
    """One address: to whom it opens, which methods it takes, and what a POST brings."""

    opens: Opens
    methods: tuple[str, ...] = ("GET",)
    data: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    takes_from_anywhere: bool = False
    """Posts from other sites are answered: a signed word of its own stands in for the cookie."""
    by_secret: bool = False
    """Who asks is known by a secret in a header of its own, that no other page can send."""
    says: tuple[int, ...] = ()
    """Answers that look like trouble and are meant."""


BOTH, POST = ("GET", "POST"), ("POST",)


def _everybody(*methods: str) -> Gate:
    return Gate(opens=Opens.EVERYBODY, methods=methods or ("GET",))


def _agents(*methods: str) -> Gate:
    return Gate(opens=Opens.AGENTS, methods=methods or ("GET",))


def _owners(*methods: str, query: str = "", **data: Any) -> Gate:
    return Gate(opens=Opens.OWNERS, methods=methods or ("GET",), query=query, data=data)


def _team(*methods: str, **data: Any) -> Gate:
    return Gate(opens=Opens.ITS_TEAM, methods=methods or ("GET",), data=data)


def _leads(*methods: str, **data: Any) -> Gate:
    return Gate(opens=Opens.LEADS, methods=methods or ("GET",), data=data)


ACCOUNTS = {
    "account_login": _everybody(*BOTH),
    "account_logout": _everybody(*BOTH),
    "account_inactive": _everybody(),
    "account_reset_password": _everybody(*BOTH),
    "account_reset_password_done": _everybody(),
    "account_reset_password_from_key": Gate(opens=Opens.ITS_LINK, methods=BOTH),
    "account_reset_password_from_key_done": _everybody(),
    "mfa_authenticate": _everybody(*BOTH),
    "mfa_login_webauthn": _everybody(*BOTH),
    "account_change_password": _agents(*BOTH),
    "account_set_password": _agents(*BOTH),
    "account_reauthenticate": _agents(*BOTH),
    "mfa_reauthenticate": _agents(*BOTH),
    "mfa_reauthenticate_webauthn": _agents(*BOTH),
    "mfa_index": _agents(),
    "mfa_list_webauthn": _agents(),
    "mfa_activate_totp": _agents(*BOTH),
    "mfa_deactivate_totp": Gate(opens=Opens.ITS_AGENT, methods=BOTH),
    "mfa_view_recovery_codes": _agents(),
    "mfa_generate_recovery_codes": _agents(*BOTH),
    "mfa_add_webauthn": _agents(*BOTH),
    "mfa_edit_webauthn": Gate(opens=Opens.ITS_AGENT, methods=BOTH),
    "mfa_remove_webauthn": Gate(opens=Opens.ITS_AGENT, methods=BOTH),
}

OFFICE = {
    "office:set_up": _everybody(*BOTH),
    "office:join": Gate(opens=Opens.ITS_LINK, methods=BOTH),
    "office:live": _everybody(),
    "office:ready": Gate(opens=Opens.EVERYBODY, says=(503,)),
    "office:profile": _agents(*BOTH),
    "office:picture": Gate(opens=Opens.AGENTS, methods=POST, data={"do": "remove"}),
    "office:replies": _agents(),
    "office:new_reply": _agents(*BOTH),
    "office:reply": Gate(opens=Opens.ITS_AGENT, methods=BOTH),
    "office:reply_removal": Gate(opens=Opens.ITS_AGENT, methods=POST),
    "office:macros": _agents(),
    "office:new_macro": _agents(*BOTH),
    "office:macro": Gate(opens=Opens.ITS_AGENT, methods=BOTH),
    "office:macro_removal": Gate(opens=Opens.ITS_AGENT, methods=POST),
    "office:import": _owners(*BOTH),
    "office:undo_import": _owners(*POST),
    "office:export": _owners(),
    "office:home": _owners(),
    "office:health": _owners(),
    "office:waits": _owners(),
    "office:inboxes": _owners(),
    "office:connect": _owners(),
    "office:new_mailbox": _owners(*BOTH, query="?address=shop@gmail.com"),
    "office:new_forwarding": _owners(*BOTH),
    "office:new_form": _owners(*BOTH),
    "office:new_chat": _owners(*BOTH),
    "office:chat_trial": _owners(),
    "office:inbox": _owners(*BOTH),
    "office:naming": _owners(*BOTH),
    "office:servers": _owners(*BOTH),
    "office:inbox_health": _owners(),
    "office:test_now": _owners(*POST),
    "office:looking": _owners(*POST),
    "office:probes": _owners(*POST, is_on="no"),
    "office:range_again": _owners(*POST, first="1", last="2"),
    "office:token": _owners(*BOTH),
    "office:identity": _owners(*BOTH),
    "office:identity_end": _owners(*POST),
    "office:consent": _owners(*BOTH),
    "office:rest": _owners(*POST),
    "office:machines": _owners(*POST),
    "office:end_of_rest": _owners(*POST),
    "office:agents": _owners(),
    "office:agent": _owners(*BOTH),
    "office:leaving": _owners(*BOTH),
    "office:agent_return": _owners(*POST),
    "office:invite": _owners(*BOTH),
    "office:withdraw": _owners(*POST),
    "office:approval": _owners(*BOTH),
    "office:roles": _owners(),
    "office:new_role": _owners(*BOTH, name="Helper", permissions="answer"),
    "office:role": _owners(*BOTH, name="Helper", permissions="answer"),
    "office:role_removal": _owners(*POST),
    "office:ahead": _owners(*BOTH, most="20"),
    "office:ahead_cause": _owners(*BOTH, way="propose"),
    "office:ahead_stopping": _owners(*POST),
    "office:authority": _owners(),
    "office:authority_limit": _owners(*BOTH, reach="nothing"),
    "office:new_budget": _owners(*BOTH, name="Fair", currency="EUR", amount="5", span="once"),
    "office:budget": _owners(*BOTH, name="Late", currency="EUR", amount="5", span="once"),
    "office:budget_closing": _owners(*POST, close="yes"),
    "office:makegoods": _owners(*BOTH, failure_0=""),
    "office:makegoods_publishing": _owners(*POST),
    "office:makegoods_draft_removal": _owners(*POST),
    "office:makegoods_preview": _owners(),
    "office:new_failure": _owners(*POST, name="Wrong engraving"),
    "office:failure_end": _owners(*POST),
    "office:orders": _owners(*BOTH),
    "office:orders_file": _owners(*BOTH, column_0="number"),
    "office:orders_begin": _owners(*POST),
    "office:orders_stop": _owners(*POST),
    "office:orders_undo": _owners(*POST),
    "office:shops": _owners(),
    "office:new_shop": _owners(*BOTH),
    "office:shop": _owners(),
    "office:shop_fields": _owners(*BOTH),
    "office:shop_secret": _owners(*BOTH),
    "office:shop_switching": _owners(*POST, is_on="no"),
    "office:shop_import": _owners(*POST, is_on="no"),
    "office:shop_reading": _owners(*POST),
    "office:rolls": _owners(*BOTH),
    "office:roll": _owners(*BOTH, column_0="email"),
    "office:roll_begin": _owners(*POST),
    "office:roll_stop": _owners(*POST),
    "office:roll_undo": _owners(*POST),
    "office:roll_refused": _owners(),
    "office:history": _owners(),
    "office:keys": _owners(*BOTH),
    "office:key_removal": _owners(*POST),
    "office:teams": _owners(),
    "office:new_team": _owners(*BOTH),
    "office:team": _owners(*BOTH),
    "office:routing": _owners(),
    "office:team_routing": _owners(*BOTH, when_away="stay", grace_minutes="5"),
    "office:work": _owners(*BOTH, zone="UTC", most="5"),
    "office:hours": _owners(),
    "office:new_calendar": _owners(*BOTH),
    "office:calendar": _owners(*BOTH),
    "office:calendar_file": _owners(*BOTH),
    "office:calendar_days": _owners(*POST),
    "office:calendar_days_undo": _owners(*POST),
    "office:recount": _owners(),
    "office:calendar_removal": _owners(*POST),
    "office:policies": _owners(),
    "office:new_policy": _owners(*BOTH),
    "office:policy_order": _owners(*POST),
    "office:policy": _owners(*BOTH),
    "office:policy_publishing": _owners(*POST),
    "office:policy_switching": _owners(*POST),
    "office:policy_previewing": _owners(*POST),
    "office:policy_preview": _owners(),
    "office:policy_removal": _owners(*POST),
    "office:terms": _owners(),
    "office:new_terms": _owners(*BOTH),
    "office:one_terms": _owners(*BOTH),
    "office:terms_switching": _owners(*POST),
    "office:causes": _owners(*BOTH),
    "office:cause": _owners(*BOTH),
    "office:cause_switching": _owners(*POST),
    "office:fields": _owners(),
    "office:new_field": _owners(*BOTH),
    "office:field": _owners(*BOTH),
    "office:field_archiving": _owners(*POST),
    "office:field_restoring": _owners(*POST),
    "office:rules": _owners(),
    "office:new_rule": _owners(*BOTH),
    "office:rule_order": _owners(*POST),
    "office:all_rules": _owners(*POST, on="yes"),
    "office:rule_examples": _owners(*POST),
    "office:rule": _owners(*BOTH),
    "office:rule_switch": _owners(*POST, on="no"),
    "office:rule_removal": _owners(*POST),
    "office:rule_trial": _owners(*BOTH),
    "office:rule_trial_end": _owners(*POST),
    "office:tags": _owners(),
    "office:new_tag": _owners(*BOTH, name="fresh"),
    "office:tag": _owners(*BOTH, name="fresh"),
    "office:tag_merging": _owners(*POST),
    "office:tag_removal": _owners(*POST),
    "office:tag_return": _owners(*POST),
    "office:blocked": _owners(),
    "office:lifting": _owners(*POST),
    "office:arrivals": _owners(),
    "office:reading": _owners(*POST),
    "office:raw": _owners(),
    "office:deliveries": _owners(),
    "office:sending": _owners(*POST),
}

DESK = {
    "live:poll": _agents(),
    "desk:home": _agents(),
    "desk:inbox": _agents(),
    "desk:view": _agents(),
    "desk:bulk": _agents(*BOTH),
    "desk:bulk-act": Gate(opens=Opens.ITS_AGENT),
    "desk:bulk-begin": Gate(opens=Opens.ITS_AGENT, methods=POST),
    "desk:bulk-stop": Gate(opens=Opens.ITS_AGENT, methods=POST),
    "desk:bulk-undo": Gate(opens=Opens.ITS_AGENT, methods=POST),
    "desk:search": _agents(),
    "desk:search-options": _agents(),
    "desk:search-help": _agents(),
    "desk:views": _agents(),
    "desk:new-view": _agents(*BOTH),
    "desk:view-order": _agents(*POST),
    "desk:saved-view": _team(),
    "desk:change-view": _team(*BOTH, name="Late", query="is:open", audience="own"),
    "desk:view-removal": _team(*POST),
    "desk:expected": _agents(),
    "desk:me": _agents(),
    "desk:next": _agents(*POST),
    "desk:standing": _agents(*BOTH),
    "desk:placed": _team(),
    "desk:look": _agents(*POST),
    "desk:first-steps": _owners(*BOTH),
    "desk:wishes": _agents(*BOTH),
    "desk:digest-end": Gate(opens=Opens.ITS_LINK, methods=BOTH, takes_from_anywhere=True),
    "desk:browsers": _agents(*POST),
    "desk:browser-removal": Gate(opens=Opens.ITS_AGENT, methods=POST),
    "lead:promises": _agents(),
    "lead:count": _agents(),
    "lead:promise": _team(),
    "lead:why": _team(),
    "lead:owner": _team(*BOTH),
    "lead:board": _leads(),
    "lead:late": _leads(),
    "lead:late_orders": _leads(),
    "desk:notices": _agents(),
    "desk:notice-count": _agents(),
    "desk:notice-sounding": _agents(),
    "desk:notices-reading": _agents(*POST),
    "desk:service-worker": _agents(),
    "desk:presence": _agents(*POST),
    "desk:following": _team(*POST),
    "desk:mentions": _team(),
    "desk:unread": _team(*POST),
    "desk:time-zone": Gate(opens=Opens.AGENTS, methods=POST, data={"zone": "Europe/Berlin"}),
    "desk:conversation": _team(),
    "desk:news": _team(),
    "desk:earlier": _team(),
    "desk:visitor": _team(),
    "desk:chats": _agents(),
    "desk:chat-queue": _agents(),
    "desk:chat-column": _team(),
    "desk:chat-news": _team(),
    "desk:chat-taking": _team(*POST),
    "desk:chat-say": _team(*POST, text="It left on Friday."),
    "desk:chat-note": _team(*POST, text="Be kind."),
    "desk:chat-settle": _team(*POST),
    "desk:chat-handing": _team(*BOTH),
    "desk:customer": _team(),
    "desk:handle": _team(*POST),
    "desk:seen": _team(*POST, message="1"),
    "desk:reply": _team(*POST, text="It left on Friday."),
    "desk:note": _team(*POST, text="Be kind."),
    "desk:prepare": _team(*POST, text="It left on Friday.", put="shared"),
    "desk:undo": _team(*POST, message="1"),
    "desk:promises-found": _team(*POST, text="I will write by Friday."),
    "desk:promise-times": _team(),
    "desk:promise-sentence": _team(*POST, words="I will write by Friday."),
    "desk:promise-keeping": _team(*POST),
    "desk:promise-withdrawal": _team(*POST, reason="It is done already."),
    "desk:promise-moving": _team(*POST, due_at="2030-01-01T12:00", reason="The part is late."),
    "desk:promise-handing": _team(*POST, owner=""),
    "desk:promise-next": _team(),
    "desk:promise-apology": _team(*POST, due=""),
    "desk:promise-cause": _team(*POST, cause="1", words="The courier lost it."),
    "desk:day": _agents(),
    "desk:making-good": _team(
        *BOTH,
        failure="answer",
        remedy="gesture",
        amount="1",
        words="A card",
        why="Late twice.",
        client_key="one-of-the-gates",
    ),
    "desk:makegoods": _agents(),
    "desk:makegoods-file": _leads(),
    "desk:makegood": _team(),
    "desk:makegood-state": _team(*POST, act="given"),
    "desk:makegood-words": _team(*POST),
    "desk:approval": _team(*BOTH, answer="no", words="It came."),
    "desk:approval-link": Gate(opens=Opens.ITS_LINK, methods=BOTH, data={"answer": "no"}),
    "desk:answers": _agents(),
    "desk:habit": _agents(*POST),
    "desk:prepared": _team(*BOTH, text="It left on Monday.", revision="1"),
    "desk:prepared-writing": _team(*POST),
    "desk:prepared-leaving": _team(*POST),
    "desk:prepared-return": _team(*POST),
    "desk:draft": _team(*POST, text="Dear"),
    "desk:preview": _team(*POST, text="Dear"),
    "desk:draft-files": _team(*POST),
    "desk:draft-file-removal": _team(*POST),
    "desk:assignment": _team(*BOTH, to="nobody"),
    "desk:act": _team(*POST, **{"do": "priority", "with": "high"}),
    "desk:tags": _team(*BOTH, tags="late"),
    "desk:rest": _team(*BOTH, until="2030-01-01T09:00"),
    "desk:resolution": _team(*POST),
    "desk:reopening": _team(*POST),
    "desk:saved-replies": _team(*BOTH),
    "desk:macros": _team(),
    "desk:macro": _team(*BOTH),
    "desk:join": _team(*BOTH, into="none"),
    "desk:parting": _team(*POST),
    "desk:likeness": _team(*POST),
    "desk:orders-beside": _team(*POST, number="1001"),
    "desk:wanted": _team(*POST, day="2027-03-01"),
    "desk:order-code": _team(*POST, do="check", code="1"),
    "desk:participant": _team(*POST),
    "desk:splitting": _team(*BOTH),
    "desk:belonging": _team(*POST),
    "desk:forward": _team(*POST),
    "desk:fields": _team(*POST),
    "desk:order": _agents(),
    "desk:orders": _agents(),
    "desk:orders-late": _agents(),
    "desk:product": _agents(),
    "desk:orders-confirming": _agents(*POST),
    "desk:order-confirming": _agents(*POST),
    "desk:first": _agents(*BOTH),
    "desk:disputes": _agents(),
    "desk:dispute": _team(),
    "desk:dispute-packet": _team(),
    "desk:dispute-packet-file": _team(),
    "desk:dispute-evidence": _leads(*POST, statement="It was delivered."),
    "desk:dispute-sending": _leads(*BOTH, how="hand"),
    "desk:dispute-order": _leads(*POST),
    "desk:dispute-letting-go": _leads(*POST),
    "desk:errand": _agents(*BOTH),
    "desk:errand-off": _agents(*POST),
    "desk:errand-settled": _agents(*POST),
    "desk:order-parcel": _agents(*POST),
    "desk:order-scan": _agents(*POST),
    "desk:customers": _agents(),
    "desk:person": _team(),
    "desk:person-details": _team(*POST, name="Ida B."),
    "desk:person-tags": _team(*POST, tags="vip"),
    "desk:person-notes": _team(*POST, text="Likes to be called."),
    "desk:person-note-removal": _team(*POST),
    "desk:person-fields": _team(*POST),
    "desk:person-consent": _team(*POST, purpose="news", answer="given"),
    "desk:person-block": _team(*POST, reason="Threats."),
    "desk:handle-block": _team(*POST, reason="Threats."),
    "desk:lifting": _team(*POST),
    "desk:network-lifting": _team(*POST),
    "desk:merging": _team(*BOTH),
    "desk:apart": _team(*POST),
    "desk:person-splitting": _team(*POST),
    "desk:new-segment": _agents(*BOTH),
    "desk:segment": _team(*BOTH, title="Friends", tag="vip"),
    "desk:segment-removal": _team(*POST),
    "desk:copies": _leads(*POST),
    "desk:copy": Gate(opens=Opens.ITS_LEAD, methods=POST),
    "desk:forgetting": _leads(*BOTH, word="nobody at all"),
    "desk:redaction": _leads(*BOTH, words="lamp", reason="A test"),
    "desk:spotted": _team(*POST, hint="1111"),
    "desk:file-redaction": _leads(*POST, reason="A test"),
    "desk:beside": _team(*BOTH, to="help@parcels.example", subject="Parcel", text="Where?"),
    "desk:side-draft": _team(*POST, text="Dear"),
    "desk:side": _team(*BOTH, to="help@parcels.example", text="Where?"),
    "desk:side-seen": _team(*POST),
    "desk:side-state": _team(*POST, **{"is": "done"}),
    "desk:side-sent": _team(),
    "desk:side-delivery": _team(*POST),
    "desk:side-file": _team(),
    "desk:side-file-removal": Gate(opens=Opens.ITS_AGENT, methods=POST),
    "desk:sent": _team(),
    "desk:redelivery": _team(*POST),
    "desk:rule-run": _team(),
    "desk:attachment": _team(),
}

PALETTE = {
    "palette:all": _agents(),
    "palette:commands": _agents(),
    "palette:found": _agents(),
    "palette:keys": _agents(),
    "palette:style": _owners(),
}

_LINK = Gate(opens=Opens.ITS_LINK)
_LINK_POST = Gate(opens=Opens.ITS_LINK, methods=POST, data={"text": "Thank you."})
_FORM = Gate(opens=Opens.ITS_LINK, methods=BOTH, takes_from_anywhere=True)


def _chat(*methods: str) -> Gate:
    is_posted = "POST" in methods
    return Gate(
        opens=Opens.ITS_LINK, methods=methods, takes_from_anywhere=is_posted, by_secret=True
    )


PORTAL = {
    "portal:widget": _everybody(),
    "portal:room": _everybody(),
    "portal:face": _LINK,
    "portal:chat-hello": _chat("GET"),
    "portal:chat-messages": _chat("GET", "POST"),
    "portal:chat-files": _chat("POST"),
    "portal:chat-file": _LINK,
    "portal:chat-seen": _chat("POST"),
    # An invitation is told of by who has said nothing yet; of none, it makes no sense.
    "portal:chat-invited": replace(_chat("POST"), says=(400,)),
    "portal:chat-identity": _chat("POST"),
    "portal:chat-secret": _chat("POST"),
    "portal:chat-email": _chat("POST"),
    "portal:chat-pass": _chat("POST"),
    "portal:chat-claim": _chat("POST"),
    "portal:chat-callback": _chat("GET", "POST"),
    "portal:chat-transcript": _chat("POST"),
    "portal:chat-end": _chat("POST"),
    "portal:chat-rating": _chat("POST"),
    "portal:here": _LINK,
    "portal:about-in-chat": _LINK_POST,
    "portal:write": _FORM,
    "portal:embedded": _FORM,
    "portal:sent": _LINK,
    "portal:sent-in": _LINK,
    "portal:conversation": _LINK,
    "portal:file": _LINK,
    "portal:answer": _LINK_POST,
    "portal:code": _LINK_POST,
    "portal:confirm": _LINK_POST,
    "portal:deny": _LINK_POST,
}

DOORS = {
    "shop:signal": Gate(
        opens=Opens.ITS_LINK, methods=POST, takes_from_anywhere=True, by_secret=True, says=(401,)
    ),
}

GATES: dict[str, Gate] = {**ACCOUNTS, **OFFICE, **DESK, **PALETTE, **PORTAL, **DOORS}
CASES = [(name, method) for name, gate in GATES.items() for method in gate.methods]

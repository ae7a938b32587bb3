"""What somebody may see and do: one list, from which every role is made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One thing that a role lets somebody do, in the shop's words."""

    word: str
    name: str | Promise
    says: str | Promise
    group: str


GROUPS: Mapping[str, str | Promise] = {
    "conversations": _("Conversations"),
    "customers": _("Customers"),
    "orders": _("Orders"),
    "kept": _("Macros and saved replies"),
    "office": _("Office"),
}


def _permission(word: str, name: Promise, says: Promise, group: str) -> Permission:
    return Permission(word=word, name=name, says=says, group=group)


_OF_CONVERSATIONS = (
    ("see.everything", _("See every conversation"),
     _("Without it: those of the inboxes of their teams, and of inboxes without a team.")),
    ("answer", _("Write to customers"),
     _("Answer, begin a conversation, forward. Without it they read and write notes.")),
    ("answer.alone", _("Send without approval"),
     _("Without it an answer waits until somebody who may approve it lets it go.")),
    ("answer.approve", _("Approve the answers of others"),
     _("Let an answer go that waits for approval, or give it back.")),
    ("act", _("Work on conversations"),
     _("Assign, tag, rest, resolve, open again, join and split conversations.")),
    ("bulk", _("Act on many at once"),
     _("The same acts on everything that a search finds, with a look first and an undo.")),
    ("redact", _("Take out and delete"),
     _("Black out a passage or a file for good. The proof that it was there stays.")),
    ("lead.see", _("See the lead’s page"),
     _("Promises at risk, queue, pace and who is here: of the inboxes that they see.")),
    ("disputes.see", _("See disputes"),
     _("What customers claim over their bank or PayPal, and how it ended.")),
    ("disputes.answer", _("Answer disputes"),
     _("Pick the evidence, send it, or decide not to answer.")),
    ("views.share", _("Share views with everybody"),
     _("Without it they share their views with their own teams.")),
)  # fmt: skip
_OF_CUSTOMERS = (
    ("customers.change", _("Change customers"),
     _("Names, languages, tags, notes, fields, consent and segments.")),
    ("customers.merge", _("Join and split customers"),
     _("Say that two are one person, or that they are not.")),
    ("customers.block", _("Block customers"),
     _("Let the desk hear no more of a person or an address, and hear them again.")),
    ("parcels.tell", _("Tell of parcels"),
     _("Give an order the number of its parcel, and say what became of one.")),
    ("customers.export", _("Hand over a person’s data"),
     _("Everything that is known of one person, in one file (GDPR article 15).")),
    ("customers.forget", _("Forget a person"),
     _("Take away for good what a person said and who they are (GDPR article 17).")),
)  # fmt: skip
_OF_ORDERS = (
    ("orders.refund", _("Give money back"),
     _("Have a shop give money of an order back, up to what their role may give.")),
    ("orders.change", _("Change orders"),
     _("Have a shop cancel an order, change its address, send it again, make a return label.")),
    ("orders.watch", _("Look after orders"),
     _("Be told when promises of orders are late, or soon will be: at most once an hour.")),
    ("orders.coupon", _("Give coupons"),
     _("Have a shop make a coupon, up to what their role may give.")),
)  # fmt: skip
_OF_KEPT = (
    ("kept.team", _("For their own teams"),
     _("Make and change what their teams keep. Everybody keeps some for themselves.")),
    ("kept.everybody", _("For everybody"),
     _("Make, change, bring in and take out what everybody and every team keeps.")),
)  # fmt: skip
_OF_OFFICE = (
    ("office.agents", _("Agents"),
     _("Invite agents, give them roles and teams, close accounts and hand their work over.")),
    ("office.roles", _("Roles"), _("Make roles and say what each of them may do.")),
    ("office.teams", _("Teams and hours"), _("Make teams, choose their members and hours.")),
    ("office.routing", _("Who gets what"),
     _("Say which teams are given their conversations; shifts, capacity and skills.")),
    ("office.policies", _("Promises"),
     _("Say how soon customers hear from us, and what happens when it gets late.")),
    ("office.inboxes", _("Inboxes"),
     _("Connect and pause inboxes, change how they appear, their servers and passwords.")),
    ("office.fields", _("Fields"), _("Say what is to be known of customers and conversations.")),
    ("office.rules", _("Rules"),
     _("Say what happens by itself, try it on what was, switch it on and off.")),
    ("office.tags", _("Tags"), _("Rename, join and delete tags for everybody.")),
    ("office.keys", _("Known keys"), _("Say whose certificates and keys are trusted in mail.")),
    ("office.imports", _("Bring in people"),
     _("Bring in agents and customers from a file, and take them out again.")),
    ("office.shop", _("Connect shops, bring in orders"),
     _("Connect shops, see their secrets, and bring in orders from files.")),
    ("office.authority", _("Who may give what"),
     _("Say how much each role may give away, and what budgets hold.")),
    ("office.makegoods", _("What is given for what"),
     _("Say which remedies are suggested for which failure, and name failures.")),
    ("office.ahead", _("First to tell"),
     _("Say which letters about late orders leave by themselves, and in which words.")),
    ("office.troubles", _("Arrivals, deliveries, health"),
     _("See what did not come in or get out, read it again, send it again.")),
    ("office.blocked", _("Blocked"), _("See who is blocked, and hear them again.")),
    ("office.settings", _("Everything else of the office"),
     _("What belongs to no other line, and what later versions bring.")),
    ("ledger.see", _("Who changed what"), _("Read the list of every change of a setting.")),
)  # fmt: skip

PERMISSIONS: Mapping[str, Permission] = {
    word: _permission(word, name, says, group)
    for group, lines in (
        ("conversations", _OF_CONVERSATIONS),
        ("customers", _OF_CUSTOMERS),
        ("orders", _OF_ORDERS),
        ("kept", _OF_KEPT),
        ("office", _OF_OFFICE),
    )
    for word, name, says in lines
}

OF_AN_AGENT = frozenset(
    {"answer", "answer.alone", "act", "bulk", "customers.change", "customers.merge"}
    | {"customers.block", "disputes.see", "parcels.tell"}
    | {"orders.refund", "orders.change", "orders.coupon"}
)
OF_A_LEAD = OF_AN_AGENT | {
    "see.everything", "answer.approve", "disputes.answer", "redact", "views.share", "kept.team",
    "lead.see", "orders.watch", "customers.export", "customers.forget",
}  # fmt: skip
OF_AN_OWNER = frozenset(PERMISSIONS)

BUILT_IN: Mapping[str, frozenset[str]] = {
    "agent": OF_AN_AGENT,
    "lead": OF_A_LEAD,
    "owner": OF_AN_OWNER,
}
"""What the three roles may do that every shop has. They stay as they are; copies can differ."""

SAYS: Mapping[str, Promise] = {
    "agent": _("Answers what comes in for their teams, and what comes in for everybody."),
    "lead": _("Sees every conversation, approves, hands over and forgets a person’s data."),
    "owner": _("May do everything, and sets up this office. One always stays."),
}

OPENS_THE_OFFICE = frozenset(word for word, one in PERMISSIONS.items() if one.group == "office")


def known(words: Iterable[str]) -> frozenset[str]:
    """Those of these words that are permissions still: a later version may have dropped one."""
    return frozenset(words) & PERMISSIONS.keys()


def grouped() -> Sequence[tuple[str | Promise, Sequence[Permission]]]:
    """Every permission under the name of its group, in the order of the list."""
    return [
        (name, [one for one in PERMISSIONS.values() if one.group == group])
        for group, name in GROUPS.items()
    ]


def rank_of(words: Iterable[str]) -> str:
    """Which built-in role a role of the shop's own stands beside where only a rank is asked.

    Whoever sees everything is a lead to fields and views that are for leads.
    """
    return "lead" if "see.everything" in words else "agent"

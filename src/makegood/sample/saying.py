"""What the sample shop says every day: saved replies and two macros, in English and German."""

from makegood.macros.actions import MacroWish, ReplyWish, save_macro, save_reply
from makegood.team.models import Agent

REPLIES = (
    ReplyWish(
        name="The lamp is late",
        shortcut="late",
        texts={
            "en": "Dear {customer.first_name|customer},\n\nyour lamp is late, and we are sorry. We"
            " have asked the carrier where it is and write to you by {date.tomorrow}.\n\n"
            "Kind regards\n{agent.first_name|Lantern & Loom}",
            "de": "Guten Tag {customer.name|und willkommen},\n\nIhre Lampe verspätet sich, das tut"
            " uns leid. Wir haben beim Paketdienst nachgefragt und schreiben Ihnen bis zum"
            " {date.tomorrow}.\n\nFreundliche Grüße\n{agent.first_name|Lantern & Loom}",
        },
    ),
    ReplyWish(
        name="How to send it back",
        shortcut="back",
        texts={
            "en": "Dear {customer.first_name|customer},\n\nyou can send it back within 30 days."
            " Answer this mail with your order number and we send you a label.",
            "de": "Guten Tag {customer.name|und willkommen},\n\nSie können es innerhalb von 30"
            " Tagen zurücksenden. Antworten Sie mit Ihrer Bestellnummer, dann schicken wir Ihnen"
            " einen Aufkleber.",
        },
    ),
    ReplyWish(
        name="Thank you",
        shortcut="thanks",
        texts={
            "en": "Dear {customer.first_name|customer},\n\nthank you, that made our day.",
            "de": "Guten Tag {customer.name|und willkommen},\n\nvielen Dank, das freut uns sehr.",
        },
    ),
)
MACROS = (
    MacroWish(
        name="Ask the carrier, look again tomorrow",
        acts=[
            ("assign", "me"),
            ("tag", "carrier"),
            ("note", "Asked the carrier about #{conversation.number} on {date.today}."),
            ("snooze", "1d"),
        ],
    ),
    MacroWish(
        name="Erledigt, mit Dank",
        acts=[
            ("reply", "Guten Tag {customer.name|und willkommen},\n\nvielen Dank für Ihre Mail."),
            ("tag", "thanks"),
            ("resolve", ""),
        ],
    ),
)


def keep_what_is_said(owner: Agent) -> None:
    """Give the shop words to start from, and acts to run as one."""
    for reply in REPLIES:
        save_reply(None, reply, by=owner)
    for macro in MACROS:
        save_macro(None, macro, by=owner)

"""Mail about accounts: short, in the agent's language, and sent like every other mail."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from makegood.channels.actions import post
from makegood.channels.interface import Address, Outgoing
from makegood.channels.queries import first_mailbox
from makegood.kit.ids import new_token
from makegood.team.models import Invitation
from makegood.team.queries import agent_with_address

WORDS = {
    "account/email/password_reset_key": (
        _("Choose a new password"),
        _(
            "Somebody, probably you, asked to choose a new password for %(address)s at %(url)s.\n\n"
            "This link does it, once, within 30 minutes:\n%(link)s\n\n"
            "If it was not you, do nothing: your password stays as it is."
        ),
    ),
    "account/email/password_changed": (_("Your password was changed"), _("At %(url)s, just now.")),
    "account/email/password_reset": (_("Your password was changed"), _("At %(url)s, just now.")),
    "mfa/email/totp_activated": (
        _("Signing in now asks for a code"),
        _("An authenticator app was connected to your account at %(url)s."),
    ),
    "mfa/email/totp_deactivated": (
        _("Signing in no longer asks for a code"),
        _("The authenticator app was disconnected from your account at %(url)s."),
    ),
    "mfa/email/recovery_codes_generated": (
        _("New recovery codes"),
        _("New recovery codes were made for your account at %(url)s; the old ones are void."),
    ),
    "mfa/email/webauthn_added": (
        _("A passkey was added"),
        _("A passkey was added to your account at %(url)s."),
    ),
    "mfa/email/webauthn_removed": (
        _("A passkey was removed"),
        _("A passkey was removed from your account at %(url)s."),
    ),
}
NOT_ME = _("If this was not you, choose a new password now and tell an owner.")


def post_account_mail(kind: str, email: str, context: dict[str, Any]) -> bool:
    """Put a mail about an account into the outbox; whether there was a mailbox to send it."""
    agent = agent_with_address(email)
    if kind not in WORDS or agent is None:
        return False
    subject, text = WORDS[kind]
    with translation.override(agent.language or settings.LANGUAGE_CODE):
        values = {
            "address": agent.email,
            "url": settings.URL,
            "link": context.get("password_reset_url", ""),
        }
        has_link = "%(link)s" in str(text)
        body = str(text % values) if has_link else f"{text % values}\n\n{NOT_ME}"
        return post_to_agent(agent.email, agent.name, str(subject), body, about=agent.ref)


def post_invitation(invitation: Invitation, link: str) -> bool:
    """Put the mail of an invitation into the outbox; whether there was a mailbox to send it."""
    values = {"name": invitation.invited_by.name, "url": settings.URL, "link": link}
    subject = str(_("%(name)s invites you to answer customers")) % values
    text = str(
        _(
            "%(name)s invites you to the desk at %(url)s, where customers are answered.\n\n"
            "This link lets you in, once, within three days:\n%(link)s\n\n"
            "If you do not know what this is about, do nothing."
        )
    )
    return post_to_agent(
        invitation.email, invitation.name, subject, text % values, about=invitation.ref
    )


@transaction.atomic
def post_to_agent(email: str, name: str, subject: str, text: str, *, about: str) -> bool:
    """A mail to one of us, through the outbox; False where no mailbox is connected yet."""
    inbox = first_mailbox()
    if inbox is None:
        return False
    domain = inbox.address.partition("@")[2] or "localhost"
    outgoing = Outgoing(
        key=f"<a.{new_token()}@{domain}>",
        to=[Address(address=email, name=name)],
        sender=Address(address=inbox.address, name="Makegood"),
        subject=subject,
        text=text,
        is_automatic=True,
        is_secret=True,
    )
    post(outgoing, inbox=inbox, about=about)
    return True

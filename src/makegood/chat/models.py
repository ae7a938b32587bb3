from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation
from makegood.customers.models import Handle
from makegood.files.models import File
from makegood.kit.records import Record

SIGNED = "id."
"""How the address of somebody begins whom the shop signed; a browser's begins with `v.`"""


class Visitor(Record):
    """One browser at one of our chats, known by a secret that it made itself.

    Who is behind it is not proven by that: only the shop can sign who somebody is.
    """

    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="+")
    handle = models.ForeignKey(Handle, models.PROTECT, related_name="+")
    mail = models.ForeignKey(
        Handle, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # what they said is their address: nothing but an unread answer goes there
    proven = models.ForeignKey(
        Handle, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # whose mailbox they showed to be theirs: what went there by mail is shown here, too
    secret_hash = models.CharField(max_length=64)
    former_hash = models.CharField(max_length=64, blank=True)
    former_until = models.DateTimeField(null=True, blank=True)
    former_used_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody came with it after its end."
    )
    origin = models.CharField(
        max_length=250, blank=True, default="", help_text="Whose page made the secret."
    )
    network = models.CharField(
        max_length=64, blank=True, default="", help_text="A hash: where they wrote from last."
    )
    stranger = models.ForeignKey(
        Handle, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # as whom they wrote before the shop said who they are
    signed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the shop said last who it is."
    )
    language = models.CharField(max_length=10, blank=True)
    answers = models.JSONField(default=dict, help_text="To the questions before the chat.")
    page_url = models.CharField(max_length=2000, blank=True)
    page_title = models.CharField(max_length=250, blank=True)
    cart = models.JSONField(default=dict, help_text="As the shop's page tells it.")
    tags = models.JSONField(default=list, help_text="Words that the shop’s page gave them.")
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    read = models.BigIntegerField(default=0, help_text="The newest of our messages they saw.")
    read_by_us = models.BigIntegerField(
        default=0, help_text="The newest of theirs that one of us had in view, or answered."
    )
    typing_at = models.DateTimeField(null=True, blank=True)
    mails_at = models.DateTimeField(
        null=True, blank=True, help_text="When what they have not read goes on by mail."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inbox", "secret_hash"], name="a_secret_is_one_visitor")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["inbox", "former_hash"],
                condition=~Q(former_hash=""),
                name="visitors_by_former_secret",
            ),
            models.Index(
                fields=["typing_at"],
                condition=Q(typing_at__isnull=False),
                name="visitors_who_type",
            ),
            models.Index(
                fields=["mails_at"],
                condition=Q(mails_at__isnull=False, mail__isnull=False),
                name="visitors_to_be_mailed",
            ),
        ]

    def is_signed(self) -> bool:
        """Whether the shop itself said who it is."""
        return self.handle.address.startswith(SIGNED)

    def may_open(self, origin: str) -> bool:
        """Whether a page there may use the secret: it lies in the storage of one origin alone."""
        return not self.origin or self.origin == origin

    def knows_formerly(self, now: datetime) -> bool:
        """Whether the secret before this one still opens."""
        return self.former_until is not None and self.former_until > now


class GoneOn(Record):
    """Answers that nobody read in the chat, and that went on by mail together: once each."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="+")
    handle = models.ForeignKey(Handle, models.PROTECT, related_name="+")  # whose chat it was
    to = models.ForeignKey(Handle, models.PROTECT, related_name="+")  # where it went
    oldest = models.BigIntegerField(help_text="The first of the answers.")
    newest = models.BigIntegerField(help_text="The last of them; what becomes of it shows there.")
    count = models.PositiveIntegerField()
    mailbox = models.CharField(max_length=64, help_text="Whose, as a hash: nobody is named here.")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["handle", "newest"], name="an_answer_goes_on_by_mail_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["mailbox", "-at"], name="gone_on_to_a_mailbox")]


class Pass(models.Model):
    """A word that lets another browser go on with a chat: once, and soon. Only its hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    inbox = models.ForeignKey(Inbox, models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    handle = models.ForeignKey(Handle, models.CASCADE, related_name="+")  # as whom
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="oldest_passes")]


class Rating(Record):
    """How a chat was, by whoever it was for: said once, when it was over."""

    class Choice(models.TextChoices):
        GOOD = "good", _("good")
        MIDDLING = "middling", _("middling")
        BAD = "bad", _("bad")

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="+")
    handle = models.ForeignKey(Handle, models.PROTECT, related_name="+")
    choice = models.CharField(choices=Choice, max_length=8)
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "handle"], name="a_chat_is_rated_once")
        ]


class Showing(models.Model):
    """An invitation as one browser saw it on one day, and what came of it. It names nobody."""

    inbox = models.ForeignKey(Inbox, models.CASCADE, related_name="+")
    invitation = models.CharField(max_length=40)
    wording = models.CharField(max_length=16, help_text="A hash: how the rule read then.")
    browser = models.CharField(max_length=64, help_text="A hash of a word that lasts for a day.")
    at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    put_away_at = models.DateTimeField(null=True, blank=True)
    led_to = models.ForeignKey(
        Conversation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # what they wrote then belongs there

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inbox", "invitation", "browser"], name="a_browser_is_invited_once_a_day"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["inbox", "at"], name="showings_of_a_chat"),
            models.Index(fields=["at"], name="oldest_showings"),
        ]


class Upload(models.Model):
    """A file that a visitor sent ahead of the message it belongs to; unused, it goes again."""

    visitor = models.ForeignKey(Visitor, models.CASCADE, related_name="uploads")
    token_hash = models.CharField(max_length=64, unique=True)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="oldest_uploads")]


class NetworkBlock(Record):
    """Nothing from this network reaches the chat for a while: its name is a hash."""

    network = models.CharField(max_length=64)
    whom = models.CharField(max_length=120, help_text="Whose network it was, as agents saw them.")
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=250)
    by_name = models.CharField(max_length=120)
    since = models.DateTimeField()
    until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["network"], condition=Q(lifted_at=None), name="a_network_is_blocked_once"
            )
        ]


class TurnedAway(models.Model):
    """How often somebody who is blocked tried to write in the chat. What they wrote is not kept."""

    block = models.CharField(max_length=80, unique=True, help_text="The block's reference.")
    attempts = models.BigIntegerField(default=0)
    last_at = models.DateTimeField()

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.channels.models import Inbox
from makegood.kit.records import Record


class Valve(Record):
    """Whether an inbox may write by machine; closed by itself where it wrote too much."""

    inbox = models.OneToOneField(Inbox, models.PROTECT, related_name="valve")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.CharField(max_length=250, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="By a person, last.")

    def is_closed(self) -> bool:
        return self.closed_at is not None


class AutomaticMail(Record):
    """One occasion on which a machine of ours would write: it did, or it says why not."""

    class State(models.TextChoices):
        QUEUED = "queued", _("put into the outbox")
        REFUSED = "refused", _("not written")
        HELD = "held", _("held back")

    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="automatic_mails")
    rule = models.CharField(max_length=40, help_text="What wrote: acknowledgement.")
    about = models.CharField(max_length=80, help_text="Of what: conversation:17.")
    occurrence = models.CharField(max_length=80, help_text="Which time: opened.")
    mailbox = models.CharField(max_length=320, help_text="Whose: without what stands after a plus.")
    state = models.CharField(choices=State, max_length=10)
    reason = models.CharField(max_length=250, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "about", "occurrence"], name="an_occasion_is_written_of_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["inbox", "mailbox", "-at"],
                condition=Q(state="queued"),
                name="automatic_mails_of_a_pair",
            ),
            models.Index(
                fields=["about", "-at"], condition=Q(state="queued"), name="automatic_mails_about"
            ),
            models.Index(fields=["inbox", "-at"], name="automatic_mails_newest"),
        ]

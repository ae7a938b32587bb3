from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from makegood.kit.records import Record


class Customer(Record):
    """Someone who writes to us, buys from us, or talks of us."""

    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, default="", db_default="")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False
    )
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="nobody_is_merged_into_themselves", condition=~Q(merged_into=F("id"))
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-last_seen_at", "-id"],
                condition=Q(merged_into=None),
                name="customers_newest_first",
            ),
            # Only of those who were merged: else SQLite finds everybody by it, and sorts them.
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="customers_merged_into",
            ),
        ]

    def __str__(self) -> str:
        return self.name or "?"


class Handle(Record):
    """One address of a customer on one kind of channel."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="handles")
    kind = models.CharField(max_length=20)
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=120, blank=True, help_text="As the channel shows it.")
    verified_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when nothing can be delivered there."
    )
    bounced_because = models.CharField(max_length=250, blank=True, default="", db_default="")
    complained_at = models.DateTimeField(
        null=True, blank=True, help_text="Said that our mail is spam: never written to by machine."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "address"], name="an_address_has_one_owner")
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def shown(self) -> str:
        """What people read: a visitor of the chat has a name there, and no address to be read."""
        return (self.name or "…") if self.kind == "chat" else self.address

    def takes_mail(self) -> bool:
        """Whether what we send there arrives, as far as we know."""
        return self.bounced_at is None


class Refusal(models.Model):
    """One thing that we sent to a handle and that was refused there, however often it says so."""

    handle = models.ForeignKey(Handle, models.PROTECT, related_name="refusals")
    about = models.CharField(max_length=80, help_text="What was refused: delivery:17.")
    is_final = models.BooleanField(help_text="The address itself refuses, and will tomorrow.")
    cause = models.CharField(max_length=40, blank=True)
    said = models.CharField(max_length=500, blank=True, help_text="The other server's words.")
    at = models.DateTimeField()
    forgiven_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handle", "about"], name="a_refusal_counts_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["handle", "-at"], condition=Q(forgiven_at=None), name="refusals_that_count"
            )
        ]


class CustomerTag(models.Model):
    """A word on a customer."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="tags")
    word = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "word"], name="a_word_is_on_someone_once")
        ]
        indexes: ClassVar = [models.Index(fields=["word", "customer"], name="customers_by_tag")]
        ordering: ClassVar[list[str]] = ["word"]

    def __str__(self) -> str:
        return self.word


class CustomerNote(Record):
    """What agents tell each other of a person, whatever the conversation. Never sent."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="notes")
    by = models.CharField(max_length=80, help_text="The agent's reference.")
    by_name = models.CharField(max_length=120)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-at", "-id"], name="notes_on_someone")
        ]


class Consent(Record):
    """What a person agreed to, or took back: the newest row of a purpose counts."""

    class Purpose(models.TextChoices):
        NEWS = "news", _("news by e-mail")
        SURVEYS = "surveys", _("being asked how it was")
        STORIES = "stories", _("being quoted in public")
        RECORDING = "recording", _("calls being recorded")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="consents")
    purpose = models.CharField(choices=Purpose, max_length=10)
    is_given = models.BooleanField()
    how = models.CharField(max_length=250, blank=True, help_text="How we know, in words.")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()


class Block(Record):
    """Nothing from this person, or from this address, reaches the desk for a while."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="blocks"
    )
    handle = models.ForeignKey(Handle, models.PROTECT, null=True, blank=True, related_name="blocks")
    reason = models.CharField(max_length=250)
    by_name = models.CharField(max_length=120)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True, help_text="Nothing: until it is lifted.")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_block_is_on_one",
                condition=Q(customer=None, handle__isnull=False)
                | Q(customer__isnull=False, handle=None),
            ),
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(lifted_at=None),
                name="a_customer_is_blocked_once",
            ),
            models.UniqueConstraint(
                fields=["handle"], condition=Q(lifted_at=None), name="a_handle_is_blocked_once"
            ),
        ]

    def holds(self, now: datetime) -> bool:
        return self.lifted_at is None and (self.until is None or self.until > now)


class SetAside(models.Model):
    """Something that came from a blocked address: kept, and shown to nobody but the office."""

    block = models.ForeignKey(Block, models.PROTECT, related_name="set_aside")
    handle = models.ForeignKey(Handle, models.PROTECT, related_name="+")
    arrival = models.BigIntegerField(unique=True, help_text="The number of what came in.")
    at = models.DateTimeField()
    let_in_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["block", "-id"], condition=Q(let_in_at=None), name="set_aside_by_block"
            )
        ]


class Merge(Record):
    """Two customers who are one person: what each was before, so that it can be undone."""

    kept = models.ForeignKey(Customer, models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=250, blank=True)
    before = models.JSONField(default=dict, help_text="What the kept one said until then.")
    after = models.JSONField(default=dict, help_text="What was chosen.")
    moved = models.JSONField(default=dict, help_text="What followed: numbers by noun.")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["absorbed"],
                condition=Q(undone_at=None),
                name="a_customer_is_merged_into_one",
            )
        ]


class Different(models.Model):
    """Two customers who look alike and are not the same: nobody suggests it again."""

    one = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    other = models.ForeignKey(Customer, models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="two_differ_once"),
            models.CheckConstraint(name="the_lower_number_first", condition=Q(one__lt=F("other"))),
        ]


class FoundBy(models.Model):
    """A word that a customer is found by: of the name, of an address, a tag."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    word = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "word"], name="a_word_finds_someone_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["word", "customer"],
                name="customers_by_word",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            )
        ]

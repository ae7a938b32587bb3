"""Changing what is given for what: a draft, and versions that never change."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.money import LARGEST, known_currency
from makegood.kit.second import refuses_a_second
from makegood.ledger.actions import record
from makegood.makegoods.events import RemediesPublished
from makegood.makegoods.failures import names
from makegood.makegoods.models import History, PolicyLine, PolicyVersion, Remedy
from makegood.makegoods.policy import Row, Table, rows_of, table_of
from makegood.team.models import Agent

MOST_ROWS = 120


def draft_of(currency: str) -> PolicyVersion | None:
    return PolicyVersion.objects.filter(currency=currency, number=None).first()


def edited_rows(currency: str) -> Sequence[Row]:
    """What somebody changes: the draft, or where there is none, what holds."""
    draft = draft_of(currency)
    return rows_of(draft) if draft else table_of(currency).rows


def drafted(currency: str) -> Table:
    return Table(currency=currency, rows=edited_rows(currency))


def versions_of(currency: str) -> Sequence[PolicyVersion]:
    found = PolicyVersion.objects.filter(currency=currency, number__isnull=False)
    return list(found.select_related("agent").order_by("-number")[:50])


@refuses_a_second
@transaction.atomic
def save_draft(currency: str, rows: Sequence[Row], *, by: Agent) -> PolicyVersion:
    """Keep how the table is to read; nothing holds of it before it is published."""
    currency = known_currency(currency)
    for number, row in enumerate(rows, 1):
        _refuse(row, number)
    if len(rows) > MOST_ROWS:
        raise Refused(_("That is more than %(n)s lines.") % {"n": MOST_ROWS})
    drafts = PolicyVersion.objects.select_for_update().filter(currency=currency, number=None)
    draft = drafts.first() or PolicyVersion(currency=currency)
    draft.agent, draft.at = by, timezone.now()
    draft.save()
    draft.lines.all().delete()
    PolicyLine.objects.bulk_create(
        PolicyLine(
            version=draft, position=position, failure=row.failure, from_minor=row.from_minor,
            below_minor=row.below_minor, history=row.history, remedy=row.remedy, unit=row.unit,
            least=row.least, most=row.most,
        )
        for position, row in enumerate(rows)
    )  # fmt: skip
    return draft


def _refuse(row: Row, number: int) -> None:
    wrong = ""
    if row.failure not in names() or row.remedy not in Remedy.values:
        wrong = _("the failure or the remedy is not there any more")
    elif row.history not in History.values or row.unit not in PolicyLine.Unit.values:
        wrong = _("for whom, or how much, cannot be read")
    elif not 0 <= row.least <= row.most <= LARGEST:
        wrong = _("the least is more than the most")
    elif row.unit == PolicyLine.Unit.PERCENT and row.most > 100:
        wrong = _("more than a hundred percent")
    elif row.from_minor < 0 or (row.below_minor is not None and row.below_minor <= row.from_minor):
        wrong = _("the values of orders end before they begin")
    if wrong:
        raise Refused(_("Line %(n)s: %(wrong)s.") % {"n": number, "wrong": wrong})


@refuses_a_second
@transaction.atomic
def publish(currency: str, *, by: Agent) -> PolicyVersion:
    """Let the draft hold from now on. What was given before keeps the version it was given by."""
    drafts = PolicyVersion.objects.select_for_update().filter(currency=currency, number=None)
    draft = drafts.first()
    if draft is None:
        raise Refused(_("There is no draft to publish."))
    if not draft.lines.exists():
        raise Refused(_("A table without a line would suggest nothing: add one."))
    before = told(table_of(currency).rows, currency)
    last = PolicyVersion.objects.filter(currency=currency).aggregate(n=Max("number"))["n"]
    draft.number, draft.published_at, draft.agent = (last or 0) + 1, timezone.now(), by
    draft.save()
    fact = RemediesPublished(
        currency=currency, version=draft.number, before=before,
        after=told(rows_of(draft), currency),
    )  # fmt: skip
    record(fact, about=[draft], by=by)
    return draft


@transaction.atomic
def throw_draft_away(currency: str, *, by: Agent) -> bool:
    """Nothing was said to anybody of a draft; it goes without a word."""
    drafts = PolicyVersion.objects.select_for_update().filter(currency=currency, number=None)
    draft = drafts.first()
    if draft is None or not by.may("office.makegoods"):
        return False
    draft.delete()
    return True


def told(rows: Sequence[Row], currency: str) -> dict[str, str]:
    """For the ledger: each line under its failure, remedy and history."""
    said = {}
    for row in rows:
        name = f"{row.failure} · {row.remedy} · {row.history} · {row.from_minor}"
        sign = "%" if row.unit == PolicyLine.Unit.PERCENT else f" {currency} / 100"
        said[name] = f"{row.least}-{row.most}{sign}"
    return said

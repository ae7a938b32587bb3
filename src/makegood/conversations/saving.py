"""Saving a view: giving a question a name, and a place in somebody's list."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.conversations.events import ViewChanged, ViewRemoved, ViewSaved
from makegood.conversations.models import SavedView, ViewPlace
from makegood.conversations.naming import understand
from makegood.conversations.saved_views import may_change, may_share, views_of
from makegood.kit.errors import Refused
from makegood.kit.second import refuses_a_second
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.team.models import Agent, Team

MOST_OWN = 200
COLUMNS = ("tags", "file", "channel", "assignee")
Audience = SavedView.Audience


@dataclass(frozen=True, kw_only=True)
class ViewSettings:
    """What a view is to be."""

    name: str
    query: str
    order: str = ""
    audience: str = Audience.OWN
    team: Team | None = None
    columns: Sequence[str] = COLUMNS


@refuses_a_second
@transaction.atomic
def save_view(wanted: ViewSettings, *, by: Agent) -> SavedView:
    """Keep a question under a name."""
    _refuse(wanted, by)
    if SavedView.objects.filter(agent=by).count() >= MOST_OWN:
        raise Refused(_("You have very many views: remove one before you save another."))
    view = SavedView(agent=by)
    _refuse_name(view, wanted)
    _write(view, wanted)
    fact = ViewSaved(name=view.name, query=view.query, audience=view.audience)
    record(fact, about=[view], by=by)
    return view


@refuses_a_second
@transaction.atomic
def change_view(view: SavedView, wanted: ViewSettings, *, by: Agent) -> SavedView:
    """Let a view be called, ask or belong otherwise."""
    view = SavedView.objects.select_for_update().get(pk=view.pk)
    if not may_change(view, by):
        raise Refused(_("This view is not yours to change."))
    _refuse(wanted, by)
    _refuse_name(view, wanted)
    before = view.name, view.query, view.audience
    _write(view, wanted)
    fact = ViewChanged(
        name=view.name,
        query=view.query,
        audience=view.audience,
        before_name=before[0],
        before_query=before[1],
        before_audience=before[2],
    )
    record(fact, about=[view], by=by)
    return view


@transaction.atomic
def remove_view(view: SavedView, *, by: Agent) -> None:
    """Take a view away. What stands in it stays where it is."""
    if not may_change(view, by):
        raise Refused(_("This view is not yours to change."))
    found = SavedView.objects.select_for_update().filter(pk=view.pk).first()
    if found is None:
        return
    record(ViewRemoved(name=found.name), about=[found], by=by)
    found.delete()


@transaction.atomic
def order_views(pks: Sequence[int], *, by: Agent) -> None:
    """Let an agent's list stand in this order; what is not named comes behind."""
    mine = [view.pk for view in views_of(by)]
    wanted = [pk for pk in dict.fromkeys(pks) if pk in mine]
    wanted += [pk for pk in mine if pk not in wanted]
    ViewPlace.objects.bulk_create(
        [ViewPlace(agent=by, view_id=pk, place=place) for place, pk in enumerate(wanted)],
        update_conflicts=True,
        unique_fields=["agent", "view"],
        update_fields=["place"],
    )


def _refuse(wanted: ViewSettings, by: Agent) -> None:
    if not one_line(wanted.name.strip(), 60):
        raise Refused(_("Give the view a name."))
    understood = understand(wanted.query, by)
    if understood.problems:
        raise Refused(understood.problems[0].words)
    if not may_share(wanted.audience, wanted.team, by):
        raise Refused(_("You may not share a view so widely."))


def _refuse_name(view: SavedView, wanted: ViewSettings) -> None:
    """Two of one name in one list cannot be told apart."""
    name = one_line(wanted.name.strip(), 60)
    theirs = SavedView.objects.filter(agent=view.agent).exclude(pk=view.pk)
    if theirs.filter(name__iexact=name).exists():
        raise Refused(_("There is already one called “%(name)s”.") % {"name": name})


def _write(view: SavedView, wanted: ViewSettings) -> None:
    view.name, view.query = one_line(wanted.name.strip(), 60), wanted.query.strip()
    view.order, view.audience = wanted.order, wanted.audience
    view.team = wanted.team if wanted.audience == Audience.TEAM else None
    view.columns = [one for one in COLUMNS if one in wanted.columns]
    view.save()

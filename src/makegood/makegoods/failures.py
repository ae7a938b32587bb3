"""The ways in which a shop falls short: those that every shop knows, and its own."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.kit.errors import Refused
from makegood.kit.second import refuses_a_second
from makegood.kit.text import fit_for_storage, plain_name
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.makegoods.events import FailureEnded, FailureNamed
from makegood.makegoods.models import OwnFailure

HOUSE: Mapping[str, Promise] = {
    "late": gettext_lazy("Late"),
    "lost": gettext_lazy("Lost on the way"),
    "damaged": gettext_lazy("Damaged"),
    "wrong": gettext_lazy("Wrong article"),
    "missing": gettext_lazy("Article missing"),
    "stock": gettext_lazy("Out of stock after the order"),
    "answer": gettext_lazy("Poor or late answer"),
    "overcharged": gettext_lazy("Charged too much"),
    "other": gettext_lazy("Something else"),
}
MOST = 40

SAID: Mapping[str, Sequence[str]] = {
    "damaged": ("damaged", "broken", "cracked", "scratched", "kaputt", "beschädigt", "zerbrochen"),
    "wrong": ("wrong", "not what i ordered", "falsch", "falsche", "falscher"),
    "missing": ("missing", "incomplete", "fehlt", "fehlen", "unvollständig"),
    "overcharged": ("charged twice", "overcharged", "doppelt abgebucht", "zu viel berechnet"),
    "lost": ("lost", "never arrived", "verloren", "nie angekommen"),
    "stock": ("out of stock", "sold out", "ausverkauft", "nicht lieferbar"),
    "late": ("late", "still waiting", "where is", "verspätet", "wo bleibt", "warte"),
}
"""Words by which somebody says it; the first that is found is suggested, and nothing more."""


def names() -> Mapping[str, str | Promise]:
    """Every failure by its word, those that ended as well."""
    own = {f"own:{one.pk}": one.name for one in OwnFailure.objects.all()}
    return {**HOUSE, **own}


def choices() -> list[tuple[str, str | Promise]]:
    """Those that can be chosen now; the house's last stands last."""
    own = [(f"own:{one.pk}", one.name) for one in OwnFailure.objects.filter(ended_at=None)]
    first = [(word, name) for word, name in HOUSE.items() if word != "other"]
    return [*first, *own, ("other", HOUSE["other"])]


def own_failures() -> Sequence[OwnFailure]:
    return list(OwnFailure.objects.filter(ended_at=None))


def said_in(text: str) -> str:
    """Which failure somebody's words tell of, as far as a few words can; empty otherwise."""
    bare = " ".join(fit_for_storage(text).lower().split())
    padded = f" {''.join(sign if sign.isalnum() else ' ' for sign in bare)} "
    padded = f" {' '.join(padded.split())} "
    for word, said in SAID.items():
        if any(f" {one} " in padded for one in said):
            return word
    return ""


def refuse_unknown(word: str) -> None:
    if word not in dict(choices()):
        raise Refused(_("There is no such failure any more."))


@refuses_a_second
@transaction.atomic
def name_failure(name: str, *, by: Actor) -> OwnFailure:
    """Give a way of falling short a name of the shop's own; one that ended comes back."""
    name = plain_name(name, 60)
    if not name:
        raise Refused(_("Say what it is called."))
    if name.lower() in {str(one).lower() for one in HOUSE.values()}:
        raise Refused(_("There is already a failure of this name."))
    known = OwnFailure.objects.select_for_update().filter(name__iexact=name).first()
    if known is not None and known.ended_at is None:
        raise Refused(_("There is already a failure of this name."))
    if OwnFailure.objects.filter(ended_at=None).count() >= MOST:
        raise Refused(_("That is more than %(n)s failures.") % {"n": MOST})
    failure = known or OwnFailure(name=name)
    failure.ended_at = None
    failure.save()
    record(FailureNamed(name=failure.name), about=[failure], by=by)
    return failure


@transaction.atomic
def end_failure(failure: OwnFailure, *, by: Actor) -> None:
    """It is chosen no more; what was given for it keeps it."""
    failure = OwnFailure.objects.select_for_update().get(pk=failure.pk)
    if failure.ended_at is not None:
        return
    failure.ended_at = timezone.now()
    failure.save(update_fields=["ended_at"])
    record(FailureEnded(name=failure.name), about=[failure], by=by)

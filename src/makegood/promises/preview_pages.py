"""What a preview found, as a table: all teams first, then each of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from makegood.promises.models import Preview
from makegood.promises.policies import PROMISED
from makegood.promises.previewing import OUTCOMES, WAYS
from makegood.team.queries import teams

Counts = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """How many were kept and broken in one way of counting."""

    kept: int
    broken: int

    @property
    def share(self) -> int | None:
        """Percent kept, rounded down: what is not all is never said to be."""
        ended = self.kept + self.broken
        return self.kept * 100 // ended if ended else None


Group = tuple[str, Sequence[tuple[str, Sequence[Kept]]]]


def totals(preview: Preview) -> Sequence[Group]:
    names = {str(one.pk): one.name for one in teams()}
    found = [(_("All conversations"), _sum(preview))]
    by_name = sorted(preview.counts, key=lambda pk: (pk == "0", names.get(pk, "")))
    if len(by_name) > 1:
        found += [(names.get(pk, _("no team")), preview.counts[pk]) for pk in by_name]
    return [(name, _rows(kinds)) for name, kinds in found if kinds]


def _sum(preview: Preview) -> Mapping[str, Mapping[str, Counts]]:
    whole: dict[str, dict[str, dict[str, int]]] = {}
    for kinds in preview.counts.values():
        for kind, ways in kinds.items():
            mine = whole.setdefault(kind, {way: defaultdict(int) for way in WAYS})
            for way in WAYS:
                for outcome in OUTCOMES:
                    mine[way][outcome] += ways[way][outcome]
    return whole


def _rows(kinds: Mapping[str, Mapping[str, Counts]]) -> Sequence[tuple[str, Sequence[Kept]]]:
    return [
        (str(kind.label), [_kept(kinds[kind.value][way]) for way in WAYS])
        for kind in PROMISED
        if kind.value in kinds
    ]


def _kept(counts: Counts) -> Kept:
    return Kept(kept=counts["kept"], broken=counts["broken"])


def has_changed(preview: Preview) -> bool:
    """Whether the draft reads otherwise by now."""
    return any(getattr(preview.version, name) != was for name, was in preview.drafted.items())

"""A person is forgotten: the words go, what was given and what it cost stays counted."""

from collections.abc import Sequence

from django.db.models import Q

from makegood.makegoods.models import Approval, Makegood


def forget_makegoods(customers: Sequence[int]) -> Sequence[str]:
    """Empty what was said of them; the references whose events name them."""
    theirs = Makegood.objects.filter(conversation__customer__in=customers)
    pks = list(theirs.order_by("pk").values_list("pk", flat=True))
    Makegood.objects.filter(pk__in=pks).exclude(Q(words="") & Q(why="") & Q(code="")).update(
        words="", why="", code=""
    )
    Approval.objects.filter(makegood__in=pks).update(words="")
    return [f"makegood:{pk}" for pk in pks]

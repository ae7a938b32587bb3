"""What was said beside a forgotten person goes, and what they themselves said beside others."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from makegood.beside.models import SideDraft, SideFile, SideKey, SideMessage, SideParty, SideThread
from makegood.channels.models import Arrival, Delivery
from makegood.conversations.forgetting import Gone, forget_arrivals, forget_deliveries


def forget_beside(gone: Gone, customers: Sequence[int], addresses: Sequence[str]) -> None:
    """Empty the side threads about a person; rows stay to be counted, words and files go."""
    threads = _numbers(SideThread.objects.filter(_about(customers)))
    said = _numbers(SideMessage.objects.filter(Q(thread__in=threads) | Q(address__in=addresses)))
    drafts = SideDraft.objects.filter(
        Q(thread__in=threads) | Q(conversation__customer__in=customers)
    )
    _forget_files(gone, Q(message__in=said) | Q(draft__in=drafts))
    drafts.delete()
    refs = [f"sidemessage:{pk}" for pk in said]
    deliveries = list(Delivery.objects.filter(about__in=refs).order_by("pk"))
    outcomes = [*refs, *(delivery.ref for delivery in deliveries)]
    forget_arrivals(gone, _numbers(Arrival.objects.filter(outcome__in=outcomes)))
    forget_deliveries(deliveries)
    SideMessage.objects.filter(pk__in=said).update(
        address="", author_name="", subject="", text="", quoted="", html="", external_id="",
        to=[], cc=[], trust_reason="", joined_because="", troubles=[], delivery_trouble="",
        arrival=None,
    )  # fmt: skip
    SideKey.objects.filter(thread__in=threads).delete()
    SideParty.objects.filter(Q(thread__in=threads) | Q(address__in=addresses)).update(
        address="", name=""
    )
    SideThread.objects.filter(pk__in=threads).update(subject="", news_since=None)
    _leave_lines(addresses)
    gone.refs += [f"sidethread:{pk}" for pk in threads] + outcomes


def _about(customers: Sequence[int]) -> Q:
    """What stands in their conversations by itself, or did before they were joined."""
    return Q(conversation__customer__in=customers, home=None) | Q(home__customer__in=customers)


def _numbers(rows: object) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))  # type: ignore[attr-defined]


def _forget_files(gone: Gone, where: Q) -> None:
    files = SideFile.objects.filter(where)
    gone.files |= set(files.values_list("file_id", flat=True))
    files.delete()


def _leave_lines(addresses: Sequence[str]) -> None:
    """Where they were only written to beside somebody else's matter: their address goes."""
    gone = {address.lower() for address in addresses}
    keys = SideKey.objects.all()
    for address in gone:
        named = SideMessage.objects.filter(
            thread__in=keys.filter(given_to__icontains=address).values("thread")
        )
        for message in named.only("pk", "to", "cc"):
            to = [one for one in message.to if str(one).lower() not in gone]
            cc = [one for one in message.cc if str(one).lower() not in gone]
            SideMessage.objects.filter(pk=message.pk).update(to=to, cc=cc)
        keys.filter(given_to__iexact=address).update(revoked_at=timezone.now())
        keys.filter(given_to__icontains=address).update(given_to="")

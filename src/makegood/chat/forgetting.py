"""What a visitor's browser told of somebody who is forgotten, or of whose address it gave."""

from collections.abc import Sequence

from django.db.models import Q

from makegood.chat.models import NetworkBlock, Rating, Upload, Visitor
from makegood.customers.forgetting import forgets_by_address
from makegood.files.leaving import let_go
from makegood.kit.ids import digest, new_token


@forgets_by_address
def forget_visitors(addresses: Sequence[str]) -> None:
    """The row stays and opens nothing: no page, no cart, no answers, no network, no file."""
    Visitor.objects.filter(mail__address__in=addresses).update(mail=None, answers={})
    Rating.objects.filter(handle__address__in=addresses).update(words="")
    blocks = NetworkBlock.objects.filter(customer__handles__address__in=addresses)
    NetworkBlock.objects.filter(pk__in=list(blocks.values_list("pk", flat=True))).update(
        whom="", reason="", by_name=""
    )
    named = Q(handle__address__in=addresses) | Q(stranger__address__in=addresses)
    visitors = list(Visitor.objects.filter(named))
    uploads = Upload.objects.filter(visitor__in=visitors)
    files = set(uploads.values_list("file", flat=True))
    uploads.delete()
    let_go(files)
    for visitor in visitors:
        visitor.answers, visitor.cart, visitor.tags, visitor.mail = {}, {}, [], None
        visitor.page_url = visitor.page_title = visitor.network = visitor.language = ""
        visitor.former_hash, visitor.secret_hash = "", digest(new_token())
        visitor.save()

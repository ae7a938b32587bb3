from collections.abc import Mapping, Sequence

from makegood.conversations.models import Conversation
from makegood.wanted.models import Wanted


def wanted_in(conversation: Conversation, variants: Sequence[int]) -> Mapping[int, Wanted]:
    """What is promised there of these variants and not told yet, by the variant."""
    rows = Wanted.objects.filter(promise__conversation=conversation, variant__in=variants)
    found = rows.filter(promise__settled_at=None).select_related("promise", "variant__product")
    return {one.variant_id: one for one in found}

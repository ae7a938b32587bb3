from django.db import transaction
from django.utils import timezone

from makegood.kit.ids import new_token
from makegood.ledger.actions import record
from makegood.portraits.drawing import portrait_of
from makegood.portraits.events import PortraitPut, PortraitTakenDown
from makegood.portraits.models import Portrait
from makegood.team.models import Agent


def put_portrait(agent: Agent, content: bytes) -> Portrait:
    """Show this picture of an agent to customers. Nobody else can. Raises `Refused`."""
    picture = portrait_of(content)  # before the transaction: it takes its time
    with transaction.atomic():
        drawn = {"picture": picture, "word": new_token(), "put_at": timezone.now()}
        portrait, _made = Portrait.objects.update_or_create(agent=agent, defaults=drawn)
        record(PortraitPut(), about=[agent], by=agent)
    return portrait


@transaction.atomic
def take_down_portrait(agent: Agent) -> None:
    """Show no picture of an agent any more. Said twice, it is done once."""
    gone, _what = Portrait.objects.filter(agent=agent).delete()
    if gone:
        record(PortraitTakenDown(), about=[agent], by=agent)

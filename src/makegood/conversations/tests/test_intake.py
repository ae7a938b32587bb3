"""Whatever comes in becomes something that an agent can see."""

import pytest

from makegood.channels.models import Inbox
from makegood.conversations.models import Message
from makegood.customers.models import Handle
from tests.world import arrive, mail_bytes, write_form

pytestmark = pytest.mark.django_db


def test_a_nameless_sender_with_a_very_long_address_is_heard(mailbox: Inbox) -> None:
    address = f"{'bounces-' * 20}ida@{'example.' * 8}com"
    arrive(mailbox, mail_bytes("Where is my lamp?", sender=address))
    assert Message.objects.get().author_name == address[:120]


def test_an_address_that_grows_in_idna_is_cut(form: Inbox) -> None:
    write_form(form, "Where is my lamp?", email=f"ida@{'ü.' * 110}example")
    assert len(Handle.objects.get().address) <= 320

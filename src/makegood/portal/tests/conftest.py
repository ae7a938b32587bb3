import pytest
from django.test import Client

from makegood.channels.models import Delivery, Inbox
from makegood.portal.tests.asking import fill_in


@pytest.fixture
def link(form: Inbox, client: Client) -> str:
    """The address in the mail that Ida got after she wrote by the form."""
    fill_in(client, f"/write/{form.public_id}/", text="Where is my lamp?")
    words = Delivery.objects.get().outgoing["text"].split()
    token: str = next(word for word in words if "/c/" in word).partition("/c/")[2]
    return f"/c/{token}"


@pytest.fixture
def confirmed(link: str, client: Client) -> str:
    client.post(f"{link}confirmation/")
    return link

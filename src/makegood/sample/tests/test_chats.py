"""The sample shop has a chat in which somebody waits, so that a newcomer sees what it is."""

import pytest

from makegood.conversations.models import Conversation
from makegood.sample.chats import begin_some_chats
from makegood.sample.shop import Shop, prepare_sample_shop


@pytest.fixture
def shop(db: None) -> Shop:
    return prepare_sample_shop()


def test_some_chat_and_one_of_them_is_nobodys(shop: Shop) -> None:
    begin_some_chats(shop)
    stand = Conversation.objects.order_by("pk").values_list("customer__name", "status", "assignee")
    owner = shop.owner.pk
    assert list(stand) == [
        ("Mia Sol", "open", None),
        ("Ines Roy", "open", owner),
        ("Omar Haddad", "resolved", owner),
    ]
    assert Conversation.objects.get(customer__name="Ines Roy").messages.count() == 3


def test_letters_go_to_none_of_its_chats(shop: Shop) -> None:
    assert shop.chat is not None
    assert shop.chat not in shop.inboxes

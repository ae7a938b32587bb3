"""The sample desk is what the real actions would have left behind."""

import pytest
from django.db import connection
from django.db.models import Max, Q

from makegood.conversations.finding import VIEWS, inbox_page
from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries import conversation_for, timeline_of
from makegood.conversations.searching import scope_of
from makegood.kit.text import one_line
from makegood.ledger.followers import catch_up
from makegood.ledger.verifying import verify_ledger
from makegood.sample.desk import make_desk
from makegood.sample.shop import Shop, prepare_sample_shop
from makegood.sample.writing import RARE_WORD
from makegood.search.models import Indexed
from makegood.search.queries import find
from makegood.search.rebuilding import rebuild

HOW_MANY = 120


@pytest.fixture
def shop(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr("makegood.sample.desk.BATCH", 50)
    shop = prepare_sample_shop()
    make_desk(shop, HOW_MANY, lambda _done: None)
    return shop


def test_every_conversation_knows_its_own_state(shop: Shop) -> None:
    desk = Conversation.objects.annotate(
        newest=Max("messages__pk"),
        heard=Max("messages__pk", filter=Q(messages__direction="incoming")),
    )
    assert desk.count() == HOW_MANY
    for one in desk.prefetch_related("messages"):
        last = max(one.messages.all(), key=lambda message: message.pk)
        assert (one.last_message, one.last_incoming) == (one.newest, one.heard)
        assert one.last_at == last.at == max(message.at for message in one.messages.all())
        assert one.turn == ("ours" if last.direction == "incoming" else "theirs")
        assert one.preview == one_line(last.text, 200)
        assert one.opened_at == min(message.at for message in one.messages.all())
    assert {"open", "resolved"} <= set(desk.values_list("status", flat=True))


def test_its_ledger_is_sealed_and_its_timelines_read(shop: Shop) -> None:
    found = verify_ledger()
    assert (found.trouble, found.unsealed) == ("", 0)
    assert catch_up("seal") == catch_up("search") == 0
    conversation = conversation_for(shop.owner, Conversation.objects.order_by("pk")[3].pk)
    kinds = [entry.kind for entry in timeline_of(conversation)]
    assert kinds.count("message") == conversation.messages.count()
    assert "event" in kinds


def test_its_index_is_what_a_rebuild_gives(shop: Shop) -> None:
    asked = (RARE_WORD, "lamp", "tag:late", "from:ida", '"kind regards"')
    before = [find(typed, scope=scope_of(shop.owner)) for typed in asked]
    assert before[0].hits
    assert before[1].hits
    numbered = Indexed.objects.count()
    rebuild(from_nothing=True)
    assert Indexed.objects.count() == numbered
    assert [find(typed, scope=scope_of(shop.owner)) for typed in asked] == before


def test_the_desk_goes_on_from_there(shop: Shop) -> None:
    page = inbox_page(shop.owner, VIEWS["open"])
    assert page.rows
    newest = Message.objects.order_by("-pk")[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM conversations_message")
        assert cursor.fetchone()[0] == newest.pk
    fresh = Message.objects.create(
        conversation=newest.conversation, inbox=newest.inbox, direction="incoming", at=newest.at
    )
    assert fresh.pk == newest.pk + 1


def test_a_shop_that_is_open_is_not_opened_again(shop: Shop) -> None:
    again = prepare_sample_shop()
    assert again.password == ""
    assert [agent.pk for agent in again.agents] == [agent.pk for agent in shop.agents]
    assert len(shop.password.split("-")) == 5
    assert shop.owner.check_password(shop.password)

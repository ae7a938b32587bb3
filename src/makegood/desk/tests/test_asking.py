"""The box above the list, the search page, and views of one's own."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from makegood.conversations import saved_views
from makegood.conversations.actions import mark_seen, tag_conversation
from makegood.conversations.models import Conversation, SavedView
from makegood.conversations.saving import ViewSettings, change_view, save_view
from makegood.desk.tests.asking import at_most, part, signed_in
from makegood.fields.actions import Wish, put_value, save_field
from makegood.fields.reading import read_value
from makegood.kit.errors import Refused
from makegood.ledger.followers import catch_up
from makegood.ledger.models import Event
from makegood.team.models import Team


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Each test begins the ledger anew: what was counted at a place in it says nothing here."""
    saved_views._count.cache_clear()


@pytest.fixture
def as_nora(nora: Any) -> Client:
    return signed_in(nora)


@pytest.fixture
def late(lamp: Conversation, nora: Any) -> Conversation:
    tag_conversation(lamp, ["late parcel"], by=nora)
    catch_up("search")
    return lamp


def words_of(client: Client, address: str, data: Any = None, **headers: Any) -> str:
    return client.get(address, data, headers=headers).content.decode()


def counted(client: Client) -> str:
    """How much stands in the one saved view, as the side says it."""
    shown = words_of(client, "/views/", **part("saved-views"))
    return shown.split('views__count">')[1].split("</a>")[0].split("</span>")[-2]


def unread(client: Client) -> str:
    """How much of it the agent has not seen."""
    shown = words_of(client, "/views/", **part("saved-views"))
    return shown.split('views__unread"')[1].split(">")[1].split("<")[0] if "unread" in shown else ""


@pytest.mark.parametrize("question", ["friday", "is:unread lamp", 'tag:"late parcel"', "from:ida"])
def test_the_list_shows_what_is_asked_for(
    late: Conversation, as_nora: Client, question: str
) -> None:
    for address in ("/inbox/", "/search/"):
        assert f"/conversations/{late.pk}/" in words_of(as_nora, address, {"q": question})
        assert f"/conversations/{late.pk}/" not in words_of(
            as_nora, address, {"q": f"-({question})"}
        )


def test_what_was_not_understood_is_pointed_at_and_mended(
    late: Conversation, as_nora: Client
) -> None:
    for address in ("/inbox/", "/search/"):
        shown = words_of(as_nora, address, {"q": "lamp asignee:<b>nora"})
        assert "lamp <mark>asignee</mark>:&lt;b&gt;nora" in shown
        assert "Did you mean “assignee”?" in shown
        assert "?q=lamp+assignee%3A%3Cb%3Enora" in shown.replace("%20", "+")
        assert f"/conversations/{late.pk}/" not in shown


def test_the_list_beside_a_conversation_stays_what_was_asked_for(
    late: Conversation, as_nora: Client
) -> None:
    row = f"/conversations/{late.pk}/?q=tag%3Alate%2A"
    assert row in words_of(as_nora, "/inbox/", {"q": "tag:late*"})
    assert 'hx-get="/inbox/?q=tag%3Alate%2A"' in words_of(as_nora, row)


def test_the_rest_of_an_answer_comes_by_its_key(
    late: Conversation, form: Any, as_nora: Client, monkeypatch: Any
) -> None:
    from tests.world import write_form

    monkeypatch.setattr("makegood.conversations.finding.PAGE", 1)
    write_form(form, "Hello", email="p@example.com", name="Pia")
    first = words_of(as_nora, "/inbox/", {"q": "messages:1"})
    after = first.split("&amp;after=")[1].split('"')[0]
    rest = words_of(as_nora, f"/inbox/?q=messages%3A1&after={after}", **part("more"))
    assert ("Pia" in first) != ("Pia" in rest)
    assert ("Ida" in first) != ("Ida" in rest)


def test_the_box_says_how_a_question_may_go_on(late: Conversation, as_nora: Client) -> None:
    shown = words_of(as_nora, "/search/options/", {"q": "late tag:l", "caret": "10"})
    assert 'data-insert="&#34;late parcel&#34;" data-start="9" data-end="10"' in shown
    assert "inbox:" in words_of(as_nora, "/search/options/", {"q": "inb"})
    assert words_of(as_nora, "/search/options/", {"q": "late ", "caret": "x"}).count("<li") == 0


def test_the_help_tells_every_field(as_nora: Client) -> None:
    shown = words_of(as_nora, "/search/help/")
    assert "waiting:&gt;2h" in shown
    assert "Our address that it came to" in shown


def test_a_question_is_saved_and_counted_at_the_side(late: Conversation, as_nora: Client) -> None:
    question = {"name": "Late ones", "query": 'tag:"late parcel"', "audience": "own"}
    answer = as_nora.post("/views/new/", question)
    view = SavedView.objects.get()
    assert answer.headers["Location"] == f"/inbox/saved/{view.pk}/"
    shown = words_of(as_nora, f"/inbox/saved/{view.pk}/")
    assert f"/conversations/{late.pk}/?view=saved-{view.pk}" in shown
    side = words_of(as_nora, f"/views/?here=saved-{view.pk}", **part("saved-views"))
    assert "Late ones" in side
    assert 'aria-current="page"' in side
    assert counted(as_nora) == "1"
    assert [event.kind for event in Event.objects.about(view.ref)] == ["view.saved"]


def test_a_count_follows_what_happens_and_what_is_read(
    late: Conversation, nora: Any, as_nora: Client
) -> None:
    view = save_view(ViewSettings(name="New", query="is:unread tag:late*"), by=nora)
    assert counted(as_nora) == "1"
    as_nora.post(f"/conversations/{late.pk}/seen/")
    assert counted(as_nora) == ""
    change_view(view, ViewSettings(name="Tagged", query="has:tag"), by=nora)
    assert counted(as_nora) == "1"
    tag_conversation(late, [], by=nora)
    assert counted(as_nora) == ""


def test_a_view_whose_words_are_gone_says_so(
    late: Conversation, nora: Any, as_nora: Client
) -> None:
    from makegood.conversations.models import Tag

    view = save_view(ViewSettings(name="Late", query='tag:"late parcel"'), by=nora)
    late.tags.clear()
    Tag.objects.all().delete()
    assert "There is no tag" in words_of(as_nora, f"/inbox/saved/{view.pk}/")
    assert counted(as_nora) == "!"


def test_what_makes_no_sense_is_not_saved(as_nora: Client) -> None:
    answer = as_nora.post("/views/new/", {"name": "x", "query": "tag:", "audience": "own"})
    assert answer.status_code == 422
    assert "a value is missing" in answer.content.decode()
    assert not SavedView.objects.exists()


def test_views_are_put_in_order_by_each_agent(nora: Any, tomas: Any, as_nora: Client) -> None:
    team = Team.objects.get(name="Front")
    views = [
        save_view(ViewSettings(name=name, query="", audience="team", team=team), by=tomas).pk
        for name in ("One", "Two", "Three")
    ]
    one, two, three = views
    as_nora.post("/views/order/", {"view": views, "move": f"up:{three}"})
    as_nora.post("/views/order/", {"view": [one, three, two, 999_999]}, headers=part("view-order"))
    assert _in_order(words_of(as_nora, "/views/")) == ["One", "Three", "Two"]
    assert _in_order(words_of(signed_in(tomas), "/views/")) == ["One", "Two", "Three"]


def _in_order(page: str) -> list[str]:
    return [piece.split("<")[0] for piece in page.split("data-order>")[1:]]


def test_a_shared_view_is_had_by_its_team_and_changed_by_who_may(
    nora: Any, tomas: Any, vera: Any
) -> None:
    team = Team.objects.get(name="Front")
    view = save_view(ViewSettings(name="Ours", query="", audience="team", team=team), by=tomas)
    assert "Ours" in words_of(signed_in(nora), "/views/")
    assert "Ours" not in words_of(signed_in(vera), "/views/")
    assert "Make one of my own from it" in words_of(signed_in(nora), f"/views/{view.pk}/")
    with pytest.raises(Refused):
        change_view(view, ViewSettings(name="Mine", query=""), by=nora)
    with pytest.raises(Refused):
        save_view(ViewSettings(name="All", query="", audience="all"), by=nora)


def test_a_view_shows_only_what_its_reader_may_see(
    late: Conversation, olga: Any, vera: Any
) -> None:
    view = save_view(ViewSettings(name="All late", query="has:tag", audience="all"), by=olga)
    assert counted(signed_in(olga)) == "1"
    assert counted(signed_in(vera)) == ""
    shown = words_of(signed_in(vera), f"/inbox/saved/{view.pk}/")
    assert f"/conversations/{late.pk}/" not in shown


def test_a_removed_view_is_gone_and_what_stood_in_it_stays(
    late: Conversation, nora: Any, as_nora: Client
) -> None:
    view = save_view(ViewSettings(name="Late", query="has:tag"), by=nora)
    as_nora.post(f"/views/{view.pk}/removal/")
    assert as_nora.get(f"/inbox/saved/{view.pk}/").status_code == 404
    assert Conversation.objects.filter(pk=late.pk).exists()


def test_columns_say_what_a_row_shows(late: Conversation, nora: Any, as_nora: Client) -> None:
    view = save_view(ViewSettings(name="Bare", query="has:tag", columns=[]), by=nora)
    shown = words_of(as_nora, f"/inbox/saved/{view.pk}/")
    assert f"/conversations/{late.pk}/" in shown
    assert 'class="tag"' not in shown


def test_a_page_of_an_answer_asks_little(late: Conversation, nora: Any, as_nora: Client) -> None:
    view = save_view(ViewSettings(name="Late", query="is:open has:tag lamp"), by=nora)
    as_nora.get(f"/inbox/saved/{view.pk}/")
    with at_most(12):
        answer = as_nora.get(f"/inbox/saved/{view.pk}/")
    assert answer.status_code == 200


def test_a_list_reads_no_message_to_find_a_common_word(
    late: Conversation, as_nora: Client, monkeypatch: Any
) -> None:
    """Only the search page shows the place where a word stands."""
    for place in ("conditions", "finding"):
        monkeypatch.setattr(f"makegood.conversations.{place}.MOST_PROBED", 0)
    read = {}
    for address in ("/inbox/", "/search/"):
        with CaptureQueriesContext(connection) as asked:
            shown = words_of(as_nora, address, {"q": "lamp"})
        assert f"/conversations/{late.pk}/" in shown
        said = [one["sql"].replace('"', "") for one in asked]
        read[address] = any("FROM conversations_message" in one for one in said)
    assert read == {"/inbox/": False, "/search/": True}


def test_a_saved_view_says_how_much_of_it_is_unread_by_me(
    late: Conversation, nora: Any, tomas: Any, as_nora: Client
) -> None:
    save_view(ViewSettings(name="Tagged", query="has:tag OR is:snoozed"), by=nora)
    assert counted(as_nora) == "1"
    assert unread(as_nora) == "1"
    mark_seen(late, late.last_message, by=tomas)
    assert unread(as_nora) == "1"
    mark_seen(late, late.last_message, by=nora)
    assert unread(as_nora) == ""
    assert counted(as_nora) == "1"


@pytest.mark.parametrize("words", ["ida", "ida@", "fri", "from:ida", "AB-123"])
def test_search_finds_customers_too_and_marks_what_was_looked_for(
    late: Conversation, tomas: Any, as_nora: Client, words: str
) -> None:
    field = save_field(None, Wish(name="Badge", noun="customer"), by=tomas)
    put_value(field, late.customer_id, read_value(field, "AB-1234"))
    shown = words_of(as_nora, "/search/", {"q": words})
    is_found = f"/customers/{late.customer_id}/" in shown
    assert is_found == (words != "fri")
    assert ("<mark>AB-1234</mark>" in shown) == (words == "AB-123")


def test_search_shows_no_customer_and_no_field_that_one_may_not_see(
    late: Conversation, tomas: Any, vera: Any, back: Team, as_nora: Client
) -> None:
    secret = Wish(name="Badge", noun="customer", seen_by="lead")
    field = save_field(None, secret, by=tomas)
    put_value(field, late.customer_id, read_value(field, "AB-1234"))
    person = f"/customers/{late.customer_id}/"
    assert person not in words_of(as_nora, "/search/", {"q": "AB-123"})
    assert person in words_of(signed_in(tomas), "/search/", {"q": "AB-123"})
    late.inbox.teams.set([back])
    assert person not in words_of(as_nora, "/search/", {"q": "ida"})
    assert person in words_of(signed_in(vera), "/search/", {"q": "ida"})

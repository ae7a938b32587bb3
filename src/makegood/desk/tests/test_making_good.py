"""Making good beside a conversation, the yes of whoever may, and the list of it all."""

from typing import Any

import pytest
from django.test import Client

from makegood.conversations.models import Draft
from makegood.desk.tests.asking import signed_in
from makegood.makegoods.actions import give, offer
from makegood.makegoods.approving import ask
from makegood.makegoods.mailing import link
from makegood.makegoods.models import Makegood
from makegood.makegoods.tests.giving import matter, wish
from tests.ordered import an_order

pytestmark = pytest.mark.django_db


def form(minor: str = "2.50", **more: str) -> dict[str, str]:
    said = {"failure": "late", "remedy": "coupon", "amount": minor, "client_key": "a-key-of-a-page"}
    return {**said, "why": "She waited twice.", **more}


def test_a_coupon_is_made_good_from_the_page(lamp: Any, nora: Any) -> None:
    order = an_order(email="ida@example.com")
    as_nora = signed_in(nora)
    address = f"/conversations/{lamp.pk}/making-good/"
    page = as_nora.get(f"{address}?failure=late").content.decode()
    assert "#1001" in page
    assert "from €2.50 to €3.75" in page
    assert "This is their first order" in page
    assert "you may give €25.00 more" in page

    answer = as_nora.post(address, form(order=str(order.pk)))
    made = Makegood.objects.get()
    assert answer.headers["Location"] == f"/makegoods/{made.pk}/"
    assert (made.order, made.state, made.face_minor) == (order, "approved", 2_50)
    as_nora.post(address, form(order=str(order.pk)))
    assert Makegood.objects.count() == 1


def test_above_authority_it_is_asked_for_and_given_after_a_yes(
    lamp: Any, nora: Any, tomas: Any
) -> None:
    as_nora, as_tomas = signed_in(nora), signed_in(tomas)
    address = f"/conversations/{lamp.pk}/making-good/"
    refused = as_nora.post(address, form("40"))
    assert refused.status_code == 422
    assert "These may: Tomas" in refused.content.decode()
    assert not Makegood.objects.exists()

    as_nora.post(address, form("40", asks="yes"))
    made = Makegood.objects.get()
    question = f"/approvals/{made.approval.pk}/"
    assert "Waits for your yes" in as_tomas.get("/makegoods/").content.decode()
    assert "Yes, give it" not in as_nora.get(question).content.decode()
    as_nora.post(question, {"answer": "yes"})
    made.refresh_from_db()
    assert made.state == "offered", "who was not asked answers nothing"
    assert as_tomas.post(question, {"answer": "no"}).status_code == 422
    as_tomas.post(question, {"answer": "yes", "words": "Sure."})
    made.refresh_from_db()
    assert made.state == "approved"

    as_nora.post(f"/makegoods/{made.pk}/state/", {"act": "given", "code": "SORRY-40"})
    as_nora.post(f"/makegoods/{made.pk}/words/")
    assert "SORRY-40" in Draft.objects.get(conversation=lamp, agent=nora).text
    page = as_nora.get(f"/makegoods/{made.pk}/").content.decode()
    assert "The customer used it" in page


def test_the_link_of_a_mail_answers_once_and_looking_answers_nothing(
    lamp: Any, nora: Any, tomas: Any
) -> None:
    made = ask(matter(lamp), wish(40_00), by=nora)
    path, stranger = link(made.approval, tomas), Client()
    page = stranger.get(path)
    assert page.status_code == 200
    assert "Yes, give it" in page.content.decode()
    made.refresh_from_db()
    assert made.state == "offered"

    stranger.post(path, {"answer": "yes"})
    made.refresh_from_db()
    assert made.state == "approved"
    assert "Yes, give it" not in stranger.get(path).content.decode()
    again = stranger.post(path, {"answer": "no", "words": "Wait."})
    assert again.status_code == 422
    made.refresh_from_db()
    assert made.state == "approved"
    assert stranger.get(path[:-3] + "xx/").status_code == 404


def test_who_may_not_see_the_conversation_sees_none_of_it(
    lamp: Any, nora: Any, vera: Any, olga: Any
) -> None:
    made = give(offer(matter(lamp), wish(3_00), by=nora), by=nora)
    asked = ask(matter(lamp), wish(40_00), by=nora).approval
    as_vera = signed_in(vera)
    for path in (
        f"/conversations/{lamp.pk}/making-good/", f"/makegoods/{made.pk}/",
        f"/approvals/{asked.pk}/",
    ):  # fmt: skip
        assert as_vera.get(path).status_code == 404, path
    assert as_vera.post(f"/makegoods/{made.pk}/state/", {"act": "redeemed"}).status_code == 404
    assert "Coupon" not in as_vera.get("/makegoods/").content.decode().replace(">Coupon<", "")
    assert as_vera.get("/makegoods/file/").status_code == 404


def test_the_list_filters_sums_and_leaves_as_a_file(lamp: Any, nora: Any, tomas: Any) -> None:
    give(offer(matter(lamp), wish(3_00, why="=2+2"), by=nora), code="=SUM(A1)", by=nora)
    as_tomas = signed_in(tomas)
    page = as_tomas.get("/makegoods/?by=agent").content.decode()
    assert "Did it keep them?" in page
    empty = as_tomas.get("/makegoods/?state=expired&agent=99999999999999999&after=x")
    assert "Nothing was made good here" in empty.content.decode()
    answer = as_tomas.get("/makegoods/file/?state=given")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 2
    assert "'=SUM(A1)" in lines[1]


def test_the_pane_tells_what_was_given(lamp: Any, nora: Any) -> None:
    offer(matter(lamp), wish(3_00), by=nora)
    page = signed_in(nora).get(f"/conversations/{lamp.pk}/customer/").content.decode()
    assert "Coupon · €3.00" in page
    assert "Make good" in page


def test_money_that_goes_back_is_asked_about_once_more(lamp: Any, nora: Any) -> None:
    order = an_order(email="ida@example.com")
    as_nora, address = signed_in(nora), f"/conversations/{lamp.pk}/making-good/"
    told = form("5.00", order=str(order.pk), remedy="refund")
    page = as_nora.post(address, told).content.decode()
    assert "does not come again" in page
    assert not Makegood.objects.exists()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    other = as_nora.post(address, told | {"amount": "6.00", "seen": seen})
    assert "€6.00 goes back" in other.content.decode(), "another sum is asked about anew"
    assert as_nora.post(address, told | {"seen": seen}).status_code == 302
    assert Makegood.objects.get().face_minor == 5_00


def test_what_differs_from_what_others_got_by_it_is_said_before_it_is_given(
    lamp: Any, nora: Any, tomas: Any
) -> None:
    for number in range(6):
        other = an_order(f"#{number}", email=f"{number}@example.com")
        offer(matter(None, other), wish(2_50), by=tomas)
        offer(matter(None, other), wish(20_00, remedy="refund"), by=tomas)
    order = an_order(email="ida@example.com")
    as_nora, address = signed_in(nora), f"/conversations/{lamp.pk}/making-good/"
    page = as_nora.post(address, form("20.00", order=str(order.pk))).content.decode()
    assert "more than most others got" in page
    assert not Makegood.objects.filter(order=order).exists()
    assert as_nora.post(address, form("2.50", order=str(order.pk))).status_code == 302


def test_whoever_says_yes_sees_what_others_got_and_that_it_is_a_first(
    lamp: Any, nora: Any, tomas: Any
) -> None:
    for number in range(6):
        other = an_order(f"#{number}", email=f"{number}@example.com")
        offer(matter(None, other), wish(2_50), by=tomas)
    order = an_order(email="ida@example.com")
    made = ask(matter(lamp, order), wish(40_00), by=nora)
    page = signed_in(tomas).get(f"/approvals/{made.approval.pk}/").content.decode()
    assert "others got €2.50" in page
    assert "more than most others got" in page
    assert "This is their first order" in page


def test_articles_are_named_and_say_what_a_replacement_is_worth(lamp: Any, tomas: Any) -> None:
    order = an_order(email="ida@example.com")
    line = order.lines.order_by("pk")[0]
    as_tomas, address = signed_in(tomas), f"/conversations/{lamp.pk}/making-good/"
    said = form("", order=str(order.pk), remedy="replacement") | {f"line-{line.external_id}": "1"}
    page = as_tomas.post(address, said).content.decode()
    assert f"1 × {line.title}" in page, "what is sent is read before it is sent"
    assert not Makegood.objects.exists()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    assert as_tomas.post(address, said | {"seen": seen}).status_code == 302
    made = Makegood.objects.get()
    assert (made.lines, made.face_minor) == ([[line.external_id, 1]], line.unit_minor)
    shown = as_tomas.get(f"/makegoods/{made.pk}/").content.decode()
    assert f"1 × {line.title}" in shown


@pytest.mark.parametrize("wrong", ["99", "-1", "two"])
def test_what_the_order_does_not_hold_is_not_sent(lamp: Any, tomas: Any, wrong: str) -> None:
    order = an_order(email="ida@example.com")
    line = order.lines.order_by("pk")[0]
    said = form("5.00", order=str(order.pk), remedy="replacement")
    address = f"/conversations/{lamp.pk}/making-good/"
    answer = signed_in(tomas).post(address, said | {f"line-{line.external_id}": wrong})
    assert answer.status_code == 422
    assert not Makegood.objects.exists()


def test_a_sum_is_asked_for_where_no_article_says_it(lamp: Any, nora: Any) -> None:
    order = an_order(email="ida@example.com")
    address = f"/conversations/{lamp.pk}/making-good/"
    answer = signed_in(nora).post(address, form("", order=str(order.pk)))
    assert (answer.status_code, b"Say how much." in answer.content) == (422, True)

"""The page of orders whose customers are told first: looked at, edited, sent once."""

import pytest

from makegood.ahead.models import Telling
from makegood.ahead.tests.test_first_to_tell import at, silent
from makegood.desk.tests.asking import signed_in
from makegood.sending.rules import set_whose_answers_wait
from makegood.team.roles import save_role
from tests.parcelled import stated

pytestmark = pytest.mark.django_db
GROUP = "/first/?group=scan_silence:dhl"


def test_the_page_teaches_while_nothing_slips(olga):
    assert "Nobody is to be told" in signed_in(olga).get("/first/").text


def test_a_group_is_looked_at_edited_and_sent(olga, mailbox):
    stated(olga)
    slip = silent()
    with at(7.1):
        client = signed_in(olga)
        assert "scan_silence:dhl" in client.get("/first/").text.replace("%3A", ":")
        assert "Hello Ann" in client.get(GROUP).text
        said = {"text_en": "Dear {customer.first_name}, it is late.", "slip": slip.pk}
        asked = client.post(GROUP, {**said, "do": "ask"}).text
        assert "Dear Ann, it is late." in asked
        assert "Send to 1 customer" in asked
        client.post(GROUP, {**said, "do": "tell"})
        client.post(GROUP, {**said, "do": "tell"})
        assert [one.message.text for one in Telling.objects.all()] == ["Dear Ann, it is late."]
        assert "1 of 1" in client.get("/first/").text


def test_a_day_that_has_passed_is_refused_in_words(olga, mailbox):
    stated(olga)
    slip = silent()
    with at(7.1):
        said = {"do": "tell", "slip": slip.pk, "day": "2026-03-01"}
        assert "has passed" in signed_in(olga).post(GROUP, said).text
    assert not Telling.objects.exists()


def test_what_is_left_out_goes_from_the_page(olga, mailbox):
    stated(olga)
    slip = silent()
    with at(7.1):
        client = signed_in(olga)
        client.post(GROUP, {"do": "leave", "slip": slip.pk})
        assert "scan_silence" not in client.get("/first/").text


def test_whose_answers_wait_for_a_yes_sees_the_page_and_sends_nothing(olga, nora, mailbox):
    stated(olga)
    slip = silent()
    set_whose_answers_wait([nora], [], by=olga)
    with at(7.1):
        client = signed_in(nora)
        shown = client.get(GROUP).text
        assert "somebody else must send them" in shown
        assert "Look at it, then send" not in shown
        asked = client.post(GROUP, {"do": "ask", "slip": slip.pk}).text
        assert "Send to 1 customer" not in asked
        client.post(GROUP, {"do": "tell", "slip": slip.pk})
    assert not Telling.objects.exists()


def test_a_role_that_does_not_send_alone_is_told_so(olga, nora, mailbox):
    stated(olga)
    slip = silent()
    role = save_role(None, name="Trainee", words="", permissions=["answer", "act"], by=olga)
    nora.own_role, nora.granted = role, role.permissions
    nora.save()
    with at(7.1):
        client = signed_in(nora)
        assert "somebody else must send them" in client.get(GROUP).text
        assert client.post(GROUP, {"do": "tell", "slip": slip.pk}).status_code == 403
    assert not Telling.objects.exists()

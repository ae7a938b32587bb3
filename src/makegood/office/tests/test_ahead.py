"""First to tell, in the office: what is done by each reason, and stopping it."""

import pytest

from makegood.ahead.switching import sender, switch_of
from makegood.desk.tests.asking import signed_in
from makegood.sending.rules import set_whose_answers_wait

pytestmark = pytest.mark.django_db


def test_a_reason_is_switched_to_send_and_all_is_stopped(olga):
    client = signed_in(olga)
    assert "propose" in client.get("/office/ahead/").text.lower()
    wish = {"way": "send", "text_en": "Dear {customer.first_name}, sorry.", "text_de": ""}
    refused = client.post("/office/ahead/scan_silence/", wish)
    assert refused.status_code == 422
    assert "in whose name" in refused.text
    client.post("/office/ahead/", {"agent": olga.pk, "most": "7"})
    assert (sender().agent, sender().most) == (olga, 7)
    assert client.post("/office/ahead/scan_silence/", wish).status_code == 302
    found = switch_of("scan_silence")
    assert (found.way, found.texts) == ("send", {"en": "Dear {customer.first_name}, sorry."})
    shown = client.get("/office/ahead/").text
    assert "0 of at most 7" in shown
    history = client.get("/office/history/?page=ahead").text
    assert "Send the letter by itself" in history
    client.post("/office/ahead/stopping/")
    assert switch_of("scan_silence").way == "propose"


def test_what_cannot_be_is_said_beside_its_field(olga, nora, mailbox):
    client = signed_in(olga)
    wish = {"way": "propose", "text_en": "{nothing}"}
    assert "There is no field {nothing}" in client.post("/office/ahead/not_shipped/", wish).text
    set_whose_answers_wait([nora], [], by=olga)
    said = client.post("/office/ahead/", {"agent": nora.pk, "most": "7"}).text
    assert "somebody’s yes" in said
    assert client.get("/office/ahead/nothing/").status_code == 404

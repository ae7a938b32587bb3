"""The desk with a mailbox at a real Dovecot, behind a real Postfix."""

from typing import Any

import pytest
from imapclient import IMAPClient

from makegood.channels.email.mailbox import Folder
from makegood.channels.email.trying import try_receiving, try_sending
from tests.mail.plain import PlainServer
from tests.mail.servers import PASSWORD
from tests.mail.shop import MailShop


def test_a_mail_is_picked_up_by_idle_and_leaves_no_trace_in_the_mailbox(shop: MailShop) -> None:
    shop.wait_for(lambda: shop.inbox_field("fetched_at") != "None", "first look")
    shop.customer_writes("Picked up")
    # Found in time at all: without a word from the server it would be looked for after 8 minutes.
    shop.conversation("Picked up")
    with shop.servers.signed_in("support@shop.test") as client:
        client.select("INBOX", readonly=True)
        _ok, [seen] = client.search(None, "SEEN")
        _ok, [there] = client.search(None, "ALL")
    assert seen == b""
    assert there


def test_mail_that_was_told_of_beside_another_answer_is_looked_for(shop: MailShop) -> None:
    client = IMAPClient("localhost", port=shop.servers.imap, ssl=False, use_uid=True)
    try:
        client.login("support@shop.test", PASSWORD)
        folder = Folder(client, "INBOX")
        folder.was_told()
        assert not folder.was_told()
        shop.customer_writes("Told beside")
        # The server tells of it with the next answer, whatever was asked.
        assert shop.wait_for(lambda: client.noop() and folder.was_told(), "news")
        assert not folder.was_told()
    finally:
        client.logout()


def test_an_answer_reaches_the_customer_and_theirs_comes_back(shop: MailShop) -> None:
    shop.customer_writes("My lamp")
    conversation = shop.conversation("My lamp")
    shop.reply(conversation, "It left on Friday.\n\nKind regards")
    answer = shop.servers.wait_for_mail("anna@customer.test", "Re: My lamp")
    assert "It left on Friday." in answer.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "It left on Friday." in answer.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert answer["From"].addresses[0].addr_spec == "support@shop.test"

    shop.customer_writes(
        "Something else entirely",
        "Thank you!",
        to=answer["Reply-To"].addresses[0].addr_spec,
    )
    story = shop.wait_for(
        lambda: len(told := shop.story(conversation)) == 3 and told, "third message"
    )
    assert [one["direction"] for one in story] == ["incoming", "outgoing", "incoming"]
    assert story[1]["delivery"] == "sent"
    assert story[2]["text"] == "Thank you!"


def test_the_message_id_leads_an_answer_back_without_the_reply_address(shop: MailShop) -> None:
    shop.customer_writes("Another lamp")
    conversation = shop.conversation("Another lamp")
    shop.reply(conversation, "Which one?")
    answer = shop.servers.wait_for_mail("anna@customer.test", "Re: Another lamp")
    shop.customer_writes("Re: Another lamp", "The blue one.", In_Reply_To=answer["Message-ID"])
    story = shop.wait_for(
        lambda: len(told := shop.story(conversation)) == 3 and told, "third message"
    )
    assert story[2]["text"] == "The blue one."


def bounced(shop: MailShop, conversation: int) -> dict[str, Any]:
    """Our answer, once its bounce has come."""

    def question() -> Any:
        answer = shop.story(conversation)[-1]
        return answer["delivery"] == "bounced" and answer

    return dict(shop.wait_for(question, "bounce"))


def test_an_unknown_address_bounces_and_marks_the_message(shop: MailShop) -> None:
    shop.customer_writes("From nowhere", sender="nobody@customer.test")
    conversation = shop.conversation("From nowhere")
    shop.reply(conversation, "Hello?")
    message = bounced(shop, conversation)
    assert "User doesn't exist" in message["trouble"]
    assert len(shop.story(conversation)) == 2


def test_a_full_mailbox_bounces_and_marks_the_message(shop: MailShop) -> None:
    shop.customer_writes("No room", sender="full@customer.test")
    conversation = shop.conversation("No room")
    shop.reply(conversation, "All about your lamp. " * 2_000)
    assert "Quota exceeded" in bounced(shop, conversation)["trouble"]


def test_a_token_signs_in_as_well_as_a_password(shop: MailShop) -> None:
    shop.change(auth="xoauth2")
    shop.customer_writes("By token")
    conversation = shop.conversation("By token")
    shop.reply(conversation, "Received by token.")
    assert shop.servers.wait_for_mail("anna@customer.test", "Re: By token")
    shop.change()


def test_a_wrong_password_is_said_in_the_servers_own_words_and_passes(shop: MailShop) -> None:
    shop.change(auth="xoauth2")
    seal = (
        "from makegood.channels.models import Inbox\nfrom makegood.kit.secrets import seal\n"
        f"import json\ninbox = Inbox.objects.get(pk={shop.inbox})\n"
        "kept = json.loads(inbox.secrets().reveal())\nkept['access_token'] = {!r}\n"
        "inbox.sealed = seal('inbox', inbox.place, json.dumps(kept))\n"
        "inbox.save(update_fields=['sealed'])"
    )
    good = shop.ask(
        "import json\nfrom makegood.channels.models import Inbox\n"
        f"print(json.loads(Inbox.objects.get(pk={shop.inbox}).secrets().reveal())['access_token'])"
    )
    shop.ask(seal.format("expired"))
    trouble = shop.wait_for(lambda: shop.inbox_field("trouble"), "trouble")
    assert trouble.startswith("IMAP localhost:")
    assert "Authentication failed" in trouble
    shop.ask(seal.format(good))
    shop.wait_for(lambda: shop.inbox_field("state") == "active", "recovery")
    shop.change()


def test_new_numbers_for_old_mails_bring_none_of_them_twice(shop: MailShop) -> None:
    shop.customer_writes("Once only")
    shop.conversation("Once only")
    count = (
        "from makegood.channels.models import Arrival\n"
        f"print(Arrival.objects.filter(inbox={shop.inbox}).count())"
    )
    before = int(shop.ask(count))
    shop.served.stop()
    update = ["mailbox", "update", "-u", "support@shop.test", "--uid-validity", "4711", "INBOX"]
    shop.servers.doveadm(*update)
    shop.customer_writes("While we were away")
    shop.served.start("--empty")
    shop.conversation("While we were away")
    assert "4711" in shop.inbox_field("cursor")
    assert int(shop.ask(count)) == before + 1


def test_without_room_mail_stays_with_its_server_and_is_fetched_when_there_is(
    shop: MailShop,
) -> None:
    shop.served.stop()
    shop.served.extra["MAKEGOOD_DISK_RESERVE"] = str(1 << 60)
    shop.customer_writes("No room for this")
    shop.served.start("--empty")
    shop.wait_for(lambda: "nearly full" in shop.inbox_field("trouble"), "trouble")
    assert "nearly full" in shop.served.ask(
        "from makegood.office.condition import condition\n"
        "print(*[check.says for check in condition() if not check.is_ok])"
    )
    count = "from makegood.channels.models import Arrival\nprint(Arrival.objects.count())"
    before = int(shop.served.ask(count))
    shop.served.stop()
    del shop.served.extra["MAKEGOOD_DISK_RESERVE"]
    shop.served.start("--empty")
    shop.conversation("No room for this")
    assert int(shop.served.ask(count)) == before + 1
    shop.wait_for(lambda: shop.inbox_field("state") == "active", "recovery")


def test_a_plain_connection_is_never_used_to_sign_in(shop: MailShop) -> None:
    with PlainServer() as plain:
        imap = {**shop.servers.settings()["imap"], "port": plain.port}
        shop.change(imap=imap)
        trouble = shop.wait_for(
            lambda: "STARTTLS" in (words := shop.inbox_field("trouble")) and words, "trouble"
        )
    assert "STARTTLS" in trouble
    assert plain.heard
    assert not [line for line in plain.heard if b"LOGIN" in line or b"AUTHENTICATE" in line]
    shop.change()
    shop.wait_for(lambda: shop.inbox_field("state") == "active", "recovery")


def test_a_mailbox_is_tried_for_real_and_answers_in_its_own_words(
    shop: MailShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(shop.servers.certificate))
    settings, secrets = shop.servers.settings(), {"password": PASSWORD}
    received = try_receiving(settings, secrets)
    assert (received.works, received.notes) == (True, ())
    assert received.said.startswith("INBOX opened")
    sent = try_sending(settings, secrets, "support@shop.test")
    assert (sent.works, sent.said) == (True, "250 2.1.0 Ok")
    wrong = {"password": "wrong"}
    assert "Authentication failed" in try_receiving(settings, wrong).said
    assert "535 5.7.8" in try_sending(settings, wrong, "support@shop.test").said
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "certificate" in try_receiving(settings, secrets).said.lower()
    assert "certificate" in try_sending(settings, secrets, "support@shop.test").said.lower()

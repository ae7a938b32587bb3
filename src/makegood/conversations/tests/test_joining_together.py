"""Several conversations become one, and are several again a week later: nobody's words move."""

from datetime import timedelta
from typing import Any

import pytest

from makegood.channels.models import Inbox
from makegood.conversations.merging import join_together, part_conversation
from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.kit.errors import Refused
from tests.world import EARLIER, arrive, conversation_of, mail_bytes, write_form

pytestmark = pytest.mark.django_db
KARIM = "Karim Adl <karim@example.com>"


@pytest.fixture
def three(mailbox: Inbox, form: Inbox) -> list[Conversation]:
    """A mail, a form of the same customer, and another customer's mail."""
    hour = timedelta(hours=1)
    mail = conversation_of(arrive(mailbox, mail_bytes("Where is it?")))
    written = write_form(form, "And the bulb?", subject="The bulb", at=EARLIER + hour)
    other = mail_bytes("Mine is late, too.", sender=KARIM, subject="Late")
    return [
        mail,
        conversation_of(written),
        conversation_of(arrive(mailbox, other, at=EARLIER + 2 * hour)),
    ]


def said(conversation: Conversation) -> list[tuple[str, str]]:
    rows = conversation.messages.order_by("pk").values_list(
        "handle__address", "agent__name", "text"
    )
    return [(address or name, text) for address, name, text in rows]


def test_the_oldest_stays_and_every_address_leads_there(
    three: list[Conversation], mailbox: Inbox, nora: Any
) -> None:
    mail, written, karims = three
    answers = [reply_to(one, Reply(text=f"Yes, {one.pk}."), by=nora) for one in three]
    stays = join_together([karims, mail, written], by=nora)
    assert stays == mail
    for answer, sender in zip(answers, ("ida", "ida", "karim"), strict=True):
        raw = mail_bytes(
            f"Thanks for {answer.pk}.", sender=f"{sender}@example.com",
            in_reply_to=answer.external_id,
        )  # fmt: skip
        assert conversation_of(arrive(mailbox, raw)) == mail
    assert mail.messages.count() == 9


def test_a_week_later_each_has_its_own_words_again(
    three: list[Conversation], mailbox: Inbox, nora: Any, tomas: Any
) -> None:
    mail, written, karims = three
    asked = [reply_to(one, Reply(text=f"Your number, {one.pk}?"), by=nora) for one in three]
    join_together(three, by=nora)
    for question, sender in zip(asked, ("ida", "ida", "karim"), strict=True):
        raw = mail_bytes(
            f"To {question.pk}.", sender=f"{sender}@example.com", in_reply_to=question.external_id
        )
        arrive(mailbox, raw, at=EARLIER + timedelta(days=7))
    reply_to(mail, Reply(text="To all of it."), by=tomas)
    for one in (karims, written):
        part_conversation(one, by=nora)
    assert said(mail) == [
        ("ida@example.com", "Where is it?"),
        ("Nora", f"Your number, {mail.pk}?"),
        ("ida@example.com", f"To {asked[0].pk}."),
        ("Tomas", "To all of it."),
    ]
    assert said(written) == [
        ("ida@example.com", "And the bulb?"),
        ("Nora", f"Your number, {written.pk}?"),
        ("ida@example.com", f"To {asked[1].pk}."),
    ]
    assert said(karims) == [
        ("karim@example.com", "Mine is late, too."),
        ("Nora", f"Your number, {karims.pk}?"),
        ("karim@example.com", f"To {asked[2].pk}."),
    ]
    assert {one.customer.name for one in (mail, written)} == {"Ida Berg"}
    assert [one.status for one in Conversation.objects.order_by("pk")] == ["open"] * 3
    people = karims.participants.values_list("handle__address", "state")
    assert list(people) == [("karim@example.com", "active")]
    assert not mail.participants.filter(handle__address="karim@example.com").exists()


def test_one_alone_is_not_joined(three: list[Conversation], nora: Any) -> None:
    with pytest.raises(Refused, match="at least two"):
        join_together(three[:1], by=nora)
    join_together(three[:2], by=nora)
    with pytest.raises(Refused, match="at least two"):
        join_together(three[:2], by=nora)

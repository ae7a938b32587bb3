from dataclasses import dataclass
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.ledger.actions import forget, record
from makegood.ledger.actors import Named, System
from makegood.ledger.facts import KINDS, Fact
from makegood.ledger.followers import LeaseLost, catch_up, restart, take_up
from makegood.ledger.models import Event, Follower, NeverEdited, Personal, Seal
from makegood.ledger.triggers import install, remove
from makegood.ledger.verifying import verify_ledger

pytestmark = pytest.mark.django_db
IDA = Named("customer:1", "Ida")


@dataclass(frozen=True, kw_only=True)
class Said(Fact, kind="test.said"):
    """Somebody said something."""

    says = "{by} said “{words}”"
    personal = ("words",)

    words: str


KINDS.pop("test.said")
KINDS["test.said"] = Said


@transaction.atomic
def say(words: str, about: str = "lamp:1") -> Event:
    return record(Said(words=words), about=[about, "shop:1"], by=IDA)


def altered(sql: str, *values: Any) -> None:
    """What somebody with the database's password could do: past the triggers."""
    remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    install(connection)


def test_an_event_is_said_at_reading_time() -> None:
    assert say("hello").sentence() == "Ida said “hello”"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="outside a transaction"):
        record(Said(words="x"), about=["lamp:1"], by=IDA)


def test_the_model_refuses_to_edit() -> None:
    event = say("hello")
    event.kind = "test.other"
    with pytest.raises(NeverEdited):
        event.save()
    with pytest.raises(NeverEdited):
        event.delete()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_event SET kind = 'x'",
        "DELETE FROM ledger_event",
        "UPDATE ledger_eventsubject SET ref = 'x'",
        "DELETE FROM ledger_eventsubject",
    ],
)
def test_the_database_refuses_to_edit(sql: str) -> None:
    say("hello")
    with (
        pytest.raises(DatabaseError, match="never edited"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Event.objects.count() == 1


def test_forgetting_leaves_the_proof() -> None:
    say("my secret")
    catch_up("seal")
    assert forget("lamp:1", by=System("test")) == 1
    event = Event.objects.about("lamp:1").in_order()[0]
    assert event.sentence() == "(forgotten) said “(forgotten)”"
    catch_up("seal")
    found = verify_ledger()
    assert found.trouble == ""
    assert found.forgotten == 1
    assert "my secret" not in str(list(Personal.objects.values()))


def test_content_that_went_without_a_word_is_noticed() -> None:
    event = say("hello")
    Personal.objects.filter(event=event).delete()
    assert verify_ledger().trouble.endswith(f"event {event.pk} is gone without a word")


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE ledger_event SET kind = 'test.other' WHERE id = %s", "is not what was sealed"),
        ("UPDATE ledger_event SET commitment = 'ab' WHERE id = %s", "is not what was sealed"),
        (
            "UPDATE ledger_eventsubject SET ref = 'lamp:2' WHERE event_id = %s AND ref = 'lamp:1'",
            "is not what was sealed",
        ),
        ('UPDATE ledger_personal SET content = \'{"by":"Bo"}\' WHERE event_id = %s', "altered"),
    ],
)
def test_the_altered_row_is_named(sql: str, says: str) -> None:
    events = [say(f"word {number}") for number in range(5)]
    catch_up("seal")
    assert verify_ledger().trouble == ""
    altered(sql, events[2].pk)
    trouble = verify_ledger().trouble
    assert f"event {events[2].pk}" in trouble
    assert says in trouble


def test_a_deleted_and_a_slipped_in_row_are_named() -> None:
    events = [say(f"word {number}") for number in range(4)]
    catch_up("seal")
    altered("DELETE FROM ledger_eventsubject WHERE event_id = %s", events[1].pk)
    altered("DELETE FROM ledger_personal WHERE event_id = %s", events[1].pk)
    altered("DELETE FROM ledger_event WHERE id = %s", events[1].pk)
    assert verify_ledger().trouble == f"event {events[1].pk} is gone"
    Event(
        pk=events[1].pk,
        kind="test.said",
        facts={},
        by="system:x",
        at=timezone.now(),
        recorded_at=timezone.now(),
    ).save(force_insert=True)
    assert verify_ledger().trouble == f"event {events[1].pk} is not what was sealed"


def test_an_altered_seal_and_a_foreign_key_are_noticed() -> None:
    say("hello")
    catch_up("seal")
    assert "not signed by this key" in verify_ledger("00" * 32).trouble
    altered("UPDATE ledger_seal SET sealed_at = %s", timezone.now())
    assert "was altered" in verify_ledger().trouble


def test_seals_follow_one_another() -> None:
    for number in range(3):
        say(f"word {number}")
        catch_up("seal")
    first, second, third = Seal.objects.order_by("pk")
    assert second.previous == first.digest
    assert third.previous == second.digest
    restart("seal")
    catch_up("seal")
    assert Seal.objects.count() == 3


def test_a_follower_that_slept_past_its_lease_cannot_commit() -> None:
    say("hello")
    sleeper = take_up("seal")
    assert sleeper is not None
    Follower.objects.update(leased_until=timezone.now(), leased_by="elsewhere:1")
    other = take_up("seal")
    assert other is not None
    assert other.step() == 1
    with pytest.raises(LeaseLost):
        sleeper.step()
    assert Seal.objects.count() == 1


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(["say", "say other", "seal", "forget"]), max_size=14))
def test_any_interleaving_of_record_seal_and_forget_verifies(db: None, steps: list[str]) -> None:
    with transaction.atomic():
        for number, step in enumerate(steps):
            if step == "seal":
                catch_up("seal")
            elif step == "forget":
                forget("lamp:1", by=System("test"))
            else:
                say(f"word {number} ü\x00"[:-1], "lamp:1" if step == "say" else "lamp:2")
        assert verify_ledger().trouble == ""
        transaction.set_rollback(True)

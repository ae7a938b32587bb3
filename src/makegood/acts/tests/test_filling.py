"""Fields in a text: filled in, or standing there to be seen; never run."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from makegood.acts.filling import FIELDS, Setting, fill, refuse_unknown_fields
from makegood.conversations.guarding import Stopped
from makegood.conversations.replying import Reply, reply_to
from makegood.kit.errors import Refused
from makegood.kit.markdown import plain, written
from makegood.macros.languages import wording
from makegood.makegoods.actions import give, offer, take_back
from makegood.makegoods.tests.giving import matter, wish


@pytest.fixture
def setting(lamp: Any, nora: Any) -> Setting:
    return Setting(conversation=lamp, agent=nora, language="en")


def test_what_is_known_is_put_in(setting: Setting, lamp: Any) -> None:
    filled = fill("Dear {customer.first_name|there}, about #{conversation.number}", setting)
    assert filled.text == f"Dear Ida, about #{lamp.pk}"
    assert filled.blanks == ()


def test_where_nothing_is_known_the_fallback_stands(setting: Setting, lamp: Any) -> None:
    lamp.customer.name = "ida@example.com"
    assert fill("Dear {customer.first_name|there},", setting).text == "Dear there,"


def test_a_blank_stays_to_be_seen_and_the_guard_stops_it(
    setting: Setting, lamp: Any, nora: Any
) -> None:
    lamp.customer.name = ""
    filled = fill("Your name is {customer.first_name}.", setting)
    assert filled.blanks == ("{customer.first_name}",)
    with pytest.raises(Stopped) as stopped:
        reply_to(lamp, Reply(text=filled.text), by=nora)
    assert stopped.value.findings[0].excerpt == "{customer.first_name}"


def test_an_empty_fallback_is_one(setting: Setting, lamp: Any) -> None:
    lamp.customer.name = ""
    assert fill("Hello{customer.name|}!", setting).text == "Hello!"


def test_what_a_customer_is_called_is_no_field_of_ours(setting: Setting, lamp: Any) -> None:
    lamp.customer.name = "{agent.name}"
    assert fill("Dear {customer.name},", setting).text == "Dear {agent.name},"


def test_what_a_customer_is_called_is_no_formatting(setting: Setting, lamp: Any) -> None:
    lamp.customer.name = "[Ida](https://evil.example) **Berg**"
    filled = fill("Dear **{customer.name}**,", setting)
    assert plain(filled.text) == "Dear [Ida](https://evil.example) **Berg**,"
    assert "<strong>Berg" not in written(filled.text).html


def test_nothing_is_run(setting: Setting) -> None:
    text = "{customer.__class__} {customer.name.upper} {0} {agent.password|x}"
    assert "Ida" not in fill(text, setting).text


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_has_a_value_for_a_whole_conversation(setting: Setting, name: str) -> None:
    assert not fill("{" + name + "|}", setting).blanks


def test_a_field_that_there_is_not_is_refused_with_its_line() -> None:
    with pytest.raises(Refused) as refused:
        refuse_unknown_fields("Dear you,\n\nthe {customer.frist_name} …")
    assert "Line 3" in str(refused.value)
    assert "{customer.first_name}" in str(refused.value)


@pytest.mark.parametrize("text", ["{Customer.Name}", "{user}", "{ }", "{a|b}"])
def test_what_is_no_field_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        refuse_unknown_fields(text)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [(("de-AT", "en"), "Hallo"), (("fr", "en"), "Hello"), (("fr", "nl"), "Hello"), ((), "Hello")],
)
def test_words_come_in_the_language_asked_for_first(wanted: tuple[str, ...], said: str) -> None:
    assert wording({"en": "Hello", "de": "Hallo"}, *wanted)[1] == said


def test_what_was_given_here_is_told_while_it_can_be_used(
    setting: Setting, lamp: Any, olga: Any
) -> None:
    text = "{makegood.code|-} {makegood.value|-} {makegood.until|-}"
    assert fill(text, setting).text == "- - -"
    end = datetime(2031, 3, 9, 22, 30, tzinfo=UTC)
    makegood = offer(matter(lamp), wish(5_00, valid_until=end), by=olga)
    assert fill(text, setting).text == "- - -", "nobody gave it yet"
    give(makegood, code="GLAD-1", by=olga)
    assert fill(text, setting).text == "GLAD-1 €5.00 March 9, 2031"
    german = replace(setting, language="de")
    assert fill("{makegood.value} bis {makegood.until}", german).text == "5,00 € bis 9. März 2031"
    take_back(makegood, words="It was a mistake.", by=olga)
    assert fill(text, setting).text == "- - -"

"""Tags looked after for everybody: what names them goes on working."""

import pytest

from makegood.acts.act import Run
from makegood.acts.vocabulary import ACTS
from makegood.conversations.actions import tag_conversation
from makegood.conversations.finding import Finder
from makegood.conversations.models import Conversation, Tag
from makegood.conversations.naming import understand
from makegood.conversations.queries import tag_names
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.tags.actions import bring_tag_back, merge_tags, remove_tag, save_tag
from makegood.tags.queries import all_tags, views_naming
from makegood.team.models import Agent


def worn(conversation: Conversation) -> list[str]:
    return list(conversation.tags.values_list("name", flat=True))


def tag(name: str) -> Tag:
    return Tag.objects.get(name=name)


def found(question: str, agent: Agent) -> list[int]:
    understood = understand(question, agent)
    assert not understood.problems
    return [row.pk for row in Finder(understood).page().rows]


@pytest.fixture
def late(lamp: Conversation, nora: Agent) -> Conversation:
    tag_conversation(lamp, ["late", "lamp"], by=nora)
    return lamp


def test_a_renamed_tag_is_found_and_put_on_by_both_names(
    late: Conversation, nora: Agent, olga: Agent
) -> None:
    save_tag(tag("late"), name="Delayed", colour="amber", by=olga)
    assert worn(late) == ["delayed", "lamp"]
    assert found("tag:late", nora) == found("tag:delayed", nora) == [late.pk]
    tag_conversation(late, ["late"], by=nora)
    assert worn(late) == ["delayed"]
    assert tag_names() == ["delayed", "lamp"]
    event = Event.objects.filter(kind="tag.saved").latest("pk")
    assert event.facts["before"] == {"name": "late", "colour": ""}
    assert event.facts["after"] == {"name": "delayed", "colour": "amber"}


def test_a_macro_that_names_the_old_word_means_the_new_one(
    late: Conversation, nora: Agent, olga: Agent
) -> None:
    save_tag(tag("late"), name="delayed", by=olga)
    act, run = ACTS["tag"], Run(conversation=late, by=nora)
    assert act.say("late", run) == ""
    act.do("-late", run)
    assert worn(late) == ["lamp"]
    act.do("late", run)
    assert worn(late) == ["delayed", "lamp"]


def test_a_tag_can_have_its_old_name_again_and_not_anothers(
    late: Conversation, olga: Agent
) -> None:
    renamed = save_tag(tag("late"), name="delayed", by=olga)
    with pytest.raises(Refused, match="old name of “delayed”"):
        save_tag(tag("lamp"), name="late", by=olga)
    with pytest.raises(Refused, match="merge the two"):
        save_tag(tag("lamp"), name="delayed", by=olga)
    save_tag(renamed, name="late", by=olga)
    assert (tag("late").stands_for, tag("delayed").stands_for) == (None, tag("late"))


def test_two_tags_are_one_after_a_merge_and_two_again_after_its_undo(
    late: Conversation, nora: Agent, olga: Agent
) -> None:
    ending = merge_tags(tag("late"), tag("lamp"), by=olga)
    assert worn(late) == ["lamp"]
    assert found("tag:late", nora) == [late.pk]
    bring_tag_back(ending, by=olga)
    assert worn(late) == ["lamp", "late"]
    with pytest.raises(Refused):
        bring_tag_back(ending, by=olga)


def test_the_undo_of_a_merge_leaves_alone_what_was_changed_since(
    late: Conversation, nora: Agent, olga: Agent
) -> None:
    tag_conversation(late, ["late"], by=nora)
    save_tag(None, name="parcel", by=olga)
    ending = merge_tags(tag("late"), tag("parcel"), by=olga)
    assert worn(late) == ["parcel"]
    tag_conversation(late, ["other"], by=nora)
    bring_tag_back(ending, by=olga)
    assert worn(late) == ["other"]


def test_merges_are_undone_the_newest_first(late: Conversation, olga: Agent) -> None:
    save_tag(None, name="parcel", by=olga)
    first = merge_tags(tag("late"), tag("lamp"), by=olga)
    second = merge_tags(tag("lamp"), tag("parcel"), by=olga)
    assert worn(late) == ["parcel"]
    with pytest.raises(Refused, match="last first"):
        bring_tag_back(first, by=olga)
    bring_tag_back(second, by=olga)
    bring_tag_back(first, by=olga)
    assert worn(late) == ["lamp", "late"]


def test_a_deleted_tag_is_off_everything_and_comes_back_with_its_old_names(
    late: Conversation, nora: Agent, olga: Agent
) -> None:
    save_tag(tag("late"), name="delayed", colour="red", by=olga)
    ending = remove_tag(tag("delayed"), by=olga)
    assert worn(late) == ["lamp"]
    assert understand("tag:late", nora).problems
    bring_tag_back(ending, by=olga)
    assert worn(late) == ["delayed", "lamp"]
    assert found("tag:late", nora) == [late.pk]
    assert tag("delayed").colour == "red"


def test_a_tag_is_listed_with_its_count_and_old_names(late: Conversation, olga: Agent) -> None:
    save_tag(tag("late"), name="delayed", by=olga)
    save_tag(None, name="unused", by=olga)
    listed = [(one.tag.name, one.count, list(one.other_names)) for one in all_tags()]
    assert listed == [("delayed", 1, ["late"]), ("lamp", 1, []), ("unused", 0, [])]
    assert [one.tag.name for one in all_tags("lat")] == ["delayed"]


def test_views_that_name_a_tag_are_counted(nora: Agent, late: Conversation) -> None:
    from makegood.conversations.saving import ViewSettings, save_view

    save_view(ViewSettings(name="Late", query="is:open tag:late"), by=nora)
    save_view(ViewSettings(name="Others", query="tag:lamp late"), by=nora)
    assert views_naming({"late"}) == 1


@pytest.mark.parametrize(("name", "colour"), [("", ""), ("#", ""), ("good", "pink")])
def test_what_cannot_be_a_tag_is_refused(name: str, colour: str, olga: Agent) -> None:
    with pytest.raises(Refused):
        save_tag(None, name=name, colour=colour, by=olga)
    assert not Tag.objects.exists()

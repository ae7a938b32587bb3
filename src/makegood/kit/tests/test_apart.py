"""Names that stood twice are told apart when an older desk moves on."""

import pytest
from django.apps import apps

from makegood.conversations.models import SavedView
from makegood.kit.apart import names_apart
from makegood.team.models import Agent


@pytest.mark.django_db
def test_what_is_told_apart_already_stays_as_it_is(nora: Agent, olga: Agent) -> None:
    for agent, name in ((nora, "Late"), (olga, "Late"), (nora, "Later")):
        SavedView.objects.create(agent=agent, name=name, query="")
    names_apart("conversations", "SavedView", 60, "agent_id")(apps, None)
    assert list(SavedView.objects.order_by("pk").values_list("name", flat=True)) == [
        "Late", "Late", "Later",
    ]  # fmt: skip
    names_apart("conversations", "SavedView", 60)(apps, None)
    assert list(SavedView.objects.order_by("pk").values_list("name", flat=True)) == [
        "Late", "Late (2)", "Later",
    ]  # fmt: skip

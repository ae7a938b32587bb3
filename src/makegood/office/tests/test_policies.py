from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from makegood.conversations.models import Tag
from makegood.promises.models import Policy, Preview
from makegood.promises.policies import draft_of, newest_of
from makegood.promises.previewing import preview_whole
from makegood.tags.actions import remove_tag
from makegood.team.models import Agent

Max = Any
FILLED = {
    "name": "Dear customers",
    "q": "channel:email",
    "rests": "on",
    "warn_share": "80",
    "amount_first_answer": "30",
    "unit_first_answer": "min",
    "clock_first_answer": "always",
    "amount_resolution": "2",
    "unit_resolution": "day",
    "clock_resolution": "hours",
    "at_0": "due",
    "after_0": "10",
    "after_unit_0": "min",
    "do_0": "call",
    "whom_0": "leads",
}


@pytest.fixture
def owner(client: Client, olga: Agent) -> Client:
    client.force_login(olga)
    return client


def drafted(owner: Client, **other: str) -> Policy:
    owner.post(reverse("office:new_policy"), {**FILLED, **other})
    return Policy.objects.get(name=other.get("name", FILLED["name"]))


def test_a_policy_is_drafted_previewed_and_published(owner: Client) -> None:
    policy = drafted(owner)
    draft = draft_of(policy)
    assert draft is not None
    assert draft.targets == {
        "first_answer": {"seconds": 1800, "clock": "always"},
        "resolution": {"seconds": 16 * 3600, "clock": "hours"},
    }
    assert draft.steps == [{"at": "due", "after": 600, "do": "call", "whom": "leads"}]
    page = owner.get(reverse("office:policy", args=[policy.pk])).content.decode()
    assert "The first answer comes within 30 min, counted around the clock." in page
    assert 'value="30"' in page
    asked = owner.post(reverse("office:policy_previewing", args=[policy.pk]))
    preview = Preview.objects.get()
    assert asked.headers["Location"] == reverse("office:policy_preview", args=[preview.pk])
    assert "every 1s" in owner.get(asked.headers["Location"]).content.decode()
    preview_whole(preview.pk)
    part = owner.get(asked.headers["Location"], headers={"HX-Target": "preview"}).content.decode()
    assert "every 1s" not in part
    assert "<html" not in part
    owner.post(reverse("office:policy_publishing", args=[policy.pk]))
    assert newest_of(policy) == draft


@pytest.mark.parametrize(
    ("field", "value"),
    [("q", "tag:nosuchtag"), ("q", "is:mine"), ("name", ""), ("warn_share", "5"),
     ("amount_first_answer", "x")],
)  # fmt: skip
def test_what_cannot_be_is_said_where_it_was_typed(owner: Client, field: str, value: str) -> None:
    said = owner.post(reverse("office:new_policy"), {**FILLED, field: value})
    assert said.status_code == 422
    assert "field__wrong" in said.content.decode() or "banner--broken" in said.content.decode()
    assert not Policy.objects.filter(name=FILLED["name"]).exists()


def test_policies_are_put_in_order_by_keys_and_without_script(owner: Client) -> None:
    pks = list(Policy.objects.values_list("pk", flat=True))
    turned = [pks[1], pks[0], *pks[2:]]
    there = reverse("office:policy_order")
    quietly = owner.post(there, {"policy": turned}, headers={"HX-Target": "policy-order"})
    assert quietly.status_code == 204
    assert list(Policy.objects.values_list("pk", flat=True)) == turned
    owner.post(there, {"policy": turned, "move": f"up:{pks[0]}"})
    assert list(Policy.objects.values_list("pk", flat=True)) == pks


def test_trouble_stands_in_the_list_and_on_the_page(owner: Client, olga: Agent) -> None:
    tag = Tag.objects.create(name="vip")
    policy = drafted(owner, q="tag:vip")
    owner.post(reverse("office:policy_publishing", args=[policy.pk]))
    assert "Holds of nothing" not in owner.get(reverse("office:policies")).content.decode()
    remove_tag(tag, by=olga)
    assert "Holds of nothing" in owner.get(reverse("office:policies")).content.decode()
    page = owner.get(reverse("office:policy", args=[policy.pk])).content.decode()
    assert "It holds of no conversation any more" in page


def test_versions_say_what_changed(owner: Client) -> None:
    policy = drafted(owner)
    owner.post(reverse("office:policy_publishing", args=[policy.pk]))
    owner.post(reverse("office:policy", args=[policy.pk]), {**FILLED, "warn_share": "50"})
    owner.post(reverse("office:policy_publishing", args=[policy.pk]))
    page = owner.get(reverse("office:policy", args=[policy.pk])).content.decode()
    assert "<del>80 %</del>" in page
    assert "<ins>50 %</ins>" in page


def test_switching_and_throwing_away(owner: Client) -> None:
    policy = drafted(owner)
    owner.post(reverse("office:policy_publishing", args=[policy.pk]))
    owner.post(reverse("office:policy_switching", args=[policy.pk]), {"is_on": "no"})
    policy.refresh_from_db()
    assert not policy.is_on
    owner.post(reverse("office:policy", args=[policy.pk]), {**FILLED, "warn_share": "50"})
    owner.post(reverse("office:policy_removal", args=[policy.pk]))
    assert draft_of(policy) is None


def test_the_list_asks_little(owner: Client, django_assert_max_num_queries: Max) -> None:
    for number in range(6):
        drafted(owner, name=f"Policy {number}")
    with django_assert_max_num_queries(16):
        owner.get(reverse("office:policies"))

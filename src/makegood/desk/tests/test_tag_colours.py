from typing import Any

from makegood.conversations.actions import tag_conversation
from makegood.conversations.listing import rows_for
from makegood.conversations.models import Tag
from makegood.desk.tests.asking import signed_in


def test_a_tag_bears_its_colour_in_the_list(lamp: Any, nora: Any) -> None:
    tag_conversation(lamp, ["late", "a: b"], by=nora)
    Tag.objects.filter(name="late").update(colour="red")
    (row,) = rows_for(nora, [lamp.pk])
    page = signed_in(nora).get("/inbox/waiting/").content.decode()

    assert (row.tags, row.colours) == (("a: b", "late"), ("", "red"))
    assert page.count("tag-dot--") == 1
    assert "tag-dot--red" in page

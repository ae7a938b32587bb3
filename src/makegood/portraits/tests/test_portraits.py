"""A picture of whoever answers: drawn anew, seen by customers, taken down again."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from makegood.channels.models import Inbox
from makegood.desk.tests.asking import signed_in
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.portal.chat.greeting import forget_greetings, greeting
from makegood.portraits.actions import put_portrait, take_down_portrait
from makegood.portraits.drawing import SIDE, portrait_of
from makegood.portraits.models import Portrait
from makegood.portraits.tests.drawn import BRASS, LINEN, photograph

pytestmark = pytest.mark.django_db


def near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(pixel[:3], colour, strict=True))


def test_a_photograph_becomes_small_square_upright_and_says_nothing_of_itself() -> None:
    content = photograph()
    drawn = portrait_of(content)
    with Image.open(BytesIO(drawn)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (SIDE, SIDE))
        assert not picture.getexif()
        upright = picture.convert("RGB")
        assert near(upright.getpixel((SIDE // 2, 8)), BRASS), "its left is up: it was turned"
        assert near(upright.getpixel((SIDE // 2, SIDE - 8)), LINEN)
    assert b"Lantern Telephones" in content
    assert b"Lantern Telephones" not in drawn
    assert len(drawn) < 12_000


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_are_read_too(kind: str) -> None:
    assert portrait_of(photograph(kind))[8:12] == b"WEBP"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture at all",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a" + b"\0" * 40,
        photograph()[:900],
        photograph("PNG")[:60],
    ],
)
def test_what_is_no_picture_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Refused, match="no picture that can be read"):
        portrait_of(content)


def test_a_picture_that_would_fill_the_memory_is_refused_by_its_head() -> None:
    head = bytearray(photograph("PNG", (64, 64)))
    head[16:24] = (100_000).to_bytes(4, "big") * 2
    with pytest.raises(Refused):
        portrait_of(bytes(head))
    with pytest.raises(Refused, match="40 million"):
        portrait_of(photograph("PNG", (9_000, 5_000)))


def test_the_chat_shows_it_and_whoever_has_its_word_sees_it(
    chat: Inbox, nora: Any, client: Client
) -> None:
    inbox = chat
    inbox.settings["chat"] = {"shows_team": True}
    inbox.save()
    forget_greetings()
    assert [one["photo"] for one in greeting(inbox, "en")["team"]] == [""]
    portrait = put_portrait(nora, photograph())
    forget_greetings()
    (shown,) = greeting(inbox, "en")["team"]
    assert shown["photo"] == f"/faces/{portrait.word}/"
    answer = client.get(shown["photo"])
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.content == bytes(Portrait.objects.get().picture)


def test_another_picture_has_another_address_and_one_taken_down_has_none(
    nora: Any, client: Client
) -> None:
    first = put_portrait(nora, photograph()).word
    second = put_portrait(nora, photograph("PNG")).word
    seen = [client.get(f"/faces/{word}/").status_code for word in (first, second)]
    assert seen == [404, 200]
    take_down_portrait(nora)
    take_down_portrait(nora)
    assert client.get(f"/faces/{second}/").status_code == 404
    told = Event.objects.filter(kind__startswith="portrait.").values_list("kind", flat=True)
    assert sorted(told) == ["portrait.put", "portrait.put", "portrait.taken_down"]


def test_nobody_sees_whoever_has_left(nora: Any, client: Client) -> None:
    word = put_portrait(nora, photograph()).word
    type(nora).objects.filter(pk=nora.pk).update(is_active=False)
    assert client.get(f"/faces/{word}/").status_code == 404


def test_it_is_put_up_and_taken_down_on_ones_own_page(nora: Any) -> None:
    client = signed_in(nora)
    sent = SimpleUploadedFile("me.jpg", photograph(), "image/jpeg")
    assert client.post("/me/picture/", {"file": sent}).status_code == 302
    word = Portrait.objects.get(agent=nora).word
    assert f"/faces/{word}/" in client.get("/me/profile/").content.decode()
    wrong = SimpleUploadedFile("me.jpg", b"words", "image/jpeg")
    answer = client.post("/me/picture/", {"file": wrong})
    assert answer.status_code == 422
    assert "This is no picture that can be read" in answer.content.decode()
    assert Portrait.objects.get(agent=nora).word == word, "what was there stays"
    assert client.post("/me/picture/", {"do": "remove"}).status_code == 302
    assert not Portrait.objects.exists()

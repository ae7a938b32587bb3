"""Pages leave packed where the browser takes that; files and small answers go as they are."""

import gzip
from typing import Any, cast

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.test import Client, RequestFactory

from makegood.kit.middleware import PackedPages


@pytest.fixture
def asked() -> HttpRequest:
    return RequestFactory().get("/", headers={"Accept-Encoding": "br, gzip"})


def answered(asked: HttpRequest, answer: HttpResponse) -> HttpResponse:
    return cast(HttpResponse, PackedPages(lambda _request: answer)(asked))


@pytest.mark.parametrize(
    "answer", [HttpResponse("lamp " * 500), JsonResponse(["lamp"] * 500, safe=False)]
)
def test_a_page_is_packed_and_says_so(asked: HttpRequest, answer: HttpResponse) -> None:
    words = answer.content
    packed = answered(asked, answer)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.content) == words
    assert len(packed.content) < len(words) / 5


def test_the_same_page_has_another_length_each_time(asked: HttpRequest) -> None:
    page = "lamp " * 500
    lengths = {len(answered(asked, HttpResponse(page)).content) for _time in range(40)}
    assert len(lengths) > 5


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse("short"),
        HttpResponse(b"x" * 9000, content_type="text/csv"),
        FileResponse(iter([b"x" * 9000]), content_type="text/html"),
    ],
)
def test_small_ones_and_files_go_as_they_are(asked: HttpRequest, answer: HttpResponse) -> None:
    assert "Content-Encoding" not in answered(asked, answer).headers


def test_the_sign_in_page_comes_packed(client: Client, nora: Any) -> None:
    plain = client.get("/accounts/login/")
    packed = client.get("/accounts/login/", headers={"Accept-Encoding": "gzip"})
    assert plain.headers["Content-Type"] == packed.headers["Content-Type"]
    assert len(packed.content) < len(plain.content)

"""Saved replies and macros in the office and among what is one's own."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from makegood.macros.actions import ReplyWish, save_reply
from makegood.macros.models import Import, Macro, SavedReply
from makegood.office.tests.asking import signed_in
from makegood.team.models import Agent, Team

REPLY = {"name": "Late", "shortcut": "late", "scope": "all", "language_0": "en"}
CSV = b"name,shortcut,for,language,text\nLate,late,all,en,It is late.\nLost,,all,de,Verloren.\n"


def test_an_empty_list_teaches(as_olga: Client, nora: Agent) -> None:
    assert "What do you write every day?" in as_olga.get("/saved-replies/").text
    assert "What do you always do together?" in signed_in(nora).get("/macros/").text


def test_a_reply_is_written_changed_and_removed(as_olga: Client) -> None:
    as_olga.post("/saved-replies/new/", {**REPLY, "text_0": "It is late."})
    reply = SavedReply.objects.get()
    place = f"/saved-replies/{reply.pk}/"
    assert "It is late." in as_olga.get(place).text
    german = {"language_1": "de", "text_1": "Es verspätet sich."}
    as_olga.post(place, {**REPLY, "text_0": "It is late.", **german})
    reply.refresh_from_db()
    assert reply.texts == {"en": "It is late.", "de": "Es verspätet sich."}
    assert "/late" in as_olga.get("/saved-replies/").text
    as_olga.post(f"{place}removal/")
    assert not SavedReply.objects.exists()


def test_what_is_wrong_is_said_with_its_line_and_kept_to_be_mended(as_olga: Client) -> None:
    answer = as_olga.post("/saved-replies/new/", {**REPLY, "text_0": "Dear\n{customer.nmae}"})
    assert answer.status_code == 422
    assert "Line 2: there is no field {customer.nmae}" in answer.text
    assert "Dear\n{customer.nmae}" in answer.text


def test_a_text_needs_its_language(as_olga: Client) -> None:
    answer = as_olga.post("/saved-replies/new/", {**REPLY, "language_0": "", "text_0": "Hello"})
    assert answer.status_code == 422
    assert not SavedReply.objects.exists()


def test_an_agent_keeps_their_own_and_reads_everybodys(
    as_olga: Client, nora: Agent, olga: Agent
) -> None:
    shared = save_reply(None, ReplyWish(name="Shared", texts={"en": "x"}), by=olga)
    client = signed_in(nora)
    page = client.get("/saved-replies/").text
    assert "Shared" in page
    assert f"/saved-replies/{shared.pk}/" not in page
    assert client.post("/saved-replies/new/", {**REPLY, "text_0": "x"}).status_code == 422
    client.post("/saved-replies/new/", {**REPLY, "scope": "me", "text_0": "x"})
    assert SavedReply.objects.get(agent=nora).name == "Late"


def test_a_macro_is_made_of_rows_and_shown_as_it_was_made(
    as_olga: Client, nora: Agent, front: Team
) -> None:
    rows = {
        "do_0": f"assign={nora.ref}", "do_1": "tag", "with_1": "late", "do_2": "resolve=",
        "do_3": f"assign={front.ref}", "do_4": "", "with_4": "",
    }  # fmt: skip
    as_olga.post("/macros/new/", {"name": "Late", "scope": f"team:{front.pk}", **rows})
    macro = Macro.objects.get()
    assert [(act["do"], act["with"]) for act in macro.acts] == [
        ("assign", nora.ref),
        ("tag", "late"),
        ("resolve", ""),
        ("assign", front.ref),
    ]
    page = as_olga.get(f"/macros/{macro.pk}/").text
    assert f'<option value="assign={nora.ref}" selected>' in page
    assert "Assign, Tags" in as_olga.get("/macros/").text
    as_olga.post(f"/macros/{macro.pk}/removal/")
    assert not Macro.objects.exists()


def test_an_act_without_its_words_is_refused_with_its_number(as_olga: Client) -> None:
    rows = {"name": "Late", "scope": "all", "do_0": "resolve=", "do_1": "snooze", "with_1": "soon"}
    answer = as_olga.post("/macros/new/", rows)
    assert answer.status_code == 422
    assert "Act 2: Say until when" in answer.text


def bring(client: Client, content: bytes) -> Any:
    file = SimpleUploadedFile("replies.csv", content)
    return client.post("/office/import/replies/", {"file": file})


def test_a_file_is_shown_first_then_brought_in_then_taken_out(as_olga: Client) -> None:
    page = bring(as_olga, CSV)
    assert "In this file: 2" in page.text
    assert not SavedReply.objects.exists()
    as_olga.post("/office/import/replies/", {"content": CSV.decode(), "bring": "yes"})
    assert SavedReply.objects.count() == 2
    assert "Olga brought in 2" in as_olga.get("/saved-replies/").text
    as_olga.post(f"/office/imports/{Import.objects.get().pk}/undo/")
    assert not SavedReply.objects.exists()


def test_a_wrong_line_is_named_and_nothing_can_be_brought_in(as_olga: Client) -> None:
    page = bring(as_olga, CSV + b"Odd,,all,en,{x}\n").text
    assert "Line 4, “Odd”: Line 1: there is no field {x}" in page
    assert 'name="bring"' not in page


def test_what_is_no_text_is_refused(as_olga: Client) -> None:
    assert bring(as_olga, b"\xff\xfe\x00").status_code == 422
    assert bring(as_olga, b"").status_code == 422


def test_both_are_written_as_files(as_olga: Client, olga: Agent) -> None:
    save_reply(None, ReplyWish(name="Late", texts={"en": "It is late."}), by=olga)
    answer = as_olga.get("/office/export/replies/csv/")
    assert answer.text == "name,shortcut,for,language,text\r\nLate,,all,en,It is late.\r\n"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert as_olga.get("/office/export/macros/json/").json() == []
    assert as_olga.get("/office/export/macros/exe/").status_code == 404
    assert as_olga.get("/office/export/agents/csv/").status_code == 404

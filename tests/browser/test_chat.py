"""The chat on the shop's own pages: asked, answered, and nothing lost or said twice."""

import hashlib
import re
from typing import Any

from playwright.sync_api import Page, Request, Route, expect

from tests.browser.axe import assert_accessible
from tests.browser.chatting import HAS_IT, answer, enter, field, launcher, message, said, say, write
from tests.browser.conftest import Forgive, Sit, Visit
from tests.browser.shop import Shop

ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c636060606000000005000157a2a7d50000000049454e44ae426082"
)


def test_a_buyer_asks_and_an_agent_answers_at_the_desk(visit: Visit, sit: Sit, shop: Shop) -> None:
    ida, nora = visit(), sit("nora")
    enter(ida)
    say(ida, "Is the brass lamp in stock?")
    nora.goto("/inbox/waiting/")
    nora.get_by_text("Is the brass lamp in stock?").first.click()
    box = nora.get_by_role("textbox", name="Your answer")
    box.fill("Yes, three of them.")
    box.press("Control+Enter")
    expect(message(ida, "Yes, three of them.")).to_be_visible()
    expect(message(ida, "Yes, three of them.")).to_contain_text("Nora")


def test_what_is_said_in_a_tunnel_is_said_once(visit: Visit, shop: Shop, forgive: Forgive) -> None:
    ida = visit()
    forgive("ERR_INTERNET_DISCONNECTED")
    enter(ida)
    say(ida, "Before the tunnel")
    ida.context.set_offline(True)
    for words in ("In the tunnel", "Still in it"):
        write(ida, words)
        expect(message(ida, words)).to_contain_text("Waiting for the network")
    expect(ida.get_by_text("No connection.")).to_be_visible()
    ida.context.set_offline(False)
    expect(message(ida, "Still in it")).to_contain_text("Sent")
    expect(ida.get_by_text("No connection.")).to_be_hidden()
    assert said(shop, "Before the tunnel") == ["Before the tunnel", "In the tunnel", "Still in it"]


def test_what_was_written_offline_outlives_the_page(
    visit: Visit, shop: Shop, forgive: Forgive
) -> None:
    ida = visit()
    forgive("ERR_FAILED", "Failed to load resource")
    enter(ida)
    say(ida, "Before the page went")
    ida.context.route("**/messages/*", lambda route: route.abort())
    write(ida, "While it went")
    expect(message(ida, "While it went")).to_be_visible()
    ida.context.unroute("**/messages/*")
    ida.reload()
    enter(ida)
    expect(message(ida, "While it went")).to_contain_text("Sent")
    assert said(shop, "Before the page went") == ["Before the page went", "While it went"]


def test_an_answer_that_is_lost_on_its_way_back_doubles_nothing(
    visit: Visit, shop: Shop, forgive: Forgive
) -> None:
    ida = visit()
    forgive("ERR_FAILED", "Failed to load resource")
    enter(ida)
    lost = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    ida.context.route("**/messages/*", lose)
    write(ida, "Said once")
    expect(message(ida, "Said once")).to_contain_text("Sent")
    expect(message(ida, "Said once")).to_have_count(1)
    assert len(lost) == 1
    assert said(shop, "Said once") == ["Said once"]


def test_two_tabs_act_as_one(visit: Visit, shop: Shop) -> None:
    one = visit()
    two = one.context.new_page()
    two.goto(one.url)
    enter(one)
    enter(two)
    say(one, "From the first tab")
    expect(message(two, "From the first tab")).to_be_visible()
    say(two, "From the second tab")
    expect(message(one, "From the second tab")).to_be_visible()
    two.close()
    answer(shop, "From the first tab", "I answer the one that is left.")
    expect(message(one, "I answer the one")).to_be_visible()
    say(one, "And it still writes")


def test_without_a_stream_the_answer_comes_by_asking(
    visit: Visit, shop: Shop, forgive: Forgive
) -> None:
    ida = visit()
    forgive("ERR_FAILED", "Failed to load resource")
    ida.context.route("**/live/**", lambda route: route.abort())
    enter(ida)
    say(ida, "Does it come without a stream?")
    answer(shop, "Does it come without a stream?", "It does.")
    expect(message(ida, "It does.")).to_be_visible()


def test_what_came_while_the_chat_was_closed_is_counted(visit: Visit, shop: Shop) -> None:
    ida = visit()
    enter(ida)
    say(ida, "Please answer when I am away")
    ida.keyboard.press("Escape")
    answer(shop, "Please answer when I am away", "Here I am.")
    expect(ida.get_by_role("button", name=re.compile("1 new message"))).to_be_visible()
    assert_accessible(ida)
    launcher(ida).click()
    expect(message(ida, "Here I am.")).to_be_visible()
    ida.keyboard.press("Escape")
    expect(ida.get_by_role("button", name="Chat with")).not_to_have_attribute(
        "aria-label", re.compile("new message")
    )


def test_what_the_desk_refuses_says_why_and_can_be_sent_again(
    visit: Visit, shop: Shop, forgive: Forgive
) -> None:
    ida = visit()
    forgive("422")
    enter(ida)
    refusal = '{"error": "refused", "words": "This is too long."}'
    headers = {"Access-Control-Allow-Origin": "*"}
    ida.context.route(
        "**/messages/*",
        lambda route: (
            route.fulfill(status=422, body=refusal, headers=headers)
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    write(ida, "Refused at first")
    expect(message(ida, "Refused at first")).to_contain_text("Not sent. This is too long.")
    assert_accessible(ida)
    ida.context.unroute("**/messages/*")
    ida.get_by_role("button", name="Try again").click()
    expect(message(ida, "Refused at first")).to_contain_text("Sent")


def test_a_little_work_is_done_when_the_desk_asks(visit: Visit, forgive: Forgive) -> None:
    ida = visit()
    forgive("403")
    enter(ida)
    asked: list[str] = []

    def ask(route: Route) -> None:
        body = route.request.post_data_json if route.request.method == "POST" else {}
        if route.request.method != "POST" or body.get("work"):
            asked.append(body.get("work", ""))
            return route.continue_()
        told = '{"error": "work", "words": "", "work": {"seed": "lamp", "bits": 12}}'
        return route.fulfill(status=403, body=told, headers={"Access-Control-Allow-Origin": "*"})

    ida.context.route("**/messages/*", ask)
    say(ida, "I work for it")
    assert is_worked(next(filter(None, asked)), "lamp", 12)


def test_too_much_at_once_is_held_and_goes_by_itself(visit: Visit, forgive: Forgive) -> None:
    ida = visit()
    forgive("429")
    enter(ida)
    told = {"error": "too_much", "words": "That was a lot at once."}
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Retry-After",
        "Retry-After": "2",
    }
    ida.context.route(
        "**/messages/*", lambda r: r.fulfill(status=429, json=told, headers=headers), times=1
    )
    write(ida, "One after the other")
    expect(ida.get_by_text("That was a lot at once.")).to_be_visible()
    assert_accessible(ida)
    expect(message(ida, "One after the other").locator(".message__foot")).to_contain_text(HAS_IT)


def test_a_file_works_for_its_way_too(visit: Visit, forgive: Forgive) -> None:
    ida = visit()
    forgive("403")
    enter(ida)
    told = {"error": "work", "words": "", "work": {"seed": "file", "bits": 10}}
    headers = {"Access-Control-Allow-Origin": "*"}

    def ask(route: Route) -> None:
        if "work=" not in route.request.url and route.request.method == "POST":
            return route.fulfill(status=403, json=told, headers=headers)
        return route.continue_()

    ida.context.route("**/files/*", ask)
    lamp = {"name": "lamp.png", "mimeType": "image/png", "buffer": ONE_PIXEL}
    ida.locator("input[type=file]").set_input_files([lamp])
    assert_accessible(ida)  # while it is on its way
    expect(ida.locator(".upload progress")).to_be_hidden()
    say(ida, "With the picture")
    expect(message(ida, "With the picture").locator(".picture")).to_be_visible()


def is_worked(work: str, seed: str, bits: int) -> bool:
    digest = hashlib.sha256(work.encode()).digest()
    return work.startswith(f"{seed}:") and int.from_bytes(digest) >> (256 - bits) == 0


def test_a_file_goes_with_the_words(visit: Visit, shop: Shop) -> None:
    ida = visit()
    enter(ida)
    with ida.expect_file_chooser() as chooser:
        ida.get_by_role("button", name="Attach a file").click()
    picture = {"name": "broken lamp.png", "mimeType": "image/png", "buffer": ONE_PIXEL}
    chooser.value.set_files([picture])
    expect(ida.locator(".upload")).to_contain_text("broken lamp.png")
    assert_accessible(ida)
    field(ida).fill("It arrived like this")
    expect(ida.get_by_role("button", name="Send")).to_have_attribute("aria-disabled", "false")
    say(ida, "It arrived like this")
    image = message(ida, "It arrived like this").locator("img")
    expect(image).to_be_visible()
    assert_accessible(ida)
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1


def test_where_nothing_may_be_kept_it_still_works_and_says_so(visit: Visit, shop: Shop) -> None:
    ida = visit("/unkept")
    enter(ida)
    expect(ida.get_by_text("keeps nothing for us")).to_be_visible()
    say(ida, "Kept by the page alone")
    answer(shop, "Kept by the page alone", "And answered.")
    expect(message(ida, "And answered.")).to_be_visible()


def test_the_page_may_open_it_before_it_is_there(visit: Visit) -> None:
    ida = visit("/early")
    expect(ida.get_by_role("dialog")).to_be_visible()
    ida.evaluate("makegood.on('close', () => { document.title = 'Closed' })")
    ida.evaluate("makegood.close()")
    expect(ida).to_have_title("Closed")
    ida.evaluate("makegood.off()")
    expect(launcher(ida)).to_have_count(0)


def test_nothing_on_the_page_moves_for_it(visit: Visit) -> None:
    ida = visit()
    shifts = """new Promise((done) => {
      const observer = new PerformanceObserver((list) => list)
      observer.observe({ type: "layout-shift", buffered: true })
      requestAnimationFrame(() => requestAnimationFrame(() => done(observer.takeRecords().length)))
    })"""
    expect(launcher(ida)).to_be_visible()
    before = ida.locator("main").bounding_box()
    enter(ida)
    assert ida.locator("main").bounding_box() == before
    assert ida.evaluate(shifts) == 0


def is_message(request: Request) -> bool:
    return request.method == "POST" and "/messages/" in request.url


def changed(visit: Visit, change: dict[str, Any]) -> Page:
    """Somebody on a page whose shop says something else of itself."""

    def answered(route: Route) -> None:
        found = route.fetch()
        route.fulfill(response=found, json={**found.json(), **change})

    ida = visit("/", before=lambda context: context.route("**/hello/*", answered))
    launcher(ida).click()
    return ida


def test_when_nobody_is_there_it_says_so_and_asks_where_to_answer(visit: Visit) -> None:
    ida = changed(visit, {"is_open": False, "opens": "tomorrow at 9:00"})
    expect(ida.locator(".home__intro")).to_contain_text("we are back tomorrow at 9:00")
    ida.get_by_role("button", name="Leave a message").click()
    ida.get_by_label("Your e-mail address").fill("ida@")
    ida.get_by_role("button", name="Go on").click()
    expect(ida.get_by_text("This is not an e-mail address yet.")).to_be_visible()
    assert_accessible(ida)
    ida.get_by_label("Your e-mail address").fill("ida.chats@example.com")
    ida.keyboard.press("Enter")
    with ida.expect_request(is_message) as sent:
        say(ida, "Answer me tomorrow")
    body = sent.value.post_data_json
    assert body["email"] == "ida.chats@example.com"
    assert body["page"]["title"] == "Brass lamp"


def test_what_the_shop_asks_before_goes_with_the_first_message(visit: Visit) -> None:
    asked = [
        {"key": "name", "label": "Your name", "kind": "text", "choices": [], "is_required": True},
        {"key": "about", "label": "About", "kind": "choice", "choices": ["An order", "A lamp"]},
    ]
    ida = changed(visit, {"questions": asked})
    ida.get_by_role("button", name="Write to us").click()
    ida.get_by_role("button", name="Go on").click()
    expect(ida.get_by_text("Please fill this in.")).to_be_visible()
    assert_accessible(ida)
    ida.get_by_label("Your name").fill("Ida Berg")
    ida.get_by_label("About").select_option("A lamp")
    ida.get_by_role("button", name="Go on").click()
    with ida.expect_request(is_message) as sent:
        say(ida, "I answered before I asked")
    body = sent.value.post_data_json
    assert body["answers"] == {"name": "Ida Berg", "about": "A lamp"}
    assert body["name"] == "Ida Berg"


def test_who_is_blocked_is_told(visit: Visit, forgive: Forgive) -> None:
    ida = visit()
    forgive("403")
    enter(ida)
    told = {"error": "blocked", "words": "You cannot write to us here."}
    headers = {"Access-Control-Allow-Origin": "*"}
    ida.context.route("**/messages/*", lambda r: r.fulfill(status=403, json=told, headers=headers))
    write(ida, "Let me in")
    expect(ida.locator(".notice")).to_have_text("You cannot write to us here.")
    expect(message(ida, "Let me in")).to_contain_text("Not sent")
    assert_accessible(ida)


OVER = """
from datetime import timedelta
from makegood.conversations.actions import resolve_conversation
from makegood.conversations.models import Conversation, Message
from makegood.ledger.actors import System
talk = Message.objects.filter(text={words!r}).latest("pk").conversation
resolve_conversation(talk, by=System("setup"))
talk.refresh_from_db()
long_ago = talk.resolved_at - timedelta(days=30)
Conversation.objects.filter(pk=talk.pk).update(resolved_at=long_ago)
"""


def test_a_chat_that_is_over_can_be_read_again(visit: Visit, shop: Shop) -> None:
    ida = visit()
    enter(ida)
    say(ida, "Of last month: the lamp")
    answer(shop, "Of last month: the lamp", "It was sent, too.")
    expect(message(ida, "It was sent, too.")).to_be_visible()
    shop.ask(OVER.format(words="Of last month: the lamp"))
    say(ida, "Of today: a rug")
    assert said(shop, "Of today: a rug") == ["Of today: a rug"]
    ida.reload()
    enter(ida)
    expect(message(ida, "Of today: a rug")).to_be_visible()
    expect(message(ida, "Of last month: the lamp")).to_have_count(0)
    ida.get_by_role("button", name="Back to the start").click()
    ida.get_by_role("button", name="Earlier conversations").click()
    expect(message(ida, "Of last month: the lamp")).to_be_visible()
    expect(message(ida, "It was sent, too.")).to_be_visible()
    assert_accessible(ida)

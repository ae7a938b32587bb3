"""A working day by keyboard alone: forty acts and more, counted, and never a hand on the mouse."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Sit
from tests.browser.day import WATCHES_POINTERS, KeyboardDay
from tests.browser.shop import Mail, Shop

LEAST_ACTS = 40
MATTERS = ("answered", "given", "kept", "urgent", "first", "second", "spam", "split", "aside")
READY = """
from makegood.macros.actions import MacroWish, ReplyWish, save_macro, save_reply
from makegood.team.models import Agent
olga = Agent.objects.get(name__startswith="Olga")
texts = {"en": "Dear {customer.first_name|there}, it is on its way."}
save_reply(None, ReplyWish(name="Under way", shortcut="underway", texts=texts), by=olga)
acts = [("tag", "carrier"), ("priority", "high")]
save_macro(None, MacroWish(name="Parcel trouble", acts=acts), by=olga)
"""
Matters = dict[str, int]


@pytest.fixture
def matters(shop: Shop) -> Matters:
    """What lies on the desk this morning: each from somebody else, one in two parts."""
    for word in MATTERS:
        shop.mail(written(word))
    return {word: shop.conversation(f"A day, {word}") for word in MATTERS}


def written(word: str, **more: str) -> Mail:
    said = {"text": f"It is about {word}.", "sender": f"{word.title()} Moth <{word}@moth.example>"}
    return Mail(**{**said, "subject": f"A day, {word}", **more})


@pytest.fixture
def day(sit: Sit, shop: Shop, matters: Matters) -> KeyboardDay:
    shop.ask(READY)
    shop.wait_before_sending(30)
    page = sit("nora")
    page.add_init_script(WATCHES_POINTERS)
    page.goto("/inbox/waiting/")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    return KeyboardDay(page)


def test_a_working_day_by_keyboard_alone(day: KeyboardDay, matters: Matters, shop: Shop) -> None:
    try:
        answer(day, matters)
        hand_over(day, matters)
        sort_out(day, matters)
        write_well(day, matters)
        join_and_split(day, matters, shop)
        ask_others(day, matters)
        find_and_keep(day, matters)
        act_on_many(day, matters)
        know_people(day)
        look_around(day, matters)
    finally:
        shop.wait_before_sending(0)
    day.assert_no_pointer()
    assert len(day.done) >= LEAST_ACTS, day.done
    assert len(set(day.done)) == len(day.done)


def all_open(day: KeyboardDay) -> None:
    """From wherever one is."""
    day.go("g i", "**/inbox/*/")
    day.go("g a", "**/inbox/open/")


def answer(day: KeyboardDay, matters: Matters) -> None:
    """Open, take, answer, think better of it, and send after all."""
    words = day.page.get_by_role("textbox", name="Your answer")
    day.go("g a", "**/inbox/open/")
    day.did("go to a list", day.page.get_by_role("heading", name="All open"))
    day.open(matters["answered"])
    day.did("open the next", day.page.get_by_role("heading", name="A day, answered"))
    day.press("i")
    day.did("take what nobody owns", day.page.locator("#head").get_by_title("Nora Lindqvist"))
    day.press("r")
    expect(words).to_be_focused()
    day.type("It left on Friday.")
    day.press("Control+Enter")
    day.did("answer", day.find("#story .message--outgoing", "It left on Friday."))
    expect(words).to_have_value("")
    expect(words).to_be_focused()
    day.press("Control+z")
    expect(words).to_have_value("It left on Friday.")
    expect(day.page.locator("#story .message--outgoing")).to_have_count(0)
    day.did("take an answer back")
    words.press("End")
    day.type(" It comes tomorrow.")
    day.press("Control+Enter")
    day.did("send it after all", day.find("#story .message--outgoing", "It comes tomorrow."))
    expect(words).to_have_value("")
    day.leave_the_field()


def hand_over(day: KeyboardDay, matters: Matters) -> None:
    """What somebody else should do, told to them."""
    day.open(matters["given"])
    day.press("n")
    expect(day.page.get_by_role("textbox", name="Your note")).to_be_focused()
    day.type("The courier lost it.")
    day.press("Control+Enter")
    day.did("note", day.find("#story .note", "The courier lost it."))
    day.leave_the_field()
    day.press("n")
    day.type("@tom")
    expect(day.page.get_by_role("option", name="Tomas Brandt")).to_be_visible()
    day.press("Enter")
    day.type("please ask them.")
    day.press("Control+Enter")
    day.did("mention", day.find("#story .note", "@Tomas Brandt please ask them."))
    day.leave_the_field()
    day.press("a")
    expect(day.page.locator("#assignment-sheet").get_by_role("button", name="Me")).to_be_focused()
    day.press("t")
    expect(day.button("Tomas Brandt")).to_be_focused()
    day.press("Enter")
    day.did("assign", day.find("#head summary", "Tomas Brandt"))
    day.press("w")
    day.did("follow", day.find("#follow[aria-pressed=true]"))


def sort_out(day: KeyboardDay, matters: Matters) -> None:
    """How urgent, about what, until when."""
    head = day.page.locator("#head")
    day.open(matters["urgent"])
    day.press("t")
    expect(day.page.get_by_role("combobox", name="Tags")).to_be_focused()
    day.type("fragile")
    day.press("Enter")
    day.did("tag", head.get_by_text("fragile", exact=True))
    expect(day.page.get_by_role("combobox", name="Tags")).to_be_hidden()
    day.press("p")
    expect(day.button("normal")).to_be_focused()
    day.press("u", "Enter")
    day.did("make urgent", head.locator(".state--broken", has_text="urgent"))
    day.press("s")
    expect(day.find("#rest-sheet .menu__item")).to_be_focused()
    day.press("Enter")
    day.did("snooze", head.get_by_text("snoozed until"))
    day.press("e")
    day.did("open again", day.button("Resolve"))
    day.press("e")
    day.did("resolve", day.button("Open again"))
    day.press("d")
    expect(day.link("Parcel trouble")).to_be_visible()
    day.tab_to(day.link("Parcel trouble"))
    day.press("Enter")
    expect(day.button("Do it")).to_be_focused()
    day.press("Enter")
    day.did("run a macro", day.find("#story", "ran the macro “Parcel trouble”"))
    day.open(matters["spam"])
    day.press("#")
    day.did("call it spam", day.button("Not spam"))
    day.press("#")
    day.did("take that back", day.button("Resolve"))


def write_well(day: KeyboardDay, matters: Matters) -> None:
    """Saved words, weight, a face; settled in the same act."""
    words = day.page.get_by_role("textbox", name="Your answer")
    day.open(matters["kept"])
    day.press("r")
    expect(words).to_be_focused()
    day.type("/under")
    expect(day.page.locator("#saved-replies").get_by_role("option")).to_have_count(1)
    day.press("Enter")
    day.did("put in a saved reply")
    expect(words).to_have_value("Dear Kept, it is on its way.")
    day.type(" Soon")
    day.press("Shift+Control+ArrowLeft", "Control+b")
    expect(words).to_have_value("Dear Kept, it is on its way. **Soon**")
    day.did("make bold")
    day.press("End")
    day.type(" :smile:")
    expect(words).to_have_value("Dear Kept, it is on its way. **Soon** 😄")
    day.did("put in a face")
    day.tab_to(day.find("[data-preview], .composer__form--reply button[aria-pressed]"))
    day.press("Enter")
    day.did("look at it first", day.find(".composer__form--reply strong", "Soon"))
    day.press("Enter")
    day.tab_to(words, "Shift+Tab")
    day.press("Control+Shift+Enter")
    day.did("send and resolve", day.button("Open again"))
    expect(day.find("#story .message--outgoing .written strong")).to_have_text("Soon")
    day.leave_the_field()


def join_and_split(day: KeyboardDay, matters: Matters, shop: Shop) -> None:
    """Two that are one; one that is two."""
    head = day.page.locator("#head")
    day.open(matters["second"])
    day.press("m")
    expect(day.page.locator("#join-words")).to_be_focused()
    day.type(f"#{matters['first']}")
    found = day.page.locator(f"#join-found [value='{matters['first']}']")
    expect(day.page.locator("#join-found [name=pick]")).to_have_count(1)
    day.tab_to(found)
    day.press("Space")
    expect(found).to_be_checked()
    day.tab_to(day.button("Join into one"))
    day.press("Enter")
    day.did("merge", head.get_by_text(f"also #{matters['second']}"))
    day.tab_to(day.button("Take out"))
    day.press("Enter")
    day.page.wait_for_url(f"**/conversations/{matters['second']}/*")
    day.did("undo the merge", day.page.get_by_role("heading", name="A day, second"))
    day.open(matters["split"])
    day.press("r")
    day.type("Anything else?")
    day.press("Control+Enter")
    expect(day.find("#story .message--outgoing", "Anything else?")).to_be_visible()
    day.leave_the_field()
    (queued,) = shop.outbox(matters["split"])
    shop.mail(written("split", text="Yes, about chairs.", to=queued["reply_to"]))
    chairs = day.find("#story .message--incoming", "Yes, about chairs.")
    day.did("see an answer come in", chairs)
    day.tab_to(chairs.get_by_role("link", name="Split off from here"))
    day.press("Enter")
    subject = day.page.get_by_label("What the new conversation is about")
    day.tab_to(subject)
    day.press("Control+a")
    day.type("A day, apart")
    day.press("Enter")
    day.did("split", day.page.get_by_role("heading", name="A day, apart"))


def ask_others(day: KeyboardDay, matters: Matters) -> None:
    """A supplier beside it; a forward; a look back at what was not yet read."""
    all_open(day)
    day.open(matters["aside"])
    expect(day.link("Ask somebody else")).to_be_visible()
    day.go("b", "**/beside/")
    expect(day.page.get_by_label("To", exact=True)).to_be_focused()
    day.type("post@carrier.example")
    day.tab_to(day.page.get_by_label("Your words"))
    day.type("Where is this parcel?")
    day.press("Control+Enter")
    day.did("ask a supplier", day.find(".beside__story", "Where is this parcel?"))
    day.tab_to(day.link(f"#{matters['aside']}"), "Shift+Tab")
    day.press("Enter")
    day.did("come back to the matter", day.find("#besides", "post@carrier.example"))
    day.go("F", "**/beside/?forward=all")
    expect(day.page.get_by_label("To", exact=True)).to_be_focused()
    day.type("workshop@lantern.example")
    day.press("Control+Enter")
    day.did("forward", day.find(".beside__story", "It is about aside."))
    all_open(day)
    day.open(matters["aside"])
    day.press("u")
    day.did("make unread", day.find(f"#row-{matters['aside']}.row--unread"))


def find_and_keep(day: KeyboardDay, matters: Matters) -> None:
    """A question, completed; kept as a view."""
    box = day.page.get_by_role("combobox", name="Ask for conversations")
    day.press("/")
    expect(box).to_be_focused()
    day.type("A day, urgent")
    day.press("Enter")
    day.page.wait_for_url("**q=A+day*")
    day.did("search", day.find("[data-row]", "A day, urgent"))
    day.press("/")
    expect(box).to_be_focused()
    day.press("Control+a")
    day.type("from:moth.example stat")
    offer = day.page.get_by_role("option", name="status:")
    expect(offer).to_be_visible()
    day.press("ArrowDown")
    expect(offer).to_have_attribute("aria-selected", "true")
    day.press("Enter")
    expect(box).to_have_value("from:moth.example status:")
    day.type("open")
    day.press("Enter")
    day.page.wait_for_url("**q=from*status*open*")
    day.did("let a question be completed", day.page.get_by_role("heading", name="Found"))
    day.tab_to(day.link("Save view"))
    day.press("Enter")
    name = day.page.get_by_label("Name")
    day.tab_to(name)
    day.type("All of the Moths")
    day.press("Enter")
    day.page.wait_for_url("**/inbox/saved/*/")
    day.did("save a view", day.page.get_by_role("heading", name="All of the Moths"))
    day.go("g e", "**/inbox/resolved/")
    day.command("all of the moths", "All of the Moths")
    day.page.wait_for_url("**/inbox/saved/*/")
    day.did("open a saved view by the palette", day.find("[data-row]", "A day, first"))


def act_on_many(day: KeyboardDay, matters: Matters) -> None:
    """Some by hand, and all that a view finds; the first undone."""
    day.walk_to(day.page.locator(f"#row-{matters['first']}"))
    day.press("x")
    expect(day.page.locator("[data-picked]")).to_have_text("1")
    day.walk_to(day.page.locator(f"#row-{matters['spam']}"))
    day.press("x")
    expect(day.page.locator("[data-picked]")).to_have_text("2")
    day.press("e")
    day.page.wait_for_url("**?did=*")
    day.did("resolve two at once", day.find("[role=status]", "2 conversations"))
    day.press("z")
    day.did("undo for both", day.page.get_by_text("2 are as they were before"))
    day.walk_to(day.page.locator(f"#row-{matters['first']}"))
    day.press("*", "*")
    expect(day.page.locator("[data-all]")).to_be_checked()
    day.press("t")
    day.page.wait_for_url("**/bulk/?view=*")
    expect(day.page.get_by_label("Put on, with commas between")).to_be_focused()
    day.type("moth")
    day.press("Enter")
    day.page.wait_for_url("**/bulk/*/")
    day.did("try it before", day.page.get_by_text("It would change"))
    day.tab_to(day.button("Do it"))
    day.press("Enter")
    day.did("tag all that a view finds", day.find(".bulk__counts", "done"), day.button("Undo"))


def know_people(day: KeyboardDay) -> None:
    """Who writes, and what is worth remembering of them."""
    day.go("g c", "**/customers/")
    day.did("go to the customers", day.page.get_by_role("heading", name="Customers"))
    day.press("/")
    day.type("given moth")
    day.press("Enter")
    day.page.wait_for_url("**/customers/?q=*")
    day.tab_to(day.link("Given Moth"))
    day.press("Enter")
    day.page.wait_for_url("**/customers/*/")
    day.did("look somebody up", day.page.get_by_role("heading", name="Given Moth"))
    day.tab_to(day.page.locator("summary", has_text="Add a note"))
    day.press("Enter")
    day.tab_to(day.page.get_by_label("A note on this person"))
    day.type("Prefers moonlight.")
    day.press("Tab", "Enter")
    day.did("note something about them", day.find(".about-note", "Prefers moonlight."))


def look_around(day: KeyboardDay, matters: Matters) -> None:
    """By the palette, by the help, and home."""
    all_open(day)
    day.open(matters["first"])
    day.command("atb", "Assign: Tomas Brandt")
    day.did("assign by the palette", day.find("#head summary", "Tomas Brandt"))
    day.command("priority: l", "low")
    day.did("set a priority by the palette", day.find("#story", "from normal to low"))
    day.go("g n", "**/notices/")
    day.did("read the notices", day.page.get_by_role("heading", name="Notices"))
    day.press("?")
    day.did("ask for the keys", day.page.get_by_role("dialog", name="Keys"))
    day.press("Escape")
    expect(day.page.get_by_role("dialog", name="Keys")).to_be_hidden()
    day.go("g m", "**/inbox/mine/")
    day.did("see what is left of mine", day.page.get_by_role("heading", name="Mine"))
    day.go("g y", "**/me/")
    day.did("go home", day.page.get_by_role("heading", name="Nora Lindqvist"))

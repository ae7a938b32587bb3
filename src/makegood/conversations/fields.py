"""What can be asked of conversations, in English and German."""

from django.utils.translation import gettext_lazy as _

from makegood.asking.fields import Choice, Field, Kind, Vocabulary

_NONE = Choice(
    name="none", aliases=("nobody", "niemand", "keine", "keiner"), says=_("nobody, none")
)
_ME = Choice(name="me", aliases=("ich", "mir"), says=_("whoever asks"))
_OPEN = Choice(name="open", aliases=("offen",), says=_("to be dealt with"))
_WAITING = Choice(name="waiting", aliases=("wartend", "wartet"), says=_("owed an answer"))
_ANSWERED = Choice(name="answered", aliases=("beantwortet",), says=_("open, and we spoke last"))
_SNOOZED = Choice(name="snoozed", aliases=("zurückgelegt",), says=_("resting until a time"))
_RESOLVED = Choice(name="resolved", aliases=("erledigt", "closed"), says=_("settled"))

_SPAM = Choice(name="spam", says=_("put away as spam; in no other list"))

_STATES = (_OPEN, _WAITING, _ANSWERED, _SNOOZED, _RESOLVED, _SPAM)

FIELDS = (
    Field(
        name="status",
        kind=Kind.CHOICE,
        says=_("Where it stands"),
        example="status:open,snoozed",
        choices=_STATES,
    ),
    Field(
        name="is",
        kind=Kind.CHOICE,
        aliases=("ist",),
        says=_("What it is, for whoever asks"),
        example="is:unread",
        choices=(
            Choice(name="unread", aliases=("ungelesen",), says=_("with words I have not seen")),
            Choice(
                name="undelivered",
                aliases=("unzustellbar", "bounced"),
                says=_("our newest answer did not get there"),
            ),
            Choice(name="mine", aliases=("meine", "meins"), says=_("mine to answer")),
            Choice(name="unassigned", aliases=("frei",), says=_("nobody's to answer")),
            *_STATES,
        ),
    ),
    Field(
        name="has",
        kind=Kind.CHOICE,
        aliases=("hat", "mit"),
        says=_("What it has"),
        example="has:attachment",
        choices=(
            Choice(name="attachment", aliases=("anhang", "file", "datei"), says=_("with a file")),
            Choice(name="note", aliases=("notiz",), says=_("a note to us")),
            Choice(name="draft", aliases=("entwurf",), says=_("a draft of mine")),
            Choice(name="tag", aliases=("schlagwort",), says=_("at least one tag")),
        ),
    ),
    Field(
        name="assignee",
        kind=Kind.NAME,
        aliases=("agent", "zugewiesen", "bearbeiter"),
        says=_("The agent whose turn it is"),
        example="assignee:me",
        choices=(_ME, _NONE),
    ),
    Field(
        name="follows",
        kind=Kind.NAME,
        aliases=("folgt", "follower"),
        says=_("An agent who follows it"),
        example="follows:me",
        choices=(_ME,),
    ),
    Field(
        name="mentions",
        kind=Kind.NAME,
        aliases=("erwähnt",),
        says=_("An agent who is named in a note"),
        example="mentions:me",
        choices=(_ME,),
    ),
    Field(
        name="team",
        kind=Kind.NAME,
        says=_("The team whose turn it is"),
        example="team:front",
        choices=(_NONE,),
    ),
    Field(
        name="tag",
        kind=Kind.NAME,
        aliases=("tags", "schlagwort"),
        says=_("One of its tags"),
        example='tag:"late parcel",vip',
        choices=(_NONE,),
    ),
    Field(
        name="inbox",
        kind=Kind.NAME,
        aliases=("eingang", "postfach"),
        says=_("The inbox that it came by"),
        example="inbox:hello",
    ),
    Field(
        name="channel",
        kind=Kind.NAME,
        aliases=("kanal",),
        says=_("The kind of way that it came by"),
        example="channel:email",
    ),
    Field(
        name="to",
        kind=Kind.NAME,
        aliases=("an",),
        says=_("Our address that it came to"),
        example="to:hello@lantern.example",
    ),
    Field(
        name="customer",
        kind=Kind.WORDS,
        aliases=("from", "von", "kunde", "kundin"),
        says=_("The customer, by name or address"),
        example="from:ida@example.com",
    ),
    Field(
        name="priority",
        kind=Kind.CHOICE,
        aliases=("priorität", "dringlichkeit"),
        says=_("How urgent it is"),
        example="priority:urgent,high",
        choices=(
            Choice(name="urgent", aliases=("dringend",), says=_("urgent")),
            Choice(name="high", aliases=("hoch",), says=_("high")),
            Choice(name="normal", says=_("normal")),
            Choice(name="low", aliases=("niedrig",), says=_("low")),
        ),
    ),
    Field(
        name="mood",
        kind=Kind.CHOICE,
        aliases=("stimmung", "laune"),
        says=_("How the customer’s latest words sound"),
        example="mood:angry,unhappy",
        choices=(
            Choice(name="angry", aliases=("wütend", "verärgert"), says=_("angry")),
            Choice(name="unhappy", aliases=("unzufrieden", "enttäuscht"), says=_("unhappy")),
            Choice(name="neutral", aliases=("sachlich",), says=_("neutral")),
            Choice(name="pleased", aliases=("zufrieden", "erfreut", "happy"), says=_("pleased")),
            Choice(
                name="unknown",
                aliases=("unbekannt",),
                says=_("not told: another language, or from before we listened"),
            ),
        ),
    ),
    Field(
        name="rating",
        kind=Kind.CHOICE,
        aliases=("bewertung", "rated"),
        says=_("How its customer found the chat"),
        example="rating:bad",
        choices=(
            Choice(name="good", aliases=("gut",), says=_("good")),
            Choice(name="middling", aliases=("so-so", "mittel"), says=_("middling")),
            Choice(name="bad", aliases=("schlecht",), says=_("bad")),
        ),
    ),
    Field(
        name="promise",
        kind=Kind.CHOICE,
        aliases=("versprechen", "zusage", "sla"),
        says=_("What was promised here, and how that stands"),
        example="promise:at-risk",
        choices=(
            Choice(name="open", aliases=("offen",), says=_("something is to be kept")),
            Choice(
                name="at-risk",
                aliases=("atrisk", "gefährdet", "risk"),
                says=_("it is near its time, and not done"),
            ),
            Choice(
                name="broken",
                aliases=("gebrochen", "breached", "overdue"),
                says=_("its time has passed, and it is to be done still"),
            ),
            Choice(
                name="broken-today",
                aliases=("heute-gebrochen",),
                says=_("its time passed within today"),
            ),
            Choice(
                name="kept-today",
                aliases=("heute-gehalten",),
                says=_("it was kept in time today"),
            ),
            Choice(name="resting", aliases=("ruht",), says=_("its clock stands still")),
            Choice(name="first_answer", aliases=("erste-antwort",), says=_("a first answer")),
            Choice(name="next_answer", aliases=("nächste-antwort",), says=_("a next answer")),
            Choice(name="resolution", aliases=("lösung",), says=_("a resolution")),
            Choice(name="personal", aliases=("persönlich",), says=_("somebody gave their word")),
            Choice(name="call_back", aliases=("rückruf",), says=_("somebody is to be called back")),
            Choice(
                name="back_in_stock",
                aliases=("wieder-da",),
                says=_("somebody is to hear that a thing is there again"),
            ),
        ),
    ),
    Field(
        name="due",
        kind=Kind.MOMENT,
        aliases=("fällig",),
        says=_("When what is promised next is due"),
        example="due:today",
    ),
    Field(
        name="order",
        kind=Kind.WORDS,
        aliases=("bestellung", "auftrag"),
        says=_("An order, by its number"),
        example="order:1042",
    ),
    Field(
        name="subject",
        kind=Kind.WORDS,
        aliases=("betreff",),
        says=_("Words of the subject"),
        example="subject:refu*",
    ),
    Field(
        name="text",
        kind=Kind.WORDS,
        aliases=("body",),
        says=_("Words of what was said, and names of files"),
        example='text:"where is"',
    ),
    Field(
        name="language",
        kind=Kind.NAME,
        aliases=("sprache", "lang"),
        says=_("The language of the customer, or else of the inbox"),
        example="language:de",
    ),
    Field(
        name="waiting",
        kind=Kind.LENGTH,
        aliases=("wartet",),
        says=_("For how long an answer has been owed"),
        example="waiting:>2h",
    ),
    Field(
        name="created",
        kind=Kind.MOMENT,
        aliases=("opened", "erstellt", "begonnen"),
        says=_("When it began"),
        example="created:last week",
    ),
    Field(
        name="updated",
        kind=Kind.MOMENT,
        aliases=("geändert", "zuletzt"),
        says=_("When the last words were said"),
        example="updated:<-30d",
    ),
    Field(
        name="answered",
        kind=Kind.MOMENT,
        aliases=("beantwortet",),
        says=_("When we answered"),
        example="answered:yesterday",
    ),
    Field(
        name="resolved",
        kind=Kind.MOMENT,
        aliases=("closed", "erledigt"),
        says=_("When it was settled"),
        example="resolved:2026-01..2026-03",
    ),
    Field(
        name="wakes",
        kind=Kind.MOMENT,
        aliases=("weckt",),
        says=_("When a snoozed one comes back"),
        example="wakes:today",
    ),
    Field(
        name="hours",
        kind=Kind.CHOICE,
        aliases=("zeiten", "öffnungszeiten"),
        says=_("Whether somebody is there now, by the hours of its inbox or team"),
        example="hours:closed",
        choices=(
            Choice(name="open", aliases=("offen", "in"), says=_("within opening hours")),
            Choice(
                name="closed", aliases=("geschlossen", "zu", "out"), says=_("out of opening hours")
            ),
        ),
    ),
    Field(
        name="messages",
        kind=Kind.NUMBER,
        aliases=("nachrichten",),
        says=_("How many messages it has"),
        example="messages:>=5",
    ),
    Field(
        name="linked",
        kind=Kind.NUMBER,
        aliases=("verknüpft",),
        says=_("The number of a conversation that it is linked with"),
        example="linked:12",
    ),
    Field(
        name="number",
        kind=Kind.NUMBER,
        aliases=("nummer", "id"),
        says=_("Its number"),
        example="#12",
    ),
)
WORDS = Field(
    name="words",
    kind=Kind.WORDS,
    aliases=("wörter",),
    says=_("Words anywhere"),
    example='late "my lamp"',
)
CONVERSATIONS = Vocabulary(
    fields=FIELDS, words=WORDS, number=next(one for one in FIELDS if one.name == "number")
)
TEXT_COLUMNS = {"words": "", "customer": "customer", "subject": "subject", "text": "text"}
"""The fields that the search index answers, and what it calls them."""

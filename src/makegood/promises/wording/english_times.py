"""How English says a time: `by noon on Thursday`, `within two business days`, `by 5pm`."""

from makegood.kit.rx import rx
from makegood.promises.wording.due import Clock, Day, When
from makegood.promises.wording.times import (
    NUMBERS,
    Speech,
    at_part,
    clock_of,
    in_days,
    last_number,
    month_names,
    numbers_in,
    read_date,
    read_length,
    read_of_month,
    today_at,
)
from makegood.promises.wording.words import named

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon",
            "tuesday tue tues",
            "wednesday wed",
            "thursday thu thur thurs",
            "friday fri",
            "saturday",
            "sunday",
        )
    )
    for name in names.split()
}
_DAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_COUNT = r"(?:\d{1,4}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
_UNIT = r"(?:minutes?|mins?|hours?|hrs?|h|days?|weeks?|months?)"
_OF_HOURS = r"(?:business|working|work|office|opening)"
_HALF = r"(?: (?:am|pm|a \. m \.?|p \. m \.?))"
_TIME = rf"\d{{1,2}}(?: [:.] \d{{2}})?{_HALF}?"
_MONTH = month_names()
_BY = r"(?:(?:by|at|before|around|until|on) (?:the )?)?"
_ABOUT = r"(?: (?:about|around|approximately|at most|less than|under|the|next|coming|following))*"


_PATTERNS = {
    "length": rf"(?:in|within|inside|over|during){_ABOUT}(?: a)?(?: {_COUNT}(?: of)?)?"
    rf"(?: (?:to|-|or) {_COUNT})?(?: {_OF_HOURS})? {_UNIT}\b",
    "half_hour": rf"(?:in|within){_ABOUT}(?: a)? half(?: an)? hour",
    "quarter_hour": rf"(?:in|within){_ABOUT}(?: a)? quarter of an hour",
    "date": rf"{_BY}(?:\d{{1,2}}(?: (?:st|nd|rd|th))?(?: of)? (?:{_MONTH})\b"
    r"(?: \.)?(?: ,? ?\d{4})?"
    rf"|(?:{_MONTH})(?: \.)? \d{{1,2}}\b(?: (?:st|nd|rd|th)\b)?(?: , \d{{4}}| \d{{4}})?"
    r"|\d{4} - \d{1,2} - \d{1,2}|\d{1,2} / \d{1,2}(?: / (?:\d{4}|\d{2}))?"
    r"|\d{1,2} \. \d{1,2} \. (?:\d{4}|\d{2}))",
    "of_month": r"the \d{1,2} (?:st|nd|rd|th)",
    "after_tomorrow": r"(?:the )?day after tomorrow",
    "first": r"first thing(?: in the morning)?",
    "tomorrow": r"tomorrow",
    "tonight": r"(?:tonight|this evening)",
    "this_morning": r"this morning",
    "this_afternoon": r"this afternoon",
    "close": r"(?:the )?(?:end|close) of (?:the |my |our )?(?:business|day|play)|eod|cob|eob",
    "today": r"(?:later )?today|(?:during|in the course of) the day",
    "weekend": r"(?:before|after|over|at|on|during) the weekend",
    "month": r"(?:the )?end of (?:the|this|next) month|month end",
    "week": r"(?:(?:the )?(?:beginning|start|end|middle) of|early|late|later|mid)?"
    r"(?: |\b)(?:the|this|next) week\b|by the weekend",
    "weekday": rf"(?:(?:next|this|coming|following) )?(?:{_DAY})\b",
    "noon": r"(?:12 )?(?:noon|midday)|lunch ?time",
    "midnight": r"midnight",
    "past": r"half past \w+|quarter (?:past|to) \w+",
    "clock": rf"{_BY}(?:between {_TIME} and |{_TIME} (?:-|to) )?"
    rf"(?:\d{{1,2}}(?: [:.] \d{{2}})?{_HALF}|\d{{1,2}} : \d{{2}}|\d{{1,2}} o_clock)",
    "bare": r"(?:by|at|before|around|until) \d{1,2}\b",
    "part": r"(?:in the )?(?:morning|afternoon|evening)\b",
}


def _length(said: str) -> When | None:
    word = said.rsplit(maxsplit=1)[-1]
    unit = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}[word[0]]
    unit = "months" if word.startswith("mon") else unit
    return read_length(said, unit, of_hours=bool(rx(rf"\b{_OF_HOURS}\b").search(said)))


def _weekday(said: str) -> When:
    words = said.split()
    return When(day=Day("weekday", _WEEKDAYS[words[-1]], week=0))


def _week(said: str) -> When:
    starts = {"early": "start", "beginning": "start", "start": "start", "mid": "middle"}
    place = next((starts[word] for word in said.split() if word in starts), "end")
    place = "middle" if "middle" in said else place
    return When(day=Day("week", week=2 if "next" in said else 1, place=place))


def _weekend(said: str) -> When:
    first = said.split(maxsplit=1)[0]
    return When(day=Day("weekend", place=first if first in ("before", "after") else "over"))


def _past(said: str) -> When | None:
    found = numbers_in(said.rsplit(maxsplit=1)[-1])
    if not found:
        return None
    if " to " in said:
        return clock_of(found[0] - 1, 45)
    return clock_of(found[0], 30 if said.startswith("half") else 15)


def _clock(said: str) -> When | None:
    """Of a stretch the end counts: “between 9 and 11 am” is by eleven."""
    late = rx(r"^.* (?:and|-|to) ").sub("", said)
    found = [int(word) for word in late.split() if word.isdigit()]
    half = next((word[0] for word in late.split() if word in ("am", "pm", "a", "p")), "")
    exact = late.startswith("0")
    return clock_of(found[0], found[1] if len(found) > 1 else 0, half, is_exact=exact)


def _part(said: str) -> When:
    return When(clock=Clock(part=said.rsplit(maxsplit=1)[-1]))


ENGLISH_TIMES = Speech(
    parts=rx("|".join(rf"(?P<{name}>\b(?:{one}))" for name, one in _PATTERNS.items())),
    readers={
        "length": _length,
        "half_hour": lambda said: read_length(said, "hours", of_hours=False, halves=0.5),
        "quarter_hour": lambda said: read_length(said, "hours", of_hours=False, halves=0.25),
        "date": read_date,
        "of_month": read_of_month,
        "after_tomorrow": in_days(2),
        "first": at_part("first"),
        "tomorrow": in_days(1),
        "tonight": today_at("evening"),
        "this_morning": today_at("morning"),
        "this_afternoon": today_at("afternoon"),
        "close": at_part("close"),
        "today": in_days(0),
        "weekend": _weekend,
        "month": lambda said: When(day=Day("month", 1 if "next" in said else 0)),
        "week": _week,
        "weekday": _weekday,
        "noon": at_part("noon"),
        "midnight": at_part("midnight"),
        "past": _past,
        "clock": _clock,
        "bare": lambda said: clock_of(last_number(said), 0),
        "part": _part,
    },
    glue=named(", at on by the of in until around latest later than no"),
    before=frozenset({"before"}),
    never=named("since from after of dated every each last past starting for"),
    vague=named("few couple about around approximately next"),
)

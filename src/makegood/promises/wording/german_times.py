"""How German says a time: `bis Freitag, 15 Uhr`, `innerhalb von zwei Werktagen`, `übermorgen`."""

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
    for number, name in enumerate(
        ["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"]
    )
} | {"sonnabend": 5}
_SHORT = {"mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5}
_DAY = "|".join(_WEEKDAYS)
_PART = r"(?:morgen|frueh|vormittag|mittag|nachmittag|abend)"
_COUNT = r"(?:\d{1,4}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
_OF_HOURS = r"(?:werk|arbeits|geschaefts)"
_UNIT = rf"{_OF_HOURS}?(?:minuten?|stunden?|tag(?:e[ns]?|s)?|wochen?|monat(?:e[ns]?|s)?)"
_NEXT = r"(?:naechste[nrms]?|kommende[nrms]?|folgende[nrms]?)"
_MONTH = month_names()
_ABOUT = (
    r"(?: (?:von|spaetestens|hoechstens|maximal|etwa|ca|\.|ungefaehr|rund|den|der|des|die"
    rf"|{_NEXT}))*"
)
_TIME = r"\d{1,2}(?: [:.] \d{2})?"
_BY = r"(?:(?:um|bis|vor|gegen|bis um|bis zum|am|den|dem|zum) )?"
_WEEK = rf"(?:dieser|diese|der|{_NEXT}) woche"

_PATTERNS = {
    "half_hour": rf"(?:in|innerhalb|binnen){_ABOUT}(?: eine[rn]?)? halben stunde",
    "quarter_hour": rf"(?:in|innerhalb|binnen){_ABOUT}(?: eine[rn]?)? viertelstunde",
    "length": rf"(?:in|innerhalb|binnen|innert){_ABOUT}(?: {_COUNT})?"
    rf"(?: (?:bis|-|,|oder) {_COUNT})?"
    rf" {_UNIT}\b",
    "date": rf"{_BY}(?:\d{{1,2}} \. (?:{_MONTH})\b(?: \d{{4}})?"
    r"|\d{1,2} \. \d{1,2} \.(?: (?:\d{4}|\d{2})\b)?|\d{4} - \d{1,2} - \d{1,2})",
    "of_month": r"(?:am|zum|den|dem) \d{1,2} \.",
    "after_tomorrow": r"uebermorgen",
    "tonight": r"heute abend",
    "this_morning": r"heute (?:vormittag|mittag|frueh|morgen)",
    "this_afternoon": r"heute nachmittag",
    "course": r"im laufe des (?:vormittags|nachmittags|abends)",
    "today": r"heute|im laufe des tages|(?:bis zum )?ende des tages|tagesende",
    "close": r"feierabend|geschaeftsschluss|dienstschluss|ladenschluss",
    "tomorrow": r"morgen\b",
    "weekend": r"(?:vor dem|nach dem|am|uebers|ueber das) wochenende",
    "month": r"(?:ende (?:des|dieses|naechsten|kommenden) monats|monatsende)",
    "week": rf"(?:(?:(?:ganz )?anfang|mitte|ende|im laufe) )?{_WEEK}|wochenende",
    "weekday": rf"(?:(?:{_NEXT}|diesen|dieser) )?(?:{_DAY}){_PART}?\b|(?:mo|di|mi|do|fr|sa) \.",
    "noon": r"(?:mittags?|zwoelf uhr mittags)\b",
    "midnight": r"mitternacht",
    "half": r"halb \w+|viertel (?:nach|vor) \w+",
    "clock": rf"{_BY}(?:zwischen {_TIME}(?: uhr)? und |{_TIME}(?: uhr)? (?:-|bis) )?"
    rf"(?:{_TIME} uhr\b(?: \d{{2}}\b)?|\d{{1,2}} : \d{{2}}|\d{{1,2}} h\b)",
    "bare": r"(?:um|bis|vor|gegen) \d{1,2}\b",
    "part": rf"(?:am )?{_PART}s?\b",
}
_NAMED = {
    "morgen": "morning",
    "frueh": "morning",
    "vormittag": "morning",
    "mittag": "noon",
    "nachmittag": "afternoon",
    "abend": "evening",
}


def _length(said: str) -> When | None:
    word = said.rsplit(maxsplit=1)[-1]
    names = {"minute": "minutes", "stunde": "hours", "tag": "days", "woche": "weeks"}
    unit = next((unit for name, unit in names.items() if name in word), "months")
    return read_length(said, unit, of_hours=bool(rx(rf"\b{_OF_HOURS}").search(word)))


def _part_in(said: str) -> Clock | None:
    """`Freitagnachmittag` is not `Freitag` and `Mittag`: the longest name at its end counts."""
    bare = said.removesuffix("s")
    for name in sorted(_NAMED, key=len, reverse=True):
        if bare.endswith(name):
            return Clock(part=_NAMED[name])
    return None


def _weekday(said: str) -> When:
    word = said.rsplit(maxsplit=1)[-1]
    if word == ".":
        return When(day=Day("weekday", _SHORT[said.split(maxsplit=1)[0]]))
    name = next(name for name in _WEEKDAYS if word.startswith(name))
    return When(day=Day("weekday", _WEEKDAYS[name]), clock=_part_in(word.removeprefix(name)))


def _week(said: str) -> When:
    place = "start" if "anfang" in said else "middle" if "mitte" in said else "end"
    later = any(word in said for word in ("naechste", "kommende", "folgende"))
    return When(day=Day("week", week=2 if later else 1, place=place))


def _weekend(said: str) -> When:
    places = {"vor": "before", "nach": "after"}
    return When(day=Day("weekend", place=places.get(said.split(maxsplit=1)[0], "over")))


def _half(said: str) -> When | None:
    found = numbers_in(said.rsplit(maxsplit=1)[-1])
    if not found or not found[0]:
        return None
    if " nach " in said:
        return clock_of(found[0], 15)
    return clock_of(found[0] - 1, 30 if said.startswith("halb") else 45)


def _clock(said: str) -> When | None:
    late = rx(r"^.* (?:und|-|bis) ").sub("", said)
    found = [int(word) for word in late.split() if word.isdigit()]
    minute = found[1] if len(found) > 1 else 0
    return clock_of(found[0], minute, is_exact=found[0] >= 7 or late.startswith("0"))


GERMAN_TIMES = Speech(
    parts=rx("|".join(rf"(?P<{name}>\b(?:{one}))" for name, one in _PATTERNS.items())),
    readers={
        "length": _length,
        "half_hour": lambda said: read_length(said, "hours", of_hours=False, halves=0.5),
        "quarter_hour": lambda said: read_length(said, "hours", of_hours=False, halves=0.25),
        "date": read_date,
        "of_month": read_of_month,
        "after_tomorrow": in_days(2),
        "tonight": today_at("evening"),
        "this_morning": today_at("morning"),
        "this_afternoon": today_at("afternoon"),
        "course": lambda said: When(day=Day("in_days", 0), clock=_part_in(said)),
        "today": in_days(0),
        "close": at_part("close"),
        "tomorrow": in_days(1),
        "weekend": _weekend,
        "month": lambda said: When(day=Day("month", 1 if "n monats" in said else 0)),
        "week": _week,
        "weekday": _weekday,
        "noon": at_part("noon"),
        "midnight": at_part("midnight"),
        "half": _half,
        "clock": _clock,
        "bare": lambda said: clock_of(last_number(said), 0),
        "part": lambda said: When(clock=_part_in(said)),
    },
    glue=named(", um am an bis zum zu den dem der spaetestens noch gegen frueh"),
    before=frozenset({"vor"}),
    never=named("seit ab nach vom von jeden jede jedem letzten letzte vergangenen guten schoenen"),
    vague=named("paar etwa ca ungefaehr rund naechsten naechste"),
)

"""Invitations: what, when, where and who, from the text of a calendar file (RFC 5545)."""

from .charsets import clean_name

_MOST = 200_000
_NAMES = {
    "SUMMARY": "what",
    "LOCATION": "where",
    "DTSTART": "begins",
    "DTEND": "ends",
    "ORGANIZER": "organiser",
    "STATUS": "status",
    "RRULE": "repeats",
}
_METHODS = {"REQUEST", "REPLY", "CANCEL", "COUNTER", "PUBLISH", "REFRESH", "ADD", "DECLINECOUNTER"}


def facts_of_calendar(text: str) -> dict[str, str]:
    """Facts worth showing of the first event; `invitation` says what is asked."""
    found: dict[str, str] = {}
    answers: list[str] = []
    within = False
    for line in _unfolded(text[:_MOST]):
        name, parameters, value = _property(line)
        if name == "METHOD" and value.upper() in _METHODS:
            found["invitation"] = value.lower()
        elif name == "BEGIN":
            within = within or value.upper() in ("VEVENT", "VTODO")
        elif name == "END" and value.upper() in ("VEVENT", "VTODO"):
            break
        elif within and name == "ATTENDEE" and len(answers) < 20:
            answers.append(_person(parameters, value))
        elif within and name in _NAMES:
            found.setdefault(_NAMES[name], _told(name, parameters, value))
    if answers:
        found["who"] = ", ".join(answers)
    if within:
        found.setdefault("invitation", "publish")
    return {name: clean_name(value, longest=500) for name, value in found.items() if value}


def words_for(facts: dict[str, str]) -> str:
    """An invitation in lines, for a mail that says nothing else."""
    names = ("what", "begins", "ends", "where", "organiser", "who")
    return "\n".join(facts[name] for name in names if facts.get(name))


def _unfolded(text: str) -> list[str]:
    lines: list[list[str]] = []
    for line in text.split("\n"):
        line = line.rstrip("\r")
        if line[:1] in (" ", "\t") and lines:
            lines[-1].append(line[1:])
        else:
            lines.append([line])
    return ["".join(pieces) for pieces in lines]


def _property(line: str) -> tuple[str, dict[str, str], str]:
    head, value = _cut_at_colon(line)
    name, *given = head.split(";")
    pairs = [each.split("=", 1) for each in given if "=" in each]
    parameters = {key.upper(): told.strip('"') for key, told in pairs}
    return name.strip().upper(), parameters, value.strip()


def _cut_at_colon(line: str) -> tuple[str, str]:
    """Cut at the first colon that stands outside quotes."""
    quoted = False
    for at, char in enumerate(line[:2_000]):
        if char == '"':
            quoted = not quoted
        elif char == ":" and not quoted:
            return line[:at], line[at + 1 :]
    return line, ""


def _told(name: str, parameters: dict[str, str], value: str) -> str:
    if name in ("DTSTART", "DTEND"):
        return _moment(value, parameters.get("TZID", ""))
    if name == "ORGANIZER":
        return _person(parameters, value)
    return value.replace("\\n", " ").replace("\\N", " ").replace("\\,", ",").replace("\\;", ";")


def _moment(value: str, zone: str) -> str:
    """`20260302T093000Z` as `2026-03-02 09:30 UTC`."""
    day, _t, clock = value.partition("T")
    if len(day) != 8 or not day.isdigit():
        return value
    told = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    if clock[:4].isdigit():
        told += f" {clock[:2]}:{clock[2:4]}"
    return f"{told} UTC" if clock.endswith("Z") else f"{told} {zone}".strip()


def _person(parameters: dict[str, str], value: str) -> str:
    address = value.lower().removeprefix("mailto:")
    answer = parameters.get("PARTSTAT", "").lower()
    return f"{address} ({answer})" if answer in ("accepted", "declined", "tentative") else address

"""What an answer by machine tells: until when somebody is away, and where a doubter wants a click.

A date is shown in the machine's own words: nobody can know whether 3/4 is March or April.
"""

from makegood.kit.rx import rx

from .automatic import Machine

_MOST = 4_000
_MONTHS = (
    "jan|ene|gen|led|sty|янв|ιαν|oca|tammi|"
    "feb|fév|fev|úno|lut|февр|φεβ|şub|helmi|"
    "mar|mär|maa|bře|март|μάρ|μαρ|"
    "apr|avr|abr|dub|kwi|апр|απρ|nis|huhti|"
    "may|mai|maj|mag|mei|kvě|мая|май|μαΐ|μαι|"
    "jun|jui|giu|červ|cze|июн|ιουν|haz|kesä|"
    "jul|lug|lip|июл|ιουλ|tem|heinä|"
    "aug|aoû|ago|srp|sie|авг|αυγ|ağu|elo|"
    "sep|set|zář|wrz|сент|σεπ|eyl|syys|"
    "oct|okt|out|ott|říj|paź|окт|οκτ|eki|loka|"
    "nov|lis|нояб|νοε|kas|marras|"
    "dec|dez|déc|dic|pro|gru|дек|δεκ|ara|joulu|"
    "ינואר|פברואר|מרץ|אפריל|מאי|יוני|יולי|אוגוסט|ספטמבר|אוקטובר|נובמבר|דצמבר|"
    "يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
)
_MONTH = rf"(?:{_MONTHS})[\p{{L}}\p{{M}}]*\.?"
_YEAR = r"(?:[,.]?\s+(?:de\s+)?(?:19|20)\d\d)?"
_DATE = rx(
    r"(?:^|[^\d\p{L}])("
    r"(?:19|20)\d\d-\d\d-\d\d"
    r"|\d{1,2}[./]\s?\d{1,2}[./]\s?(?:(?:20)?\d\d)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.|º|ª)?\s+(?:of\s+|de\s+)?{_MONTH}{_YEAR}"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?{_YEAR}"
    r"|(?:\d{4}年\s?)?\d{1,2}月\s?\d{1,2}日"
    r"|(?:\d{4}년\s?)?\d{1,2}월\s?\d{1,2}일"
    r")",
    ignore_case=True,
)
_UNTIL = rx(
    r"\b(?:until|till|through|to|bis|jusqu|au|hasta|fino|até|ate|tot|t/m|do|до|till och med|"
    r"til|saakka|asti|kadar|μέχρι|έως|עד|حتى)\b[^.!?\n]{0,24}$",
    ignore_case=True,
)
_LINK = rx(r"https?://[^\s<>\"'\])]+", ignore_case=True)
_DOUBTING = ("confirm", "verif", "challenge", "approve", "release", "boxbe", "spamarrest", "token")


def told_by(machine: Machine, text: str) -> dict[str, str]:
    """What is worth showing of a machine's mail, as small facts."""
    facts = {} if machine == Machine.NONE else {"machine": machine.value}
    text = text[:_MOST]
    if machine == Machine.AWAY:
        facts |= _when(text)
    if machine == Machine.CHALLENGE and (link := _link(text)):
        facts["link"] = link
    return facts


def _when(text: str) -> dict[str, str]:
    """The last day that is named near the beginning: of a span, that is its end."""
    found = list(_DATE.finditer(text))[:8]
    if not found:
        return {}
    last = found[1] if len(found) > 1 and found[1].start() - found[0].end() < 40 else found[0]
    words = " ".join(last.group(1).split()).strip(" ,")[:40]
    is_span = last is not found[0]
    before = text[max(0, last.start(1) - 32) : last.start(1)]
    is_until = is_span or bool(_UNTIL.search(before)) or text[last.end(1) :][:2].startswith("まで")
    return {"away_until" if is_until else "back_on": words}


def _link(text: str) -> str:
    links = [found.group(0).rstrip(".,;:!?")[:500] for found in _LINK.finditer(text)][:20]
    sure = [link for link in links if any(word in link.lower() for word in _DOUBTING)]
    return next(iter(sure or links), "")

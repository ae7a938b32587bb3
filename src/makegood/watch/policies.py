"""SPF, DKIM and DMARC of the domain that we send from: RFC 7208, 6376 and 7489."""

from collections.abc import Iterator, Sequence

from makegood.watch.asking import Asked, Put, Record, State, is_same_house
from makegood.watch.spf import sending_servers

MOST_LOOKUPS, DEEPEST, MOST_WORDS = 10, 4, 60
ASKING = ("a", "mx", "ptr", "exists", "include", "redirect")


def spf(asked: Asked) -> Iterator[Record]:
    """Which servers may send for the domain."""
    term = sending_servers(asked.server("smtp"))
    found = sorted(asked.texts(asked.domain, "v=spf1"))
    values = {"domain": asked.domain, "term": term}
    state, why, better = _judged(found, term, asked)
    put = Put(kind="TXT", name=asked.domain, value=better) if better else None
    shown = " | ".join(found)
    yield Record(name="spf", state=state, why=why, values=values, found=shown, put=put)


def _judged(found: Sequence[str], term: str, asked: Asked) -> tuple[State, str, str]:
    """How it fares, what to say of it, and what it should rather be."""
    if not found:
        return State.BROKEN, "spf none", f"v=spf1 {term} ~all"
    if len(found) > 1:
        return State.BROKEN, "spf several", _joined(found)
    words = found[0].split()
    last = words[-1].lower()
    named = term.partition(":")[2] or term
    proves = bool(asked.proof.get("spf")) or any(named in word.lower() for word in words)
    if last in ("+all", "all"):
        return State.BROKEN, "spf everybody", " ".join([*words[:-1], "~all"])
    if _lookups(found[0], asked, 0) > MOST_LOOKUPS:
        return State.BROKEN, "spf too many", ""
    if not proves:
        return State.ATTENTION, "spf not ours", " ".join([words[0], term, *words[1:]])
    if last not in ("~all", "-all") and "redirect=" not in found[0].lower():
        kept = [word for word in words if not word.lower().endswith("all")]
        return State.ATTENTION, "spf open", " ".join([*kept, "~all"])
    return State.OK, "spf ok", ""


def _joined(found: Sequence[str]) -> str:
    """Several records as the one that they should be."""
    terms = [word for record in found for word in record.split()[1:]]
    kept = [word for word in terms if not word.lower().endswith("all")]
    return " ".join(["v=spf1", *dict.fromkeys(kept), "~all"])


def _lookups(record: str, asked: Asked, depth: int) -> int:
    """How many further questions a receiver must ask (RFC 7208, 4.6.4)."""
    total = 0
    for word in record.lower().split()[1:MOST_WORDS]:
        bare = word.lstrip("+-~?").replace("redirect=", "redirect:", 1)
        kind, _colon, name = bare.partition(":")
        if kind.partition("/")[0] not in ASKING:
            continue
        total += 1
        if kind in ("include", "redirect") and depth < DEEPEST and "%" not in name:
            inner = asked.texts(name, "v=spf1")
            total += _lookups(inner[0], asked, depth + 1) if inner else 0
        if total > MOST_LOOKUPS:
            break
    return total


def dkim(asked: Asked) -> Iterator[Record]:
    """Whether our mail is signed for the domain, as the mail itself shows that came back."""
    if not asked.proof:
        yield Record(name="dkim", state=State.UNKNOWN, why="not tried")
        return
    pairs = [str(one).partition(" ") for one in asked.proof.get("selectors", ())]
    own = [(key, domain) for key, _blank, domain in pairs if is_same_house(domain, asked.domain)]
    shown = ", ".join(f"{key}._domainkey.{domain}" for key, domain in own)
    signers = ", ".join(asked.proof.get("signed", ()))
    values = {"domain": asked.domain, "signers": signers or "–"}
    if not asked.proof.get("dkim"):
        yield Record(name="dkim", state=State.ATTENTION, why="dkim none", values=values)
    elif not all(_has_key(asked, key, domain) for key, domain in own):
        yield Record(name="dkim", state=State.BROKEN, why="dkim lost", values=values, found=shown)
    else:
        yield Record(name="dkim", state=State.OK, why="dkim ok", values=values, found=shown)


def _has_key(asked: Asked, selector: str, domain: str) -> bool:
    found = asked.names(f"TXT {selector}._domainkey.{domain}")
    tags = [piece.strip() for record in found for piece in str(record).split(";")]
    return any(tag.startswith("p=") and len(tag) > 2 for tag in tags)


def dmarc(asked: Asked) -> Iterator[Record]:
    """What receivers do with mail that only pretends to be from the domain."""
    from makegood.channels.email.authentication import organisation  # reads the suffix list

    places = dict.fromkeys([asked.domain, organisation(asked.domain) or asked.domain])
    found: list[str] = []
    place = asked.domain
    for place in places:
        found = asked.texts(f"_dmarc.{place}", "v=dmarc1")
        if found:
            break
    if len(found) == 1:
        yield _policy(found[0], f"_dmarc.{place}", asked)
        return
    begin = f"v=DMARC1; p=none; rua=mailto:{asked.inbox.address}"
    put = None if found else Put(kind="TXT", name=f"_dmarc.{asked.domain}", value=begin)
    state = State.BROKEN if found else State.ATTENTION
    why = "dmarc several" if found else "dmarc none"
    yield Record(name="dmarc", state=state, why=why, found=" | ".join(found), put=put)


def _policy(record: str, name: str, asked: Asked) -> Record:
    pairs = (piece.partition("=") for piece in record.split(";"))
    tags = {key.strip().lower(): value.strip() for key, _is, value in pairs if key.strip()}
    policy, proof = tags.get("p", "").lower(), asked.proof
    is_aligned = bool(proof.get("dkim") or proof.get("spf") or proof.get("said") == "pass")
    better = ""
    if policy not in ("none", "quarantine", "reject"):
        state, why = State.BROKEN, "dmarc odd"
    elif proof and not is_aligned and policy != "none":
        state, why = State.BROKEN, "dmarc against us"
    elif policy == "none":
        state, why = State.OK, "dmarc watches"
        better = record.replace("p=none", "p=quarantine", 1) if is_aligned else ""
    elif "rua" not in tags:
        state, why = State.OK, "dmarc no reports"
        better = f"{record.rstrip('; ')}; rua=mailto:{asked.inbox.address}"
    else:
        state, why = State.OK, "dmarc ok"
    put = Put(kind="TXT", name=name, value=better) if better else None
    values = {"policy": policy}
    return Record(name="dmarc", state=state, why=why, values=values, found=record, put=put)

"""The signature under an answer: the agent's own words, then the inbox's; never twice.

A signature is written in Markdown and may hold a few fields, each with a fallback:
`{agent.first_name|Your team}`. What has no value is left out: nobody reads a signature
before it leaves.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.kit.errors import Refused
from makegood.kit.markdown import escaped, plain
from makegood.kit.rx import rx
from makegood.team.models import Agent

_FIELD = rx(r"\{([a-z_.]{1,40})(?:\|([^{}\n]{0,120}))?\}")
FIELDS: Mapping[str, Callable[[Agent, Inbox], str]] = {
    "agent.name": lambda agent, _inbox: agent.name,
    "agent.first_name": lambda agent, _inbox: agent.name.split()[0] if agent.name.split() else "",
    "inbox.name": lambda _agent, inbox: inbox.name,
    "inbox.address": lambda _agent, inbox: inbox.address,
    "shop.name": lambda _agent, inbox: inbox.sender_name or inbox.name,
}


@dataclass(frozen=True, kw_only=True)
class Signed:
    """An answer, and the signature that is to stand under it."""

    text: str
    signature: str


def signature_of(agent: Agent, sender: Inbox) -> str:
    """What stands under the answers that this agent sends from this inbox."""
    own, shared = (
        _filled(one, agent, sender).strip() for one in (agent.signature, sender.signature)
    )
    if not own or not shared or shared in own:
        return own or shared
    return f"{own}\n{shared}"


def signed(text: str, agent: Agent, sender: Inbox) -> Signed:
    """The answer with its signature, unless whoever wrote it put that there already."""
    signature = signature_of(agent, sender)
    lines = [line.strip() for line in plain(signature).splitlines()]
    written = [line.strip() for line in plain(text).rstrip().splitlines()]
    if not lines or written[-len(lines) :] == lines:
        return Signed(text=text, signature="")
    if "--" in written:
        after = written[len(written) - written[::-1].index("--") :]
        if after and after == lines[: len(after)]:
            rest = signature.splitlines()[len(after) :]
            return Signed(text="\n".join([text.rstrip(), *rest]), signature="")
    return Signed(text=text, signature=signature)


def _filled(signature: str, agent: Agent, sender: Inbox) -> str:
    """With its fields filled in. A line that held only what is unknown goes."""
    lines = []
    for line in signature.splitlines():
        full = _FIELD.sub(lambda found: _value(found, agent, sender), line)
        if full.strip() or not line.strip():
            lines.append(full)
    return "\n".join(lines)


def _value(found: Any, agent: Agent, sender: Inbox) -> str:
    value = FIELDS[found[1]](agent, sender) if found[1] in FIELDS else ""
    return escaped(value) or found[2] or ""


def refuse_unknown_fields(signature: str) -> None:
    """Say which field a signature cannot have."""
    for found in _FIELD.finditer(signature):
        if found[1] not in FIELDS:
            words = _("A signature has no field %(name)s. It may hold: %(known)s")
            known = " ".join("{" + name + "}" for name in FIELDS)
            raise Refused(words % {"name": "{" + found[1] + "}", "known": known})

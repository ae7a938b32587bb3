"""The signature under an answer: the agent's own words, then the inbox's; never twice."""

from makegood.channels.models import Inbox
from makegood.team.models import Agent


def signature_of(agent: Agent, sender: Inbox) -> str:
    """What stands under the answers that this agent sends from this inbox."""
    own, shared = agent.signature.strip(), sender.signature.strip()
    if not own or not shared or shared in own:
        return own or shared
    return f"{own}\n{shared}"


def signed(text: str, agent: Agent, sender: Inbox) -> str:
    """The answer with its signature, unless whoever wrote it put that there already."""
    signature = signature_of(agent, sender)
    lines = [line.strip() for line in signature.splitlines()]
    written = [line.strip() for line in text.rstrip().splitlines()]
    if not lines or written[-len(lines) :] == lines:
        return text
    if "--" in written:
        after = written[len(written) - written[::-1].index("--") :]
        if after and after == lines[: len(after)]:
            return "\n".join([text.rstrip(), *signature.splitlines()[len(after) :]])
    return f"{text}\n\n-- \n{signature}"

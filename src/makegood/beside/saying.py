"""What is said beside a conversation, looked over and put into the outbox like any answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.beside.events import SideSentAnyway
from makegood.beside.keys import make_key
from makegood.beside.models import (
    SideDraft,
    SideFile,
    SideKey,
    SideMessage,
    SideParty,
    SideThread,
)
from makegood.beside.quoting import without_keys
from makegood.beside.recipients import refuse_wrong_recipients
from makegood.channels.actions import post
from makegood.channels.interface import Address, Outgoing, OutgoingFile
from makegood.channels.models import Inbox
from makegood.conversations.guarding import deaf, foreign_in, look_over, private_links_in
from makegood.conversations.models import Attachment, Conversation, Message
from makegood.conversations.replying import reply_address
from makegood.conversations.signing import signed
from makegood.conversations.writing import letter
from makegood.guard.sheet import Finding, Sheet
from makegood.kit.errors import Refused
from makegood.kit.html import paragraphs
from makegood.kit.text import fit_for_storage, one_line
from makegood.ledger.actions import record
from makegood.team.models import Agent

Carried = Sequence[Attachment | SideFile]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What an agent wants to say to somebody else. `files` are ticked ones of the conversation."""

    to: Sequence[Address]
    text: str
    subject: str = ""
    quoted: str = ""
    files: Sequence[int] = ()
    draft: SideDraft | None = None
    """Where the files wait that the writer brought along."""
    client_key: str = ""
    accepted: Sequence[str] = ()
    about: Message | None = None
    is_forward: bool = False
    rests: bool = False
    """Whether the conversation rests until somebody answers: here, or the customer."""


def say(conversation: Conversation, thread: SideThread, wish: Wish, by: Agent) -> SideMessage:
    """Write message, files and delivery in the caller's transaction, or raise `Refused`."""
    if not (by.may("answer") and by.may("answer.alone")):
        raise Refused(_("Your role does not let you write to others without somebody’s yes."))
    files = _files(conversation, wish, by)
    text = fit_for_storage(wish.text).strip()
    quoted = without_keys(fit_for_storage(wish.quoted)).strip()
    if not text and not quoted and not files:
        raise Refused(_("There is nothing to send yet: write something first."))
    refuse_wrong_recipients(conversation, wish.to)
    _refuse_too_much(files, thread.inbox)
    sheet = _sheet(conversation, thread, wish, "\n\n".join([text, quoted]), files)
    asked = look_over(sheet, wish.accepted)
    _name_parties(thread, wish.to)
    message = SideMessage.objects.create(
        thread=thread,
        direction=SideMessage.Direction.OUTGOING,
        agent=by,
        author_name=by.name,
        subject=_subject(thread),
        text=text,
        quoted=quoted,
        at=timezone.now(),
        to=[one.address for one in wish.to],
        delivery_state="queued",
        client_key=wish.client_key or None,
    )
    _put_files(message, files, wish.draft)
    outgoing = _outgoing(thread, message, wish.to, by)
    message.external_id = outgoing.key
    message.save(update_fields=["external_id"])
    post(outgoing, inbox=thread.inbox, about=message.ref)
    _tell_asked(thread, message, asked, by)
    return message


def _files(conversation: Conversation, wish: Wish, by: Agent) -> list[Attachment | SideFile]:
    """Ticked files of the conversation, and those that the writer put on the draft."""
    place = Q(message__conversation=conversation) | Q(note__conversation=conversation)
    ticked = Attachment.objects.select_related("file").filter(place, pk__in=list(wish.files))
    own: list[SideFile] = []
    if wish.draft is not None and wish.draft.agent_id == by.pk:
        own = list(wish.draft.files.select_related("file").order_by("pk"))
    return [*ticked.order_by("pk"), *own]


def _refuse_too_much(files: Carried, sender: Inbox) -> None:
    limits, total = sender.limits, sum(one.file.size for one in files)
    if len(files) > limits.attachments or total > limits.attachment_bytes:
        raise Refused(_("These attachments are more than this channel can carry."))


def _sheet(
    conversation: Conversation, thread: SideThread, wish: Wish, text: str, files: Carried
) -> Sheet:
    """What the guard wants to know: here no private link may go, not even the customer's own."""
    answers = thread.messages.filter(direction=SideMessage.Direction.INCOMING).order_by("-pk")
    known = list(thread.parties.values_list("address", flat=True))
    return Sheet(
        text=text,
        subject=wish.subject,
        theirs="\n".join(words[:4_000] for words in answers.values_list("text", flat=True)[:10]),
        files=[one.name for one in files],
        recipients=[one.address for one in wish.to],
        taking_part=known,
        ours=list(Inbox.objects.exclude(address="").values_list("address", flat=True)),
        house=settings.URL,
        foreign=[*foreign_in(conversation, text), *_links(text)],
        deaf=deaf(thread.inbox),
    )


def _links(text: str) -> Iterator[tuple[str, str]]:
    for link in private_links_in(text):
        yield link, _("This link opens a customer's conversation:")


def _name_parties(thread: SideThread, to: Sequence[Address]) -> None:
    """Whoever is written to belongs to the thread from now on."""
    for one in to:
        SideParty.objects.get_or_create(
            thread=thread, address=one.address, defaults={"name": one.name}
        )


def _subject(thread: SideThread) -> str:
    is_first = not thread.messages.exists()
    return thread.subject if is_first else one_line(f"Re: {thread.subject}", 250)


def _put_files(message: SideMessage, files: Carried, draft: SideDraft | None) -> None:
    """Files are copied, not moved: they go on standing where they came from."""
    for one in files:
        SideFile.objects.create(
            message=message,
            file=one.file,
            name=one.name,
            content_type=one.content_type,
        )
    if draft is not None:
        draft.delete()


def _outgoing(
    thread: SideThread, message: SideMessage, to: Sequence[Address], by: Agent
) -> Outgoing:
    """Its Message-ID, reply address and references are the thread's own, and nobody else's."""
    sender, given_to = thread.inbox, [one.address for one in to]
    domain = sender.address.partition("@")[2] or "localhost"
    name = one_line(f"{by.name} · {sender.sender_name or sender.name}", 100)
    said = signed(message.text, by, sender)
    leaves = letter(said.text, signature=said.signature, domain=domain)
    text = "\n\n".join(filter(None, [leaves.text, message.quoted]))
    references = _chain(thread)
    return Outgoing(
        key=f"<m.{make_key(thread, given_to, SideKey.Purpose.MESSAGE)}@{domain}>",
        to=list(to),
        text=text,
        html=_with_quote(leaves.html, message.quoted),
        subject=message.subject,
        sender=Address(address=sender.address, name=name),
        reply_to=reply_address(sender, make_key(thread, given_to, SideKey.Purpose.REPLY)),
        in_reply_to=references[-1] if references else "",
        references=references,
        files=[
            OutgoingFile(
                sha256=one.file.sha256,
                name=one.name,
                content_type=one.content_type,
                size=one.file.size,
            )
            for one in message.files.select_related("file").order_by("pk")
        ],
    )


def _with_quote(page: str, quoted: str) -> str:
    """What is passed on stands below our words as it is: nothing in it is read as Markdown."""
    head, end, foot = page.rpartition("</div></body>")
    return f"{head}{paragraphs(quoted)}{end}{foot}" if end else f"{page}{paragraphs(quoted)}"


def _chain(thread: SideThread) -> list[str]:
    known = thread.messages.exclude(external_id="").order_by("-pk")
    return list(reversed(known.values_list("external_id", flat=True)[:12]))


def _tell_asked(
    thread: SideThread, message: SideMessage, asked: Sequence[Finding], by: Agent
) -> None:
    if asked:
        questions = " · ".join(f"{one.reason} {one.excerpt}".strip() for one in asked)
        fact = SideSentAnyway(thread=thread.pk, side_message=message.pk, questions=questions)
        record(fact, about=[message, thread, thread.conversation], by=by, at=message.at)

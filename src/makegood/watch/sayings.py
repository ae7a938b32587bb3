"""What records and alarms mean, in the reader's language. Rows keep a word and its values."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.watch.models import Alarm

Cause = Alarm.Cause

TITLES: dict[str, str | Promise] = {
    "mx": _("Where mail is led to (MX)"),
    "spf": _("Who may send for you (SPF)"),
    "dkim": _("The signature (DKIM)"),
    "dmarc": _("Against forgers (DMARC)"),
    "reply": _("The way back of answers"),
    "tls": _("Certificate"),
    "reverse": _("Name of the sending server"),
    "mta-sts": _("Encryption asked for (MTA-STS)"),
    "tls-rpt": _("Reports on encryption (TLS-RPT)"),
    "guards": _("Encryption asked for (MTA-STS)"),
}

MEANS: dict[str, str | Promise] = {
    "no answer": _("The name service did not answer."),
    "not tried": _("Not known yet: it shows when a test message has come back."),
    "mx ok": _("Mail for %(domain)s goes to %(hosts)s."),
    "mx none": _("No server takes mail for %(domain)s: whoever writes gets an error."),
    "mx lost": _("Mail for %(domain)s is led to %(lost)s, which has no address."),
    "mx partly lost": _("One of the servers that mail is led to has no address: %(lost)s."),
    "mx elsewhere": _(
        "Mail goes to %(hosts)s and is fetched from %(imap)s; the test message shows whether "
        "that fits."
    ),
    "spf ok": _("It names the servers that may send for you."),
    "spf none": _("Nothing says which servers may send for %(domain)s: many receivers mind."),
    "spf several": _("There are several such records; receivers then ignore them all."),
    "spf everybody": _("It lets every server in the world send for you (+all)."),
    "spf too many": _("Reading it takes more than ten further questions: receivers ignore it."),
    "spf not ours": _("It does not name the servers that this inbox sends by: %(term)s."),
    "spf open": _("It names your servers but says nothing of all others."),
    "dkim ok": _("Mail is signed for %(domain)s, and the signature holds."),
    "dkim lost": _("Mail is signed, but the key for it is not in the DNS."),
    "dkim none": _(
        "Mail is not signed for %(domain)s (signed by: %(signers)s). Switch DKIM on where your "
        "mail leaves, and put the record that is shown there into the DNS."
    ),
    "dmarc ok": _("Mail that only pretends to be yours is held back (p=%(policy)s)."),
    "dmarc none": _("Receivers are not told what to do with forged mail; large ones ask for it."),
    "dmarc several": _("There are several such records; receivers then ignore them all."),
    "dmarc odd": _("It names no policy that receivers know."),
    "dmarc against us": _(
        "It has unsigned mail refused (p=%(policy)s), and our test message was not signed for "
        "you: customers may not get your answers."
    ),
    "dmarc watches": _("It only watches (p=none). Once all your mail is signed, ask for more."),
    "dmarc no reports": _("It protects you (p=%(policy)s), but nobody sends you reports."),
    "reply ok": _("Answers to the addresses that we give out come back."),
    "reply plain": _(
        "Answers come to the plain address and are joined by what mail programs send along."
    ),
    "reply lost": _(
        "Answers to the addresses that we give out do not come back. Have your server take "
        "addresses with a plus, name a domain for replies, or switch plus addresses off."
    ),
    "tls ok": _("The certificate of %(host)s holds for %(n)s more days."),
    "tls broken": _("The certificate of %(host)s does not hold: %(said)s"),
    "ptr ok": _("%(address)s is known by its name."),
    "ptr none": _("%(address)s has no name of its own: many receivers refuse its mail."),
    "there": _("Set up."),
    "not needed": _("Not set up; nobody has to have it."),
}

ALARMS: dict[str, str | Promise] = {
    Cause.LOGIN: _("%(inbox)s: signing in is refused"),
    Cause.NETWORK: _("%(inbox)s: its server does not answer as it should"),
    Cause.FULL: _("%(inbox)s: the mailbox is full (%(share)s %%)"),
    Cause.FOLDER: _("%(inbox)s: mails lie there that we have not fetched (%(n)s)"),
    Cause.CERTIFICATE: _("%(inbox)s: a certificate needs care (%(host)s)"),
    Cause.PROBE: _("%(inbox)s: a test message to %(to)s did not come back"),
    Cause.REPLY: _("%(inbox)s: answers to our reply addresses do not come back"),
    Cause.RECORD: _("%(inbox)s: a record of the domain is broken (%(record)s)"),
    Cause.OUTBOX: _("Mail does not leave: %(n)s wait"),
    Cause.DISK: _("The disk is nearly full: %(mb)s MB are left"),
    Cause.FOLLOWER: _("“%(name)s” passed over %(n)s events that it could not read"),
}

DO: dict[str, str | Promise] = {
    Cause.LOGIN: _(
        "Give the password or the token anew: the inbox → Servers. What customers write waits "
        "on the server."
    ),
    Cause.NETWORK: _(
        "See what the server said. If it is your provider's trouble, nothing has to be done: we "
        "try again by ourselves, and mail waits there."
    ),
    Cause.FULL: _("Make room in the mailbox or ask for more: new mail is refused until then."),
    Cause.FOLDER: _("The inbox → Health → Read again. If they stay, see the log of the worker."),
    Cause.CERTIFICATE: _("Have whoever runs the mail server renew its certificate."),
    Cause.PROBE: _(
        "Write to the address yourself from outside. See the spam folder, forwarding rules and "
        "the record MX; then test again: the inbox → Health."
    ),
    Cause.REPLY: _(
        "Have your server take addresses with a plus, or name a domain for replies: the inbox → "
        "Servers."
    ),
    Cause.RECORD: _("The inbox → Health → Records: the line to put into the DNS stands there."),
    Cause.OUTBOX: _("Is the worker running? See Office → Deliveries and what the server said."),
    Cause.DISK: _("Make room: below the reserve, mail is refused for now and stays outside."),
    Cause.FOLLOWER: _("See bin/makegood ledger held; once mended: bin/makegood ledger retry."),
}

_NOTHING = "–"


def in_words(text: str | Promise, values: dict[str, Any]) -> str:
    """A sentence with its values; one that is missing is a dash, never an error."""
    return str(text) % _Kept(values)


class _Kept(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return _NOTHING

"""Filling in our own contact form as a customer would: through its public address, or inside."""

import html
import json
import time
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.models import Inbox
from makegood.kit.egress import Unreachable, fetch, is_public_host, submit
from makegood.kit.ids import new_token
from makegood.kit.rx import rx

NONCE = r'<input[^>]*name="nonce"[^>]*>'
VALUE = r'value="([^"]*)"'
AS_A_PERSON_SECONDS = 3.3
"""The form takes whoever is quicker for a machine."""


class Unposted(Exception):
    """The form could not be sent; the words say why."""


def post_form(inbox: Inbox, page: str, subject: str, text: str) -> None:
    """Send the form once. Raises `Unposted`."""
    if is_public_host(urlsplit(page).hostname or ""):
        _through_the_network(page, _answers(inbox, subject, text))
    else:
        _inside(inbox, _answers(inbox, subject, text))


def _answers(inbox: Inbox, subject: str, text: str) -> dict[str, str]:
    mailbox = inbox.mail_inbox
    email = mailbox.address if mailbox and mailbox.address else "probe@makegood.invalid"
    return {"email": email, "name": "Makegood", "subject": subject, "text": text}


def _through_the_network(page: str, answers: dict[str, str]) -> None:
    try:
        shown = fetch(page, accept="text/html")
        field = rx(NONCE).search(shown.content.decode("utf-8", "replace"))
        value = rx(VALUE).search(field[0]) if field else None
        if shown.status != 200 or value is None:
            raise Unposted(_("The page answered %(code)s without a form.") % {"code": shown.status})
        time.sleep(AS_A_PERSON_SECONDS)
        sent = submit(page, {**answers, "nonce": html.unescape(value[1])})
    except Unreachable as error:
        raise Unposted(str(error)) from error
    if sent.status >= 400:
        raise Unposted(_("The form was refused (%(code)s).") % {"code": sent.status})


def _inside(inbox: Inbox, answers: dict[str, str]) -> None:
    """By the form's own door, without the network: nobody outside could open the page."""
    raw = json.dumps({**answers, "files": []}, ensure_ascii=False).encode()
    key = f"form:{new_token()}"
    take_in([RawArrival(inbox_id=inbox.pk, raw=raw, origin="form", external_id=key)])

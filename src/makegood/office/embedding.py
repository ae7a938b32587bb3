"""What the shop puts into its own page so that customers find the contact form."""

from html import escape

from django.conf import settings
from django.urls import reverse

from makegood.channels.models import Inbox


def form_address(inbox: Inbox) -> str:
    """Where customers find the form of a web inbox; nothing for other kinds."""
    if inbox.kind != "web":
        return ""
    return settings.URL + reverse("portal:write", args=[inbox.public_id])


def snippet(inbox: Inbox) -> str:
    """HTML for the shop's page, as text: the chat's one script, or the form's frame without any."""
    if inbox.kind == "chat":
        script = settings.URL + reverse("portal:widget")
        return f'<script async src="{escape(script)}" data-shop="{inbox.public_id}"></script>'
    if inbox.kind != "web":
        return ""
    address = settings.URL + reverse("portal:embedded", args=[inbox.public_id])
    title = escape(inbox.name)
    return f'<iframe src="{escape(address)}" title="{title}" height="640"></iframe>'

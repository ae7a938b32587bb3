"""What the shop puts into its own page so that customers find the contact form."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from makegood.channels.models import Inbox


def form_address(inbox: Inbox) -> str:
    """Where customers find the form of a web inbox; nothing for other kinds."""
    if inbox.kind != "web":
        return ""
    try:
        return settings.URL + reverse("portal:form", args=[inbox.public_id])
    except NoReverseMatch:
        return ""


def snippet(inbox: Inbox) -> str:
    """HTML for the shop's page: a frame, without any script of ours."""
    address = form_address(inbox)
    return f'<iframe src="{address}" title="{inbox.name}" height="640"></iframe>' if address else ""

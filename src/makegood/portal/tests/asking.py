"""How the portal's tests fill in forms: like a browser that shows what it was given."""

import time
from typing import Any

import time_machine
from django.test import Client

from makegood.kit.rx import rx


def nonce_in(html: str) -> str:
    return str(rx(r'name="nonce" value="([^"]+)"').search(html).group(1))


def opened(client: Client, address: str, network: str = "203.0.113.7") -> str:
    """The form as it was shown a while ago: the time that a person needs has passed."""
    with time_machine.travel(time.time() - 20, tick=True):
        return str(client.get(address, REMOTE_ADDR=network).content.decode())


def fill_in(client: Client, address: str, *, network: str = "203.0.113.7", **fields: Any) -> Any:
    """Open a form, take the time that a person needs, and send it."""
    shown = opened(client, address, network)
    content = {
        "email": "ida@example.com",
        "name": "Ida Berg",
        "subject": "My lamp",
        "text": "Where is my lamp?",
        "nonce": nonce_in(shown),
        **fields,
    }
    return client.post(address, content, REMOTE_ADDR=network)

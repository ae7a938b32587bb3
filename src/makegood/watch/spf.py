"""The term that names a provider's sending servers in an SPF record, as the provider says it."""

from makegood.channels.email.authentication import organisation

PROVIDERS = {
    "gmail.com": "include:_spf.google.com",
    "google.com": "include:_spf.google.com",
    "googlemail.com": "include:_spf.google.com",
    "office365.com": "include:spf.protection.outlook.com",
    "outlook.com": "include:spf.protection.outlook.com",
    "zoho.com": "include:zohomail.com",
    "zoho.eu": "include:zohomail.eu",
    "fastmail.com": "include:spf.messagingengine.com",
    "mailbox.org": "include:mailbox.org",
    "gandi.net": "include:_mailcust.gandi.net",
    "ovh.net": "include:mx.ovh.com",
    "infomaniak.com": "include:spf.infomaniak.ch",
    "me.com": "include:icloud.com",
    "yandex.com": "include:_spf.yandex.net",
    "awsapps.com": "include:amazonses.com",
    "ionos.de": "include:_spf-eu.ionos.com",
    "ionos.com": "include:_spf-eu.ionos.com",
}


def sending_servers(host: str) -> str:
    """What to write for a sending server: the provider's own record, else the server itself."""
    known = PROVIDERS.get(organisation(host) or host)
    return known or (f"a:{host}" if host else "mx")

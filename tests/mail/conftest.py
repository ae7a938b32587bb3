"""The desk as it is served, with its mailbox at a real Dovecot and Postfix."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail.servers import MailServers
from tests.mail.shop import MailShop
from tests.served import Served


@pytest.fixture(scope="session")
def servers() -> Iterator[MailServers]:
    running = MailServers().start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def served(servers: MailServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data: Path = tmp_path_factory.mktemp("desk")
    install = Served(data, extra={"SSL_CERT_FILE": str(servers.certificate)})
    install.start("--empty")
    yield install
    install.stop()


@pytest.fixture(scope="session")
def shop(servers: MailServers, served: Served) -> Iterator[MailShop]:
    opened = MailShop(servers, served)
    opened.set_the_scene()
    yield opened
    opened.hand.close()

"""A small name service on this machine: it answers over UDP from a table, like a real one."""

import socketserver
import threading
from types import TracebackType
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset

Zone = dict[str, list[str]]


class NameServer:
    """`zone` maps `TXT shop.example` to the records as a zone file writes them."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.asked: list[str] = []
        owner = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                question, socket = self.request
                socket.sendto(owner.answer(question), self.client_address)

        self._server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler)

    def answer(self, wire: bytes) -> bytes:
        query = dns.message.from_wire(wire)
        answer: Any = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        question = query.question[0]
        name = question.name.to_text(True).lower()
        key = f"{dns.rdatatype.to_text(question.rdtype)} {name}"
        self.asked.append(key)
        if key in self.zone:
            answer.answer.append(
                dns.rrset.from_text_list(question.name, 60, "IN", question.rdtype, self.zone[key])
            )
        elif not any(known.partition(" ")[2] == name for known in self.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return bytes(answer.to_wire())

    def __enter__(self) -> "NameServer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self._before = dns.resolver.default_resolver
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = self._server.server_address[1]
        dns.resolver.default_resolver = resolver
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        dns.resolver.default_resolver = self._before
        self._server.shutdown()
        self._server.server_close()

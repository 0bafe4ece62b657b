"""A DNS server on loopback that knows what it is told, and answers in the wire's own format."""

from __future__ import annotations

import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from dns.rdatatype import to_text


class Names:
    """``records[(name, type)]`` is a list of values as a zone file writes them; what is not there does not exist.

    ``broken`` names are answered by a failure; ``silent`` answers nothing at all.
    """

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {(".", "NS"): ["a.root-servers.net."]}
        self.broken: set[str] = set()
        self.silent = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def add(self, name: str, kind: str, *values: str) -> None:
        self.records.setdefault((f"{name}.", kind), []).extend(values)

    def text(self, name: str, *values: str) -> None:
        """TXT records, cut as they must be in pieces of 255 characters."""
        for value in values:
            pieces = [value[start:start + 255] for start in range(0, len(value), 255)] or [""]
            self.add(name, "TXT", " ".join('"' + piece.replace('"', '\\"') + '"' for piece in pieces))

    def _serve(self) -> None:
        while True:
            asked, client = self._socket.recvfrom(4096)
            if asked == b"stop":
                return
            if not self.silent:
                self._socket.sendto(self._answer(dns.message.from_wire(asked)), client)

    def _answer(self, query: dns.message.Message) -> bytes:
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        asked = query.question[0]
        name, kind = str(asked.name).lower(), to_text(asked.rdtype)
        if name.rstrip(".") in self.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif values := self.records.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *values))
        elif not any(known == name for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire()

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closing:
            closing.sendto(b"stop", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()

"""A mail server that takes everything: ``python bench/sink.py PORT``. It says, to who asks STAT, how many letters it took."""

from __future__ import annotations

import asyncio
import sys


class Sink(asyncio.Protocol):
    """As little as RFC 5321 asks, so that what is measured is who sends."""

    taken = 0
    names: set[bytes] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.waiting, self.inside = transport, b"", False
        self.transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while True:
            if self.inside:
                letter, end, rest = self.waiting.partition(b"\r\n.\r\n")
                if not end:
                    return
                self.waiting, self.inside = rest, False
                name = letter[letter.index(b"\r\nMessage-ID: ") + 14:].partition(b"\r\n")[0]
                Sink.taken += 1
                Sink.names.add(name)
                self.transport.write(b"250 2.0.0 Ok: queued\r\n")
                continue
            line, end, rest = self.waiting.partition(b"\r\n")
            if not end:
                return
            self.waiting = rest
            self.transport.write(self._answer(line[:4].upper()))

    def _answer(self, word: bytes) -> bytes:
        if word == b"DATA":
            self.inside = True
            return b"354 go on\r\n"
        if word == b"EHLO":
            return b"250-sink\r\n250-PIPELINING\r\n250-SIZE 40000000\r\n250 8BITMIME\r\n"
        if word == b"STAT":
            said = f"250 {Sink.taken} {len(Sink.names)}\r\n".encode()
            Sink.taken, Sink.names = 0, set()
            return said
        if word == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
            return b""
        return b"250 2.1.0 Ok\r\n"


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))

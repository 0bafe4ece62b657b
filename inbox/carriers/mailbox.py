"""One session in an IMAP mailbox: what the carrier asks of a server, and nothing of what it does with the answers."""

from __future__ import annotations

import contextlib
import ipaddress
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

if TYPE_CHECKING:
    from config import ImapAccount

#: Seconds to connect, and to wait for one answer of the server.
TIMEOUT = SocketTimeout(connect=15, read=60)
#: Between two looks at what was asked to stop.
SLICE = 1.0
#: Between two looks into a mailbox whose server cannot tell by itself.
POLL = 30.0


class WrongPassword(Exception):
    """The server knows the user not, or the password is another; the message is the server's."""


class NoSuchFolder(Exception):
    """The folder to read is not there."""


class NotEncrypted(Exception):
    """The server offers no STARTTLS: the password would travel readable."""


class IdleRefused(Exception):
    """The server announces IDLE and does not let us (RFC 2177): open another session, and maybe ask again and again."""


class Mailbox:
    """A folder of a mailbox, open for reading and tidying. Messages are named by UID; no flag is looked at nor set."""

    def __init__(self, client: IMAPClient, folder: str, done_folder: str) -> None:
        self.client = client
        try:
            answer = client.select_folder(folder)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            raise NoSuchFolder(str(error)) from error
        self.uidvalidity = int(answer[b"UIDVALIDITY"])
        self.moves = client.has_capability("MOVE")
        self.idles = client.has_capability("IDLE")
        self._done_folder = done_folder
        self._done_ready = False

    def uids(self) -> list[int]:
        """Every message of the folder, oldest first: whether somebody saw it says nothing of whether we took it.

        A message may arrive while the server answers: it is told then and there, not in the list, and IDLE never tells it
        again (RFC 9051, 7.3.1 and 5.2). So we ask until nothing is told meanwhile.
        """
        while True:
            self._arrivals()
            found = sorted(self.client.search("ALL"))
            if not self._arrivals():
                return found

    def _arrivals(self) -> bool:
        """True when the server told of new messages since the last time this was asked."""
        return any(self.client._imap.response("EXISTS")[1])  # IMAPClient shows them in IDLE only

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Bytes of each message that is still there (RFC822.SIZE)."""
        found = self.client.fetch(uids, ["RFC822.SIZE"]) if uids else {}
        return {uid: int(data.get(b"RFC822.SIZE", 0)) for uid, data in found.items()}

    def whole(self, uid: int) -> bytes | None:
        """The message as it is kept; None when it is gone."""
        return self._fetch(uid, "BODY.PEEK[]", b"BODY[]")

    def header(self, uid: int) -> bytes | None:
        """Its header alone; None when it is gone."""
        return self._fetch(uid, "BODY.PEEK[HEADER]", b"BODY[HEADER]")

    def _fetch(self, uid: int, asked: str, name: bytes) -> bytes | None:
        found = self.client.fetch([uid], [asked])
        if uid not in found:
            return None
        content = found[uid].get(name)
        if not isinstance(content, bytes):
            raise IMAPClientError("no content given")
        return content

    def put_away(self, uids: Sequence[int]) -> None:
        """Move messages to the folder of what was processed, which is made the first time.

        :raises IMAPClientError: the server will not (no room, no right).
        """
        folder = self._ready_folder()
        for first in range(0, len(uids), 100):
            some = list(uids[first:first + 100])
            if self.moves:
                self.client.move(some, folder)
                continue
            # Without MOVE (RFC 6851): marked as deleted at least; another's deletions are never expunged along.
            if some := sorted(set(some) & set(self.client.search("UNDELETED"))):
                self.client.copy(some, folder)
                self.client.delete_messages(some, silent=True)
                if self.client.has_capability("UIDPLUS"):
                    self.client.uid_expunge(some)

    def erase(self, uid: int) -> None:
        """Remove one message for good: neither this folder nor another keeps it.

        :raises IMAPClientError: the server will not, or could only along with what another program marked as deleted.
        """
        self.client.delete_messages([uid], silent=True)
        if self.client.has_capability("UIDPLUS"):
            self.client.uid_expunge([uid])
        elif set(self.client.search("DELETED")) <= {uid}:
            self.client.expunge()
        else:
            raise IMAPClientError("other messages are marked as deleted")

    def _ready_folder(self) -> str:
        if self._done_ready:
            return self._done_folder
        if self.client.has_capability("NAMESPACE") and (personal := self.client.namespace().personal):
            # Some servers keep every folder under INBOX.
            prefix = personal[0][0]
            if prefix and not self._done_folder.startswith(prefix):
                self._done_folder = prefix + self._done_folder
        if not self.client.folder_exists(self._done_folder):
            self.client.create_folder(self._done_folder)
            self.client.subscribe_folder(self._done_folder)
        self._done_ready = True
        return self._done_folder

    def wait(self, seconds: float, stopped: Callable[[], bool]) -> None:
        """Come back when something arrived, after so many seconds, or when asked to stop.

        :raises IdleRefused: the server would not tell; the session is of no use any more.
        """
        if not self.idles:
            pause(min(seconds, POLL), stopped)
            self.client.noop()
            return
        if self._arrivals():
            return  # told with the answer to a move
        try:
            self.client.idle()
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            raise IdleRefused from error
        until = monotonic() + (0 if b"EXISTS" in self._read_ahead() else seconds)
        while not stopped() and (left := until - monotonic()) > 0:
            began = monotonic()
            said = self.client.idle_check(timeout=min(SLICE, left))
            if any(b"EXISTS" in line[1:2] for line in said):
                break
            if not said and monotonic() - began < min(SLICE, left) / 2:
                break  # nothing to read and yet no waiting: the other end is gone, and the next line says so
        self.client.idle_done()

    def _read_ahead(self) -> bytes:
        """What the server told together with its consent to IDLE.

        A message that arrived since the list is told then, and only then. imaplib has read it along, so that the connection,
        which is all that ``idle_check`` looks at, has nothing more to give.
        """
        sock = self.client.socket()
        sock.setblocking(False)
        try:
            return self.client._imap.file.peek()
        except ssl.SSLError:  # nothing more, as an encrypted connection says it
            return b""
        finally:
            sock.settimeout(TIMEOUT.read)


def pause(seconds: float, stopped: Callable[[], bool]) -> None:
    """Sleep, unless asked to stop."""
    until = monotonic() + seconds
    while not stopped() and (left := until - monotonic()) > 0:
        sleep(min(SLICE, left))


@contextmanager
def open_mailbox(account: ImapAccount, done_folder: str) -> Iterator[Mailbox]:
    """A session in that mailbox, encrypted unless the server is this very machine.

    :raises WrongPassword, NoSuchFolder, NotEncrypted: what an operator can mend.
    :raises OSError, IMAPClientError: the server does not answer, or not as it should.
    """
    context = ssl.create_default_context()
    client = IMAPClient(account.host, account.port, ssl=account.tls, ssl_context=context if account.tls else None,
                        timeout=TIMEOUT)
    try:
        if not account.tls and not _is_this_machine(account.host):
            if not client.has_capability("STARTTLS"):
                raise NotEncrypted(account.host)
            client.starttls(context)
        _sign_in(client, account)
        yield Mailbox(client, account.folder, done_folder)
    finally:
        with contextlib.suppress(IMAPClientError, OSError):
            client.logout()
        with contextlib.suppress(IMAPClientError, OSError):
            client.shutdown()


def _sign_in(client: IMAPClient, account: ImapAccount) -> None:
    try:
        if (account.user + account.password).isascii() and not client.has_capability("LOGINDISABLED"):
            client.login(account.user, account.password)
        else:
            # Only SASL says which bytes other letters are: UTF-8 (RFC 4616, 2).
            client.plain_login(account.user, account.password)
    except LoginError as error:
        # IMAPClient gives the same name to a connection cut in the middle, and servers to a moment of trouble (RFC 5530).
        if isinstance(error.__context__, IMAPClientAbortError):
            raise error.__context__ from None
        if "[UNAVAILABLE]" in str(error).upper():
            raise IMAPClientError(str(error)) from None
        raise WrongPassword(str(error)) from None


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

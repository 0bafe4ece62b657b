"""Mailboxes: Dovecot on loopback, with IMAP to read them and LMTP to fill them. Facts of reference email.md 5.1."""

from __future__ import annotations

import base64
import contextlib
import grp
import imaplib
import os
import pwd
import re
import shutil
import smtplib
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from ports import free_port
from tools import absent

from .daemon import PATIENCE, Daemon, own_folder, unprivileged
from .dovecot_settings import SETTINGS, Wanted

PASSWORD = "un mot de passe d’essai"
#: Where a carrier puts what it has taken in.
PROCESSED = "Ring traités"


def _binary() -> str:
    if found := shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        return found
    absent("dovecot")


class Dovecot(Daemon):
    """An address has a mailbox once :meth:`mailbox` made it; any other is unknown (550 5.1.1 over LMTP).

    :param submission_port: SMTP port by which Sieve answers leave.
    :param extra: lines added to the configuration.
    """

    def __init__(self, submission_port: int = 0, extra: str = "") -> None:
        binary = _binary()
        self.version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.split()[0]
        write = SETTINGS.get(self.version[:4]) or absent(f"dovecot {' ou '.join(SETTINGS)} (ici {self.version})")
        modules = "/usr/lib/dovecot"
        for package, file in (("dovecot-imapd", "imap"), ("dovecot-lmtpd", "lmtp"),
                              ("dovecot-sieve", "modules/lib90_sieve_plugin.so")):
            if not Path(modules, file).exists():
                absent(package)
        self.user, self.imap_port, self.lmtp_port = unprivileged(), free_port(), free_port()
        folder = own_folder("dovecot", self.user)
        super().__init__(folder, [binary, "-F", "-c", str(folder / "dovecot.conf")], (self.imap_port, self.lmtp_port),
                         user=self.user)
        (folder / "people").mkdir()
        group = grp.getgrgid(pwd.getpwnam(self.user).pw_gid).gr_name
        settings = Wanted(folder, self.user, group, self.imap_port, self.lmtp_port, submission_port or 9, PROCESSED)
        (folder / "dovecot.conf").write_text(write(settings) + extra, "utf-8")

    def mailbox(self, *addresses: str, quota_bytes: int = 0) -> None:
        """Make these mailboxes; ``quota_bytes`` is what each may hold (0: no limit). They stay known to the server."""
        owner = pwd.getpwnam(self.user)
        old = self.version.startswith("2.3.")
        rule = f"userdb_quota_rule=*:bytes={quota_bytes}" if old else f"userdb_quota_storage_size={quota_bytes}B"
        limit = rule if quota_bytes else ""
        for address in map(str.lower, addresses):
            path = self.folder / "people" / address
            line = f"{address}:{{PLAIN}}{PASSWORD}:{owner.pw_uid}:{owner.pw_gid}::::{limit}\n"
            if path.exists():
                if path.read_text("utf-8") == line:
                    continue
                # Dovecot looks at a file it knows once a second.
                time.sleep(1.1)
            path.write_text(line, "utf-8")

    def clean(self) -> None:
        """Every mailbox empty, on a server that runs."""
        self.start()
        shutil.rmtree(self.folder / "mail", ignore_errors=True)

    def deliver(self, raw: bytes, to: str, sender: str = "") -> None:
        """Hand a message over as a mail server does (LMTP); ``sender`` is the envelope's, "" the null one.

        :raises smtplib.SMTPRecipientsRefused: no such mailbox, or no room in it.
        """
        with smtplib.LMTP("127.0.0.1", self.lmtp_port, timeout=PATIENCE) as lmtp:
            lmtp.sendmail(sender, [to], raw)

    @contextmanager
    def imap(self, address: str) -> Iterator[imaplib.IMAP4]:
        """A session in that mailbox."""
        session = imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=PATIENCE)
        try:
            session.authenticate("PLAIN", lambda _: f"\0{address}\0{PASSWORD}".encode())
            yield session
        finally:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                session.logout()

    def folder_of(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """Messages of a folder as they are kept, in order; nothing is marked as read."""
        with self.imap(address) as session:
            if session.select(_quoted(folder), readonly=True)[0] != "OK":
                return []
            answers = session.uid("FETCH", "1:*", "(BODY.PEEK[])")[1]
        return [answer[1] for answer in answers if isinstance(answer, tuple)]

    def number_letters(self) -> None:
        """Have each letter numbered before others come: a busy server puts a letter down without, and gives it a later number
        than to those that follow."""
        for mail in (self.folder / "mail").glob("*/Maildir"):
            if any(mail.joinpath("new").iterdir()):
                with self.imap(mail.parent.name) as session:
                    session.select(_quoted("INBOX"))

    def unread(self, address: str, folder: str = "INBOX") -> int:
        """How many messages of a folder nobody has seen."""
        with self.imap(address) as session:
            session.select(_quoted(folder), readonly=True)
            return len(session.uid("SEARCH", "UNSEEN")[1][0].split())

    def uidvalidity(self, address: str, folder: str = "INBOX") -> int:
        """The UIDVALIDITY of a folder (RFC 9051, 2.3.1.1)."""
        with self.imap(address) as session:
            session.select(_quoted(folder), readonly=True)
            return int(session.response("UIDVALIDITY")[1][0])

    def renumber(self, address: str) -> None:
        """Give every message of INBOX another UID under another UIDVALIDITY, as a restored or moved mailbox has."""
        before = self.uidvalidity(address)
        self.stop()
        kept = self.folder / "mail" / address.lower() / "Maildir"
        for path in [*kept.glob("dovecot.index*"), kept / "dovecot-uidvalidity"]:
            path.unlink(missing_ok=True)
        listed = kept / "dovecot-uidlist"
        first, _, rest = listed.read_text("utf-8").partition("\n")
        count = len(rest.splitlines())
        fields = [f"V{before + 1}" if field.startswith("V") else f"N{count * 2 + 1}" if field.startswith("N") else field
                  for field in first.split(" ")]
        lines = [line.partition(" ")[2] for line in rest.splitlines()]
        listed.write_text("\n".join([" ".join(fields), *(f"{count + n} {line}" for n, line in enumerate(lines, 1)), ""]), "utf-8")
        self.start()

    def vacation(self, address: str, words: str, subject: str = "Absence du bureau") -> None:
        """Have that mailbox answer by itself while its owner is away (RFC 5230)."""
        self.sieve(address, f'require "vacation";\nvacation :days 1 :subject "{subject}" :addresses "{address}" "{words}";\n')

    def sieve(self, address: str, script: str) -> None:
        """Have that mailbox run a script (RFC 5228) on what is delivered."""
        home = self.folder / "mail" / address.lower()
        home.mkdir(parents=True, exist_ok=True)
        path = home / "rules.sieve"
        path.write_text(script, "utf-8")
        if os.geteuid() == 0:
            for each in (home.parent, home, path):
                shutil.chown(each, self.user)

    def url(self, address: str, folder: str = "INBOX", scheme: str = "imap") -> str:
        """``imap://address:password@127.0.0.1:port/folder`` (RFC 5092), each part percent-encoded."""
        return f"{scheme}://{quote(address, '')}:{quote(PASSWORD, '')}@127.0.0.1:{self.imap_port}/{quote(folder, '')}"


def _quoted(folder: str) -> str:
    """A folder's name on the wire: modified UTF-7 between quotes (RFC 3501, 5.1.3)."""
    encoded = re.sub(r"[^\x20-\x7e]+", lambda found: "&" + base64.b64encode(found[0].encode("utf-16-be")).decode()
                     .rstrip("=").replace("/", ",") + "-", folder.replace("&", "&-"))
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'

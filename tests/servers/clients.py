"""Mail clients people have on a Debian machine, driven as a person drives them: they read by IMAP and write by SMTP."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import shlex
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import pytest
from tools import program

from .daemon import PATIENCE, until
from .dovecot import PASSWORD, Dovecot
from .postfix import Postfix

#: What neomutt calls to write: the words go above what it quoted. Read by a shell rather than started: a program still open to be
#: written, in a process forked at that moment, cannot start, and neomutt then sends what it quoted alone.
EDITOR = """{ sed '/^$/q' "$1"; cat "$0.words"; echo; sed '1,/^$/d' "$1"; } > "$1.new" && cat "$1.new" > "$1" &&
rm "$1.new" "$0.words"
"""


class ClientFailed(RuntimeError):
    """A program could not send; the message is what it told the person."""


class Clients:
    """The programs of one person, or several: nothing is kept between two calls but in ``home``.

    :param fetch: what brings the mail in before somebody reads it.
    """

    def __init__(self, dovecot: Dovecot, postfix: Postfix, home: Path, fetch: Callable[[], None]) -> None:
        self.dovecot, self.postfix, self.home, self.fetch = dovecot, postfix, home, fetch
        self.environ = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8",
                        "LC_ALL": "C.UTF-8", "TERM": "xterm", "MAILRC": "/dev/null", "EMAIL": ""}

    def reply(self, address: str, name: str, words: str) -> None:
        """Answer in neomutt; in s-nail where this system has no pseudo-terminal, which neomutt cannot do without."""
        (self.neomutt if _has_terminals() else self.s_nail)(address, name, words)

    def neomutt(self, address: str, name: str, words: str) -> None:
        """Answer the last letter of that mailbox in neomutt, the whole of it quoted under the words."""
        if not _has_terminals():
            pytest.skip("ce système ne donne pas de pseudo-terminal")
        self.fetch()
        editor = self.home / "editor"
        editor.write_text(EDITOR, "utf-8")
        typed = Path(f"{editor}.words")
        settings = self.home / "neomuttrc"
        settings.write_text(f"""
set folder="imap://127.0.0.1:{self.dovecot.imap_port}/" spoolfile="+INBOX"
set imap_user="{address}" imap_pass="{PASSWORD}" imap_authenticators="plain"
set smtp_url="smtp://127.0.0.1:{self.postfix.port}/" ssl_starttls=no ssl_force_tls=no
set from="{address}" realname="{name}" use_from=yes envelope_from=yes
set editor="sh '{editor}'" edit_headers=yes include=yes reply_to=yes fast_reply=yes
set abort_unmodified=no abort_nosubject=no abort_noattach=no wait_key=no mail_check=0
set header_cache="" message_cachedir="" record="" postponed="" tmpdir="{self.home}"
set copy=no move=no delete=no sort=mailbox-order charset=utf-8
""", "utf-8")
        before = self.postfix.taken()
        for _ in range(2):
            typed.write_text(words + "\n", "utf-8")
            self._in_a_terminal([program("neomutt"), "-n", "-F", str(settings), "-e",
                                 'push "<last-entry><reply><send-message><quit>"'])
            # It ends as well when the message did not leave; whoever sees that presses again.
            with contextlib.suppress(TimeoutError):
                until(lambda: self.postfix.taken() > before, "the message to be handed over", PATIENCE / 2)
                if typed.exists():
                    raise ClientFailed("neomutt: it was handed over without the words")
                return
        raise ClientFailed("neomutt: nothing was handed over, twice")

    def _in_a_terminal(self, command: Sequence[str]) -> None:
        screen, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        seen, limit = b"", time.monotonic() + PATIENCE
        with subprocess.Popen(command, env=self.environ, stdin=terminal, stdout=terminal, stderr=terminal, cwd=self.home,
                              start_new_session=True) as process:
            os.close(terminal)
            try:
                while process.poll() is None and time.monotonic() < limit:
                    if select.select([screen], [], [], 0.1)[0]:
                        try:
                            seen += os.read(screen, 65_536)
                        except OSError:  # EIO: the program closed its side
                            break
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(max(0.1, limit - time.monotonic()))
            finally:
                stuck = process.poll() is None
                process.kill()
                os.close(screen)
        if stuck or process.returncode:
            raise ClientFailed(f"{command[0]}: {process.returncode}\n{seen.decode('utf-8', 'replace')}")

    def s_nail(self, address: str, name: str, words: str, *, files: Sequence[Path] = (),
               settings: Mapping[str, str] | None = None) -> None:
        """Answer the last letter of that mailbox in s-nail, in batch; by itself it quotes above the words, after a tab."""
        self.fetch()
        values = {"mta": f"smtp://127.0.0.1:{self.postfix.port}", "smtp-auth": "none", "from": f"{name} <{address}>",
                  "reply-to-honour": "yes", "quote": "", "sendwait": "", "HOME": str(self.home),
                  "DEAD": str(self.home / "dead.letter")} | dict(settings or {})
        options = [word for key, value in values.items() for word in ("-S", f"{key}={value}" if value else key)]
        mailbox = f"imap://{quote(address, '')}:{quote(PASSWORD, '')}@127.0.0.1:{self.dovecot.imap_port}/INBOX"
        attach = "".join(f"~@ {shlex.quote(str(file))}\n" for file in files)
        self._run([program("s-nail"), "-n", "-#", "-S", "v15-compat", *options, "-f", mailbox],
                  f"reply $\n{words}\n{attach}~.\nxit\n")

    def swaks(self, address: str, to: str, subject: str, words: str, *, headers: Mapping[str, str] | None = None,
              files: Sequence[Path] = ()) -> None:
        """Write a message with swaks: a new one, unless ``headers`` say what it answers."""
        headed = {"Subject": subject, "From": address, "To": to, "Content-Type": "text/plain; charset=utf-8", **(headers or {})}
        if files:
            headed.pop("Content-Type")
        attach = [word for file in files for word in ("--attach-type", "application/pdf", "--attach-name", file.name,
                                                      "--attach", f"@{file}")]
        lines = [word for key, value in headed.items() for word in ("--header", f"{key}: {value}")]
        self._run([program("swaks"), "--server", f"127.0.0.1:{self.postfix.port}", "--from", address, "--to", to, "--hide-all",
                   "--timeout", str(int(PATIENCE)), *lines, "--body", words.replace("\n", "\\n"), *attach])

    def _run(self, command: Sequence[str], typed: str = "") -> None:
        done = subprocess.run(command, input=typed, env=self.environ, cwd=self.home, text=True, capture_output=True, check=False,
                              timeout=PATIENCE)
        # s-nail ends well in batch whatever happened to the letter.
        if done.returncode or "message not sent" in done.stderr:
            raise ClientFailed(f"{command[0]}: {done.returncode}\n{done.stdout}{done.stderr}")


def _has_terminals() -> bool:
    try:
        for descriptor in pty.openpty():
            os.close(descriptor)
    except OSError:
        return False
    return True

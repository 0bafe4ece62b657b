"""The mail server of a town: Postfix on loopback, as root, with its own queue. Facts of reference email.md 5.3.

What is written to the network goes to ``flask inbox receive`` through a pipe, or to an LMTP port; all other mail goes to
the mailboxes of a :class:`servers.dovecot.Dovecot`. Nothing else exists, so nothing can leave the machine.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shlex
import shutil
import signal
import smtplib
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ports import free_port
from tools import absent

from .daemon import PATIENCE, Daemon, own_folder, until

ROOT = Path(__file__).resolve().parents[2]
#: Addresses of the network that are no person's mailbox, as the runbook tells Postfix.
DOORS = ("reponse", "retour", "courrier", "reseau", "aide", "rejoindre", "immersion")
#: The domain whose doors are a pipe, the one whose doors are an LMTP port, and the one whose doors are one mailbox.
PIPE_DOMAIN, LMTP_DOMAIN, IMAP_DOMAIN = "ring.example", "ring-lmtp.example", "ring-imap.example"
#: That mailbox: a provider gives one, and other names for it.
SHARED_MAILBOX = f"boite@{IMAP_DOMAIN}"
SIZE_LIMIT = 26_214_400
#: Postfix changes user on its way, and forgets that it is to end with its parent (prctl(2)): this shell tells it.
AT_ITS_PARENTS_DEATH = ("sh", "-c", '"$@" & child=$!; trap "kill $child" TERM; wait $child; wait $child', "sh")
QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "private", "public",
          "saved", "trace")
#: Who the pipe runs as: pipe(8) refuses root.
PIPE_USER = "nobody"


def _command(name: str) -> str:
    if found := shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        return found
    absent("postfix")


def _python(folder: Path) -> str:
    """A Python with our packages that :data:`PIPE_USER` may run; where ours lies in a closed folder, one made of the system's."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    made = folder / "python"
    for path in (sys.executable, str(made / "bin" / version)):
        if path != sys.executable:
            # A virtual environment is little more (PEP 405).
            (made / "bin").mkdir(parents=True)
            Path(path).symlink_to(f"/usr/bin/{version}")
            (made / "pyvenv.cfg").write_text("home = /usr/bin\n")
            packages = made / "lib" / version / "site-packages"
            packages.mkdir(parents=True)
            (packages / "ours.pth").write_text(sysconfig.get_paths()["purelib"])
        try:
            done = subprocess.run([path, "-c", "import flask, app"], user=PIPE_USER, group="nogroup", extra_groups=[], cwd=ROOT,
                                  env={"PATH": os.defpath}, capture_output=True, check=False, timeout=PATIENCE)
        except OSError:
            continue
        if done.returncode == 0:
            return path
    shutil.rmtree(folder)
    absent(f"Python que {PIPE_USER} peut lancer")


class Postfix(Daemon):
    """:param mailboxes: LMTP port of the server that keeps everybody's mail."""

    def __init__(self, mailboxes: int, port: int = 0) -> None:
        _command("postfix")
        if os.geteuid() != 0:
            absent("root (pour postfix)")
        self.port, self.lmtp_port = port or free_port(), free_port()
        folder = own_folder("postfix")
        self.python = _python(folder)
        (daemons,) = re.findall(r"daemon_directory = (\S+)", self._built())
        # What "postfix start-fg" ends with; the shell it goes through takes seconds and does not pass signals on.
        super().__init__(folder, [*AT_ITS_PARENTS_DEATH, f"{daemons}/master", "-c", str(folder), "-s"], (self.port,))
        self._folders()
        (folder / "main.cf").write_text(self._main(mailboxes), "utf-8")
        (folder / "master.cf").write_text(self._master(), "utf-8")
        (folder / "doors").write_text("".join(
            f"{door}@{PIPE_DOMAIN} ring:\n{door}@{LMTP_DOMAIN} lmtp:inet:127.0.0.1:{self.lmtp_port}\n"
            for door in DOORS), "utf-8")
        (folder / "aliases").write_text("".join(f"{door}@{IMAP_DOMAIN} {SHARED_MAILBOX}\n" for door in DOORS), "utf-8")
        self._aged()
        self.close_door()

    @staticmethod
    def _built() -> str:
        """Where this system's Postfix has its programs."""
        return subprocess.run([_command("postconf"), "-d", "daemon_directory", "command_directory", "meta_directory",
                               "shlib_directory"], capture_output=True, text=True, check=True).stdout

    def _folders(self) -> None:
        """The queue, as "postfix check" makes it."""
        for path in ("data", *(f"queue/{name}" for name in QUEUES)):
            (self.folder / path).mkdir(parents=True, mode=0o700)
            shutil.chown(self.folder / path, "postfix")
        (self.folder / "queue/pid").mkdir()
        for path, mode in (("maildrop", 0o730), ("public", 0o710)):
            shutil.chown(self.folder / "queue" / path, group="postdrop")
            (self.folder / "queue" / path).chmod(mode)

    def _main(self, mailboxes: int) -> str:
        folder = self.folder
        return f"""{self._built()}
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.{PIPE_DOMAIN}
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
smtpd_tls_security_level = none
smtp_tls_security_level = none
lmtp_tls_security_level = none
recipient_delimiter = +
message_size_limit = {SIZE_LIMIT}
# No name is ever looked up and nothing leaves: whoever is not the network has a mailbox here.
smtp_dns_support_level = disabled
disable_dns_lookups = yes
default_transport = lmtp:inet:127.0.0.1:{mailboxes}
relay_transport = $default_transport
transport_maps = texthash:{folder}/doors
virtual_alias_maps = texthash:{folder}/aliases
ring_destination_recipient_limit = 1
ring_time_limit = 60s
# A test does not wait; a server that comes back is used at once.
in_flow_delay = 0
minimal_backoff_time = 1s
default_destination_concurrency_failed_cohort_limit = 0
"""

    def _master(self) -> str:
        lines = [("pickup", "unix", "60", "1", "pickup"), ("cleanup", "unix", "-", "0", "cleanup"),
                 ("qmgr", "unix", "300", "1", "qmgr"), ("rewrite", "unix", "-", "-", "trivial-rewrite"),
                 ("bounce", "unix", "-", "0", "bounce"), ("defer", "unix", "-", "0", "bounce"),
                 ("trace", "unix", "-", "0", "bounce"), ("flush", "unix", "1000?", "0", "flush"),
                 ("proxymap", "unix", "-", "-", "proxymap"), ("showq", "unix", "-", "-", "showq"),
                 ("error", "unix", "-", "-", "error"), ("retry", "unix", "-", "-", "error"),
                 ("discard", "unix", "-", "-", "discard"), ("lmtp", "unix", "-", "-", "lmtp"),
                 ("anvil", "unix", "-", "1", "anvil"), ("scache", "unix", "-", "1", "scache"),
                 ("postlog", "unix-dgram", "-", "1", "postlogd")]
        public = {"pickup", "cleanup", "qmgr", "flush", "showq"}
        rows = [f"{name} {kind} {'n' if name in public or kind == 'unix-dgram' else '-'} - n {wake} {limit} {program}"
                for name, kind, wake, limit, program in lines]
        return "\n".join([f"127.0.0.1:{self.port} inet n - n - - smtpd", *rows,
                          f"ring unix - n n - 4 pipe flags=DORu user={PIPE_USER} argv={self.folder}/receive", ""])

    def _aged(self) -> None:
        """Make the configuration look old: Postfix waits for seconds after a change, lest it read a half-written file."""
        for path in self.folder.iterdir():
            os.utime(path, (1_000_000_000, 1_000_000_000))

    def open_door(self, environ: Mapping[str, str]) -> None:
        """From now on, what is written to the network enters that instance, as the runbook says."""
        exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in sorted(environ.items()))
        command = f"{self.python} -m flask --app app inbox receive"
        self._door(f"{exports}cd {shlex.quote(str(ROOT))} && {command} || exit 75\n")

    def close_door(self) -> None:
        """No instance answers: Postfix keeps what is written to the network (EX_TEMPFAIL, sysexits(3))."""
        self._door("exit 75\n")

    def _door(self, words: str) -> None:
        fresh = self.folder / "receive.new"
        fresh.write_text(f"#!/bin/sh\n{words}", "utf-8")
        fresh.chmod(0o755)
        fresh.replace(self.folder / "receive")

    def clean(self) -> None:
        """On a server that runs: nothing kept, the network's door closed."""
        self.start()
        self.empty_queue()
        self.close_door()

    def send(self, raw: bytes, sender: str, to: str) -> None:
        """Hand a message over as a mail client does; ``sender`` is the envelope's.

        :raises smtplib.SMTPException: the server refused it.
        """
        with smtplib.SMTP("127.0.0.1", self.port, timeout=PATIENCE) as smtp:
            smtp.sendmail(sender, [to], raw)

    def taken(self) -> int:
        """How many messages it accepted since it was made."""
        return self.log().count(": client=")

    def queue(self) -> list[str]:
        """What Postfix has not delivered yet, one line of ``postqueue -j`` each."""
        return self._control("postqueue", "-j").splitlines()

    def deferred(self, count: int) -> None:
        """Wait until Postfix keeps that many messages it could not deliver."""
        until(lambda: sum('"deferred"' in line for line in self.queue()) == count, "mail to be deferred")

    def flush(self) -> None:
        """Have it try again at once what it keeps.

        Who failed to deliver a message holds it a moment longer; if it is tried then, Postfix puts it off by five minutes.
        """
        until(lambda: not any(map(_is_locked, self._kept("deferred"))), "mail to be let go")
        self._control("postqueue", "-f")

    def empty_queue(self) -> None:
        """Forget what it keeps."""
        if self.queue():
            self._control("postsuper", "-d", "ALL")

    def settled(self) -> None:
        """Wait until everything that was handed over is delivered or returned.

        :raises TimeoutError: something stays; the message is what the server wrote.
        """
        try:
            until(lambda: not self._holds(), "mail to leave")
        except TimeoutError:
            raise TimeoutError(f"{self.queue()}\n{self.log()}") from None

    def _holds(self) -> bool:
        """True while a message is in the queue.

        ``postqueue`` reads what is sent before what comes in, and misses a message that goes from there to here meanwhile.
        Read along its way it is met; and once more, for a report is written before the letter it speaks of is removed.
        """
        way = ("maildrop", "incoming", "active", "deferred")
        return any(self._kept(name) for name in (*way, *way))

    def _kept(self, queue: str) -> list[Path]:
        """Messages of one of the queues."""
        return [path for path in (self.folder / "queue" / queue).rglob("*") if path.is_file()]

    @contextmanager
    def settings(self, **changed: str) -> Iterator[None]:
        """Other settings of main.cf on the running server, for a while; what it has is delivered first."""
        before = (self.folder / "main.cf").read_text("utf-8")
        try:
            self._set(before + "".join(f"{name} = {value}\n" for name, value in changed.items()))
            yield
        finally:
            self._set(before)

    def _set(self, text: str) -> None:
        self.settled()
        (self.folder / "main.cf").write_text(text, "utf-8")
        self._aged()
        (master,) = (self.folder / "queue/pid/master.pid").read_text("ascii").split()
        os.kill(int(master), signal.SIGHUP)

    def _control(self, name: str, *words: str) -> str:
        done = subprocess.run([_command(name), "-c", str(self.folder), *words], capture_output=True, text=True, timeout=PATIENCE,
                              env={"PATH": os.defpath + ":/usr/sbin", "MAIL_CONFIG": str(self.folder)}, check=False)
        if done.returncode:
            raise RuntimeError(f"{name} {words}: {done.stdout}{done.stderr}")
        return done.stdout


def _is_locked(path: Path) -> bool:
    with contextlib.suppress(FileNotFoundError), path.open("rb") as message:
        try:
            fcntl.flock(message, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False

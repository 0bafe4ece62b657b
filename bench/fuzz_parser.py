"""Fuzz everything that reads a mail: no exception, no hang (atheris, coverage-guided).

    .venv/bin/python bench/fuzz_parser.py [--corpus FOLDER]... [libFuzzer options, such as -max_total_time=600]

Begins from the mails of tests/inbox/messages and of each FOLDER. An input that takes more than ten seconds is a hang.
What it finds is written to the current folder as ``crash-*`` or ``timeout-*``: make a test of it in tests/inbox.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["inbox", "email", "quopri", "services.attachments"]):
    from inbox.authenticity import sender_verdict
    from inbox.commands import read_command
    from inbox.kind import bounced_addresses, classify
    from inbox.parse import parse
    from inbox.reply_text import reply_text
    from inbox.winmail import open_winmail
    from services.attachments import judge

SENT = "Bonjour Alice,\n\nUne collègue cherche de l’aide pour un publipostage à Dax.\n\nÀ bientôt"
DEFAULTS = {"-timeout": "10", "-max_len": "40000", "-rss_limit_mb": "2048"}


def read_everything(raw: bytes) -> None:
    """What inbox/receive.py does with the bytes of a mail, without the database."""
    mail = parse(raw)
    assert mail.message_id and "\n" not in mail.subject and "\x00" not in mail.text
    classify(mail, "ring.example")
    bounced_addresses(mail, raw)
    sender_verdict(mail, "ring.example")
    found = reply_text(mail.text, mail.html, SENT)
    read_command(found.kept, "coordinator")
    for file in mail.attachments:
        judge(file.filename, file.content)
    open_winmail(raw)
    if mail.date is not None:
        mail.date.astimezone(UTC) < datetime.now(UTC)  # noqa: B015 - a date that cannot be compared is one too many


def main() -> None:
    """Copy the first inputs to a folder of their own, which libFuzzer writes to, then run it."""
    given, folders = sys.argv[1:], [ROOT / "tests" / "inbox" / "messages", ROOT / "tests" / "inbox" / "replies"]
    while "--corpus" in given:
        at = given.index("--corpus")
        folders.append(Path(given[at + 1]))
        del given[at:at + 2]
    with tempfile.TemporaryDirectory() as corpus:
        for number, path in enumerate(p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file()):
            (Path(corpus) / str(number)).write_bytes(path.read_bytes())
        options = [f"{name}={value}" for name, value in DEFAULTS.items() if not any(g.startswith(name) for g in given)]
        atheris.Setup([sys.argv[0], corpus, *options, *given], read_everything)
        atheris.Fuzz()


if __name__ == "__main__":
    main()

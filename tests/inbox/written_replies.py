"""Reads the replies of tests/inbox/replies: see the README there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "replies"


@dataclass(frozen=True)
class WrittenReply:
    """One case: a text or a page, and the words that must remain."""

    name: str
    text: str
    html: str
    expected: str


def written_replies() -> list[WrittenReply]:
    """All of them, in the order of the files and of their names."""
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        name, parts = "", {}
        for title, body in re.findall(r"^##### (.*)\n((?:(?!##### ).*\n?)*)", _plain(path.read_text("utf-8")), re.MULTILINE):
            if title == "html":
                parts["html"] = body
            elif title == "expected":
                found.append(WrittenReply(f"{path.stem}: {name}", parts["text"], parts.get("html", ""), body.rstrip("\n")))
            else:
                name, parts = title, {"text": body}
    return found


def _plain(text: str) -> str:
    return text.replace("␣", "\u00a0").replace("␠", " ").replace("⇥", "\t")

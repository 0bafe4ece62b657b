"""A file of a mail, as its sender names it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the mail. `filename` and `declared_type` are the sender's words: judged elsewhere, never trusted.

    `inside` names the attached message or the winmail.dat it was found in; `words` is what an attached message says.
    """

    filename: str
    declared_type: str
    content: bytes = field(repr=False)
    inline: bool
    content_id: str
    inside: str = ""
    words: str = ""

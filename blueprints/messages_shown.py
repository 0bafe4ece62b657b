"""The messages of a dossier as somebody may read them: whose, what was cut, their files."""

from __future__ import annotations

from typing import Any

from models.conversation import Message
from models.states import Role
from models.stored_file import StoredFile
from services.relaying import relayed

from .templating import say_size
from .visitor import Visitor


def messages_shown(visitor: Visitor) -> list[dict[str, Any]]:
    return [message_shown(visitor, m) for m in visitor.dossier.messages if m.visible_to(visitor.participant)]


def message_shown(visitor: Visitor, message: Message) -> dict[str, Any]:
    mine = message.participant_id == visitor.participant.id
    ours = message.participant is not None and message.participant.role == Role.COORDINATOR
    side = "note" if message.is_note else "ours" if mine or (ours and visitor.role == Role.COORDINATOR) else "theirs"
    author = message.participant.shown_to(visitor.participant) if message.participant else "Le réseau"
    if message.to and visitor.role == Role.COORDINATOR:
        author = f"{author}, à {message.to.display_name}"
    # What was cut holds addresses and telephones, and the words may too: for the coordination and their author.
    whole = mine or visitor.role == Role.COORDINATOR
    text = message.body if whole else relayed(message.body, visitor.dossier, visitor.participant)
    return {"side": side, "author": author, "at": message.at, "text": text, "quoted": message.elided if whole else "",
            "files": files_shown(visitor, message.files), "id": message.id,
            "move_url": f"{visitor.base}/message/{message.id}/deplacer" if side == "theirs" and visitor.role == Role.COORDINATOR
            and visitor.base.startswith("/coordination/") else ""}


def files_shown(visitor: Visitor, rows: list[StoredFile]) -> list[dict[str, str]]:
    return [{"name": row.name, "url": f"{visitor.base}/fichier/{row.id}", "say_size": say_size(row.size)} for row in rows]

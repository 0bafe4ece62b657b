"""A convention sent to be signed, and its three parties before their pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from cast import ANDREA, CLAUDE, NOA
from pages import soup
from roads.stories import planted, who

from models.base import db
from models.convention import Convention
from models.dossier import Dossier
from models.states import Kind
from services.acting import perform

#: address -> name and quality typed on the page.
PEOPLE = {CLAUDE: ("Claude Accueil", "Directrice"), NOA: ("Noa Fictif", "Médiateur numérique"),
          ANDREA: ("Andréa Direction", "Directrice")}


@dataclass
class Signing:
    """``sent`` first; then each person signs by :meth:`sign`, step by step or at once."""

    app: Any
    client: Any
    post: Any
    clock: Any
    id: int = 0
    people: dict[str, tuple[str, str]] = field(default_factory=lambda: dict(PEOPLE))

    def sent(self) -> Signing:
        """Plant an immersion under review, and have its convention sent to be signed."""
        with self.app.app_context():
            dossier = planted(Kind.IMMERSION, "in_review", self.clock.now)
            self.id = dossier.id
        self.act("coordinator", "signature")
        return self

    def act(self, role: str, slug: str, words: str = "", extra: Any = None) -> str:
        """Do one thing as who has that role."""
        with self.app.app_context():
            return perform(slug, who(db.session.get(Dossier, self.id), role).id, words, self.clock.now, extra=extra)

    def link(self, address: str) -> str:
        """The path of the page to sign, from the latest letter that holds one."""
        for letter in reversed(self.post.to(address)):
            if found := re.search(r"https?://[^/\s]+(/d/[^\s/]+/signer)", letter.text):
                return found[1]
        raise AssertionError(f"nothing to sign for {address}")

    def code(self, address: str) -> str:
        return re.search(r"^\s*(\d{3})\u00a0(\d{3})\s*$", self.post.last(address, "code_to_sign").text, re.MULTILINE).group(0)

    def ask_code(self, address: str, path: str = ""):
        """Press the button that sends a code; gives the page that follows."""
        path = path or self.link(address)
        page = self.client.get(path)
        answer = self.client.post(path, data={"envoyer-code": "1"})
        assert answer.status_code == 303, page.text
        return self.client.get(answer.location.split("#")[0])

    def sign(self, address: str, path: str = "", **answers: str):
        """Sign through the page, with what ``answers`` say differently; gives the answer to the last press."""
        path = path or self.link(address)
        page = self.ask_code(address, path)
        name, quality = self.people[address]
        given = {"signer": name, "quality": quality, "agreed": "oui", "code": self.code(address)} | answers
        form = next(f for f in soup(page).find_all("form") if f.find("input", {"name": "empreinte"}))
        return self.client.post(form["action"].split("#")[0], data={
            "empreinte": form.find("input", {"name": "empreinte"})["value"]} | given)

    @property
    def dossier(self) -> Dossier:
        db.session.expire_all()
        return db.session.get(Dossier, self.id)

    @property
    def version(self) -> Convention:
        return self.dossier.convention

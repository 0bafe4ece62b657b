"""The demonstration: a small fictional network whose story is played through the doors, as people would.

Nothing is written into the tables by hand: forms are filled, links pressed, letters answered, at the dates of the
story, so that what is shown is what the software does.
"""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

from flask import Flask, has_app_context
from sqlalchemy import select

from inbox import receive
from models.base import db
from models.dossier import Dossier
from models.outbox import OutboxMessage
from services import courrier, delivery, mailbox_reply

STORY = Path(__file__).resolve().parent.parent / "demonstration" / "story.toml"


class StoryBroken(RuntimeError):
    """A scene could not be played; the message says which and what the page answered."""


def seed(app: Flask, now: datetime | None = None) -> bool:
    """Play the story into an empty instance whose network is the example and whose mail is captured.

    Gives False, and does nothing, for any other instance. Call it outside of an application context: within one, every
    request of the story would share its session, and read what it had read before.
    """
    if has_app_context():
        raise RuntimeError("the demonstration opens its own contexts")
    ring = app.extensions["ring"]
    with app.app_context():
        if not (ring.network.fictional and ring.settings.captured_mail) or db.session.scalar(select(Dossier.id).limit(1)):
            return False
    clock = app.extensions["clock"]
    try:
        player = _Player(app, now or datetime.now(UTC))
        for scene in tomllib.loads(STORY.read_text("utf-8"))["scene"]:
            player.play(scene)
    finally:
        app.extensions["clock"] = clock
    return True


class _Page(HTMLParser):
    """The forms of a page, with what a browser would send of each as it stands."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self.labels: dict[str, str] = {}
        self._area, self._label = "", ""
        self._radios: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", "").split("#")[0], {}))
        elif tag == "input" and self.forms and given.get("type") != "file":
            if given.get("type") in ("radio", "checkbox"):
                self._radios[given.get("id", "")] = given["value"]
                if "checked" not in given:
                    return
            self.forms[-1][1].setdefault(given["name"], []).append(given.get("value", ""))
        elif tag == "textarea" and self.forms:
            self._area = given["name"]
            self.forms[-1][1][self._area] = [""]
        elif tag == "label":
            self._label = given.get("for", "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][1][self._area][0] += data
        elif self._label in self._radios:
            self.labels[data.split(",")[0].strip()] = self._radios[self._label]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "label":
            self._label = ""


class _Player:
    def __init__(self, app: Flask, now: datetime) -> None:
        self.app, self.now, self.at = app, now, now
        self.client = app.test_client()
        # A site with a public name answers to that name only.
        self.here = app.extensions["ring"].settings.PUBLIC_URL
        self.day, self.step = now, -1
        app.extensions["clock"] = lambda: self.at

    def play(self, scene: dict) -> None:
        day = self.now - timedelta(days=scene["days"])
        # Scenes of one day follow each other by a quarter of an hour; the last ones end now.
        self.step = self.step + 1 if day == self.day else 0
        self.day = day
        self.at = min(self.now, day - timedelta(hours=2) + timedelta(minutes=15 * self.step))
        if "form" in scene:
            self._form(scene["form"], scene["pages"])
        elif "confirm" in scene:
            self._submit(self._link(scene["confirm"], "", "confirmer"), {})
        elif "reply" in scene:
            self._reply(scene["reply"], scene.get("letter", ""), scene["words"])
        else:
            path = self._link(scene["press"], scene.get("letter", ""), "d").split("/")
            self._submit("/".join([*path[:3], scene["action"]]), scene["answers"])

    def _form(self, prefix: str, pages: list) -> None:
        text = self.client.get(f"{prefix}/{pages[0][0]}", base_url=self.here).text
        for slug, answers in pages:
            text = self._send(text, f"{prefix}/{slug}", answers)
        self._send(text, f"{prefix}/verification", {})

    def _submit(self, path: str, answers: dict) -> None:
        self._send(self.client.get(path, base_url=self.here).text, path, answers)

    def _send(self, text: str, action: str, answers: dict) -> str:
        page = _Page(text)
        found = next((values for where, values in page.forms if where == action), None)
        if found is None:
            raise StoryBroken(f"no form for {action} on the page: {re.sub(r'<[^>]+>', ' ', text)[-1500:]}")
        values = {name: [item.removeprefix("\n") for item in items] for name, items in found.items()}
        for name, value in answers.items():
            values.update(self._answer(page, name, value))
        response = self.client.post(action, base_url=self.here, data=values, headers={"Sec-Fetch-Site": "same-origin"})
        seen = re.search(r'name="averti" value="(\w+)"', response.text) if response.status_code == 422 else None
        if seen and "averti" not in answers:
            # The page only warns (a Sunday, a public holiday): it is read, and the same button pressed again.
            return self._send(response.text, action, answers | {"averti": seen[1]})
        if response.status_code not in (200, 303):
            wrong = re.findall(r'class="error-text"[^>]*>(.*?)</p>', response.text)
            raise StoryBroken(f"{action}: {response.status_code} {wrong}")
        return response.text

    def _answer(self, page: _Page, name: str, value: str | list[str]) -> dict[str, list[str]]:
        if isinstance(value, list):
            return {name: value}
        if found := re.fullmatch(r"\{\+(\d+)\}", value):
            day = (self.now + timedelta(days=int(found[1]))).date()
            while day.weekday() > 4:
                day += timedelta(days=1)
            return {f"{name}-jour": [str(day.day)], f"{name}-mois": [str(day.month)], f"{name}-annee": [str(day.year)]}
        return {name: [page.labels.get(value, value) if name == "structure" else value]}

    def _letter(self, address: str, name: str) -> OutboxMessage:
        while delivery.deliver_due(self.at):
            pass
        letters = courrier.letters_to(address)
        return next(row for row in letters if not name or row.letter.endswith(f"/{name}"))

    def _link(self, address: str, name: str, kind: str) -> str:
        with self.app.app_context():
            text = mailbox_reply.text_of(self._letter(address, name))
        return re.search(rf"https?://[^/\s]+(/{kind}/[\w-]+)", text)[1]

    def _reply(self, address: str, name: str, words: str) -> None:
        with self.app.app_context():
            raw = mailbox_reply.write_reply(self._letter(address, name), words, [], self.at)
            receive(raw, "démonstration", self.at)

"""The team of the tests (demonstration/network.toml), and how each comes in."""

from __future__ import annotations

import re

import pyotp
from cast import COORDINATOR, DEPUTY
from pages import soup

__all__ = [
    "ADMINISTRATOR", "COORDINATOR", "DEPUTY", "READER", "REFERENT", "code_at", "code_now", "come_in", "press_link",
    "secret_shown", "telephones"]

REFERENT, ADMINISTRATOR, READER = "referent1@ring.example", "administration@ring.example", "lecture@ring.example"


def press_link(client, post, address: str):
    """Ask for a link, open it, press its button; gives the answer to the press."""
    client.post("/coordination/entrer", data={"email": address})
    path = post.last(address, "sign_in_link").link("coordination/ouvrir")
    return client.fill(client.get(path), path)


def secret_shown(page) -> str:
    """The key that the page of installation shows."""
    return re.sub(r"\s", "", soup(page).select_one(".key").text)


def code_at(secret: str, clock) -> str:
    return pyotp.TOTP(secret).at(int(clock.now.timestamp()))


def telephones(app) -> dict[str, str]:
    """address -> the secret that the telephone of somebody of the team holds, for this application."""
    return app.extensions.setdefault("telephones", {})


def code_now(app, clock, address: str) -> str:
    """What the telephone shows of somebody of the team who came in before."""
    return code_at(telephones(app)[address], clock)


def come_in(client, post, clock, address: str):
    """Open a session in that role, code of the telephone included; gives the answer that opened it."""
    clock.advance(minutes=16)
    client.delete_cookie("coordination")
    answer = press_link(client, post, address)
    if not answer.headers.get("Location", "").endswith("/coordination/code"):
        return answer
    page = client.get("/coordination/code")
    if soup(page).select_one(".key"):
        telephones(client.application)[address] = secret_shown(page)
    return client.fill(page, "/coordination/code", code=code_now(client.application, clock, address))

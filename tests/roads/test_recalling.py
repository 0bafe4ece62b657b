"""The coordination reminds one person who has not signed: by the page or by a reply, once a day at most."""

from __future__ import annotations

import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, NOA, sign_in
from pages import soup
from roads.signers import Signing
from setting import at_once, databases

from jobs.engine import hourly
from models.base import db, transaction
from models.delivery import StoppedAddress
from services.errors import AlreadyDone, Refused


@pytest.fixture
def to_sign(app, client, post, clock) -> Signing:
    story = Signing(app, client, post, clock).sent()
    clock.advance(hours=2)  # 11 h
    sign_in(client, post)
    return story


def _reminders(story: Signing, address: str) -> list:
    return [letter for letter in story.post.to(address) if letter.letter.endswith("signature_reminder")]


def _page(story: Signing) -> str:
    with story.app.app_context():
        return f"/coordination/{story.dossier.reference}"


def _letter(story: Signing):
    """A letter of that request to the coordination, to be answered."""
    story.act("host", "repondre", "Une question")
    return story.post.last(COORDINATOR, "message_relayed")


def _row(story: Signing, address: str) -> int:
    with story.app.app_context():
        return next(row.id for row in story.version.signatures if row.email == address)


def _hint(page, row: int) -> str:
    tag = soup(page).find("input", {"name": "person", "value": str(row)})
    return " ".join(soup(page).find(id=tag["aria-describedby"]).get_text(" ").split()) if tag.get("aria-describedby") else ""


def test_the_page_of_the_request_says_when_each_was_last_reminded_and_reminds_one(to_sign):
    base, row = _page(to_sign), _row(to_sign, CLAUDE)
    page = to_sign.client.get(base)
    link = soup(page).find("a", href=f"{base}/relancer?personne={row}")
    assert link is not None and "Pas encore de rappel" in page.text
    page = to_sign.client.get(link["href"])
    assert soup(page).find("input", {"name": "person", "checked": True})["value"] == str(row)
    assert "Pas encore de rappel depuis l’envoi, le lundi 11 janvier 2027 à 9 h" in _hint(page, row)
    assert not _reminders(to_sign, CLAUDE), "opening the page sends nothing"
    answer = to_sign.client.fill(page, f"{base}/relancer", words="Le bureau ferme vendredi.")
    assert answer.status_code == 303
    [letter] = _reminders(to_sign, CLAUDE)
    assert "/signer" in letter.text and "Le bureau ferme vendredi." in letter.text and "Alix Coordination" in letter.text
    assert not _reminders(to_sign, ANDREA) and not _reminders(to_sign, NOA)
    assert "1 rappel, le dernier le lundi 11 janvier 2027 à 11 h" in to_sign.client.get(base).text.replace("\u00a0", " ")


def test_once_a_day_for_one_person_whoever_asks_and_the_page_says_when_the_last_one_left(to_sign):
    base, row = _page(to_sign), _row(to_sign, CLAUDE)
    to_sign.act("coordinator", "relancer", extra=row)
    to_sign.clock.advance(hours=1)
    page = to_sign.client.get(f"{base}/relancer?personne={row}")
    said = _hint(page, row).replace("\u00a0", " ")
    assert "reçoit déjà un rappel de notre part le lundi 11 janvier 2027 à 11 h" in said and "mardi 12 janvier 2027" in said
    answer = to_sign.client.fill(page, f"{base}/relancer", words="Encore moi")
    assert answer.status_code == 422 and "Un par jour, pas plus" in answer.text and "Encore moi" in answer.text
    assert len(_reminders(to_sign, CLAUDE)) == 1
    to_sign.act("coordinator", "relancer", extra=_row(to_sign, ANDREA))
    to_sign.clock.advance(days=1)
    to_sign.act("coordinator", "relancer", extra=row)
    assert len(_reminders(to_sign, CLAUDE)) == 2


def test_the_clock_does_not_remind_on_the_same_day(to_sign):
    to_sign.clock.advance(days=2)  # Wednesday: the clock's own day is Thursday
    to_sign.act("coordinator", "relancer", extra=_row(to_sign, CLAUDE))
    for _ in range(5):
        to_sign.clock.advance(hours=6)
        with to_sign.app.app_context():
            hourly(to_sign.clock.now)
        if to_sign.clock.now.day == 13:
            assert len(_reminders(to_sign, CLAUDE)) == 1
    assert len(_reminders(to_sign, CLAUDE)) == 2, "on Thursday, as it would have"


def test_on_a_saturday_it_leaves_on_monday_unless_they_sign_before(to_sign):
    to_sign.clock.advance(days=5)
    rows = {address: _row(to_sign, address) for address in (CLAUDE, ANDREA)}
    for row in rows.values():
        said = to_sign.act("coordinator", "relancer", extra=row)
        assert "lundi 18 janvier 2027" in said.replace("\u00a0", " ") and "Si la personne signe avant" in said
    with pytest.raises(Refused, match="Un par jour"):
        to_sign.act("coordinator", "relancer", extra=rows[CLAUDE])
    assert to_sign.sign(CLAUDE, to_sign.post.last(CLAUDE, "convention_to_sign").link("d")).status_code == 303
    to_sign.clock.advance(days=2)
    assert not _reminders(to_sign, CLAUDE) and len(_reminders(to_sign, ANDREA)) == 1


def test_a_reply_reminds_who_it_names(to_sign):
    to_sign.post.reply(_letter(to_sign), "/relancer Claude\n\nMerci de regarder l’article 4.")
    [reminder] = _reminders(to_sign, CLAUDE)
    assert "article 4" in reminder.text and "Un rappel part à Claude Accueil" in " ".join(
        to_sign.post.last(COORDINATOR, "command_done").text.split())


@pytest.mark.parametrize("words", ["/relancer", "/relancer Zoé", "/relancer Structure Exemple"])
def test_a_reply_that_names_nobody_or_several_sends_nothing_and_says_what_to_write(to_sign, words):
    to_sign.post.reply(_letter(to_sign), words)
    told = " ".join(to_sign.post.last(COORDINATOR, "command_refused").text.split())
    assert "/relancer Claude Accueil" in told and "/relancer Noa Fictif" in told
    assert not any(_reminders(to_sign, address) for address in (NOA, CLAUDE, ANDREA))


def test_who_is_the_last_to_sign_need_not_be_named(to_sign):
    to_sign.sign(NOA), to_sign.sign(CLAUDE)
    to_sign.post.reply(_letter(to_sign), "/relancer")
    assert len(_reminders(to_sign, ANDREA)) == 1


def test_who_signed_is_not_reminded_and_once_all_have_nobody_is(to_sign):
    row = _row(to_sign, NOA)
    to_sign.sign(NOA)
    with pytest.raises(AlreadyDone):
        to_sign.act("coordinator", "relancer", extra=row)
    base = _page(to_sign)
    assert f"personne={row}" not in to_sign.client.get(base).text
    to_sign.sign(CLAUDE), to_sign.sign(ANDREA)
    assert "relancer" not in to_sign.client.get(base).text
    assert to_sign.client.get(f"{base}/relancer").status_code == 409


def test_an_address_that_does_not_work_is_said_rather_than_written_to(to_sign):
    with to_sign.app.app_context(), transaction():
        db.session.add(StoppedAddress(email=CLAUDE, stopped_at=to_sign.clock.now, because="bounced_hard"))
    with pytest.raises(Refused, match="corrigez d’abord son adresse"):
        to_sign.act("coordinator", "relancer", extra=_row(to_sign, CLAUDE))


def test_nobody_else_may_remind(to_sign):
    for role in ("host", "employer", "author"):
        with pytest.raises(Refused):
            to_sign.act(role, "relancer", extra=_row(to_sign, CLAUDE))


@databases("sqlite", "postgresql")
def test_two_who_press_at_the_same_moment_send_one(app, client, post, clock):
    story = Signing(app, client, post, clock).sent()
    row = _row(story, CLAUDE)
    given, raised = at_once(app, 2, lambda _: story.act("coordinator", "relancer", extra=row))
    assert len(given) == 1 and all(isinstance(error, Refused) for error in raised)
    assert len(_reminders(story, CLAUDE)) == 1

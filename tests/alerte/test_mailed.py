"""Answers by mail to neutral letters: an author's words are sealed to their alert, all the rest is gone, and nothing of either is
ever stored as it came, whatever brings it and whatever it is."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from alerte_people import COLLEAGUE, PHRASE, REFERENT, SACHA, back, enrol, enter, read, write
from house.tree import ROOT
from letters_in import mail
from mail_reports import report
from pages import ReadingClient
from setting import at_once, databases
from sqlalchemy import func, select

from inbox.carriers import maildir
from inbox.carriers.listener import with_envelope
from inbox.carriers.taking import take, take_header
from inbox.receive import keep
from mail.private_addresses import private_numbers, private_secret, write_private_address, write_private_message_id
from models.alerte import Alerte, AlerteMessage
from models.base import db
from models.inbound import InboundMessage

CANARY, FILE, SUBJECT = "Zibeline turquoise, je craque", "Hermine argentée", "Loutre pourpre"
OTHER = "perce.neige@prive.example"


def _letter(post, to: str = SACHA, name: str = "received"):
    letter = post.last(to, name)
    return message_from_bytes(letter.raw, policy=policy.default)


def _address(letter) -> str:
    return letter["Reply-To"].addresses[0].addr_spec


def _stored(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(InboundMessage))


def _joined(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(AlerteMessage))


def _bring(app, clock, raw: bytes) -> None:
    with app.app_context():
        assert take(raw, "pipe", clock.now) is None


@pytest.fixture
def written(app, client, post):
    """An alert waits, whose author left an address; gives the letter they got."""
    enrol(client, post)
    code = write(client)
    return _letter(post), code


def test_what_an_author_answers_by_mail_joins_their_alert_and_says_how_it_came(app, client, post, clock, written):
    letter, code = written
    raw = mail(_address(letter), f"{CANARY}\n\nLe 11 janvier, RING a écrit :\n> Bonjour,\n> Votre message est bien arrivé.\n",
               f"Sacha <{SACHA}>", "Re: " + letter["Subject"], In_Reply_To=letter["Message-ID"])
    _bring(app, clock, raw)
    page = back(client, code)
    assert CANARY in page.text and "de l’adresse laissée" in page.text and "Votre message est bien arrivé" not in page.text
    enter(client, post)
    assert CANARY in read(client).text
    told = post.last(SACHA)
    assert told.letter == "alerte/mail_joined" and CANARY not in told.text and "/suite" in told.text
    assert _stored(app) == 0
    _bring(app, clock, mail(_address(letter), "Encore moi.", f"x <{OTHER}>"))
    assert OTHER in back(client, code).text and "Rien ne prouve" in back(client, code).text


def test_words_that_come_by_mail_are_waited_for_like_any_other(app, client, post, clock, written):
    letter, _code = written
    enter(client, post)
    read(client)
    before = len([one for one in post.to(REFERENT) if one.letter.endswith("something_waits")])
    _bring(app, clock, mail(_address(letter), CANARY, SACHA))
    assert len([one for one in post.to(REFERENT) if one.letter.endswith("something_waits")]) == before + 1
    with app.app_context():
        assert db.session.scalar(select(Alerte.waits_since_at)) is not None


def test_the_same_mail_twice_by_two_carriers_or_at_once_is_joined_once(app, client, clock, written):
    letter, _code = written
    raw = mail(_address(letter), CANARY, SACHA)
    for again in (raw, raw, with_envelope(raw, SACHA, [_address(letter)])):
        _bring(app, clock, again)
    assert _joined(app) == 2
    other = mail(_address(letter), "Une autre chose.", SACHA)
    at_once(app, 4, lambda _number: keep(other, "lmtp", clock.now))
    assert _joined(app) == 3 and _stored(app) == 0


def test_a_long_answer_is_cut_and_files_are_not_kept_and_both_are_said(app, client, clock, written):
    letter, code = written
    _bring(app, clock, mail(_address(letter), "mot " * 4000, SACHA, files=[("x.txt", "text/plain", FILE.encode())]))
    page = back(client, code).text
    assert "Non gardé" in page and "trop long" in page and "le fichier joint" in page and FILE not in page


def test_who_answers_only_with_the_thread_or_to_another_address_is_heard_too(app, client, clock, written):
    letter, code = written
    _bring(app, clock, mail("contact@ring.example", CANARY, SACHA, In_Reply_To=letter["Message-ID"]))
    assert CANARY in back(client, code).text and _stored(app) == 0


def test_an_answer_to_a_letter_of_referents_reaches_nobody_and_its_author_is_told(app, client, post, clock, written):
    for name in ("something_waits", "key_made", "key_to_make"):
        raw = mail(_address(_letter(post, REFERENT, name)), CANARY, REFERENT)
        _bring(app, clock, raw)
        told = post.last(REFERENT)
        assert told.letter == "alerte/mail_refused" and CANARY not in told.text and "/referents" in told.text
    assert _stored(app) == 0 and _joined(app) == 1


def test_an_answer_about_an_alert_that_is_gone_is_refused_and_joins_no_other(app, client, post, clock, written):
    letter, code = written
    client.fill(back(client, code), "/suite/effacer", sure="oui")
    _bring(app, clock, mail(_address(letter), CANARY, SACHA))
    assert post.last(SACHA).letter == "alerte/mail_refused"
    clock.advance(days=61)
    with app.app_context():
        from services.alerte import watch
        watch.erase_closed(clock.now)
    write(client, email=OTHER)
    _bring(app, clock, mail(_address(letter), CANARY, SACHA))
    assert _joined(app) == 1, "the database gave its id to another alert; the letter does not"


def test_a_flood_is_not_answered_without_end(app, client, post, clock, written):
    letter, _code = written
    for number in range(30):
        _bring(app, clock, mail(_address(letter), f"Message {number}", SACHA))
    assert _joined(app) == 11
    assert len([one for one in post.to(SACHA) if one.letter.startswith("alerte/mail_")]) == 3


@databases("sqlite", "postgresql")
def test_nothing_that_stays_holds_a_word_of_what_comes_back_by_mail(app, client, post, clock, watched, tmp_path):
    enrol(client, post)
    enrol(client, post, COLLEAGUE)
    code = write(client, email=OTHER)
    letter, waits = _letter(post, OTHER), _letter(post, REFERENT, "something_waits")
    watch = watched(app)
    watch.words = [CANARY, FILE, SUBJECT, OTHER, code, PHRASE]
    mine, theirs = _address(letter), _address(waits)
    retour = mine.replace("reponse+", "retour+")
    for raw in (
            mail(mine, CANARY, OTHER, SUBJECT, files=[("x.txt", "text/plain", FILE.encode())]),
            mail(f"Réseau <{mine.upper()}>", CANARY, OTHER, SUBJECT),
            mail(mine.replace("+", "="), CANARY, OTHER, SUBJECT),
            mail("contact@ring.example", CANARY, OTHER, SUBJECT, References=f"<x@y.example> {letter['Message-ID']}"),
            mail("aide@ring.example", CANARY, OTHER, SUBJECT, Cc=mine),
            mail(theirs, CANARY, REFERENT, SUBJECT),
            mail("coordination@ring.example", CANARY, REFERENT, SUBJECT, In_Reply_To=waits["Message-ID"]),
            mail(mine, CANARY, OTHER, "Absence : " + SUBJECT, Auto_Submitted="auto-replied"),
            mail(theirs, CANARY, REFERENT, "Réponse automatique : " + SUBJECT, Auto_Submitted="auto-replied"),
            mail(mine, CANARY, OTHER, SUBJECT, X_Spam_Flag="YES"),
            mail(mine, CANARY, OTHER, SUBJECT, List_Id="<liste.exemple.example>"),
            report(_address(letter).replace("reponse+", "retour+"), OTHER, letter=letter["Message-ID"]),
            report("contact@ring.example", OTHER, letter=letter["Message-ID"], number=2),
            report(retour, OTHER, said=f"550 {SUBJECT}", number=3),
            with_envelope(mail("undisclosed-recipients:;", CANARY, OTHER, SUBJECT), OTHER, [mine]),
            f"To: {mine}\r\n\x00\xff{SUBJECT}\r\n{CANARY}".encode("latin-1", "replace"),
            f"Subject: {SUBJECT}\r\nTo: {mine}\r\nContent-Type: multipart/mixed\r\n\r\n{CANARY}".encode()):
        _bring(app, clock, raw)
        watch.look()
    with app.app_context():
        assert take_header(mail(mine, CANARY, OTHER, SUBJECT), 90_000_000, "imap", clock.now) is None
    folder = tmp_path / "elsewhere" / "Maildir"
    (folder / "new").mkdir(parents=True)
    (folder / "new" / "1.eml").write_bytes(mail(mine, CANARY, OTHER, SUBJECT))
    with app.app_context():
        assert maildir.bring_in(folder, lambda: clock.now).private == 1
    watch.look()
    assert _stored(app) == 0
    post.all()
    watch.look()
    page = back(client, code).text
    assert page.count(CANARY) >= 6 and "n’a pas pu être remis" in page
    assert page.count("n’a pas pu être remis") == 1, "one bounce is as good as three"


def test_a_mail_whose_sender_is_imitated_is_gone(environ, clock):
    from app import create_app
    app = create_app(environ | {"RING_MAIL_AUTHSERV_ID": "mx.ring.example"}, testing=True)
    app.test_client_class, app.extensions["clock"] = ReadingClient, clock
    from post import Post
    post, client = Post(app, clock), app.test_client()
    enrol(client, post)
    write(client)
    address = _address(_letter(post))
    verdict = "mx.ring.example; dmarc=fail header.from=courriel.example"
    _bring(app, clock, mail(address, CANARY, SACHA, Authentication_Results=verdict))
    assert _joined(app) == 1 and _stored(app) == 0
    assert post.last(SACHA).letter == "alerte/received"


def test_no_carrier_stores_a_mail_without_asking_first_whether_it_is_private():
    """The door is one: what stores bytes is called behind that question alone."""
    calling = re.compile(r"(?<!def )\b(?:inbound\.)?(store|store_all|store_claimed|refuse_large)\(")
    found = {(path.relative_to(ROOT).as_posix(), name) for folder in ("inbox", "services", "commands", "jobs", "blueprints")
             for path in (ROOT / folder).rglob("*.py") for name in calling.findall(path.read_text("utf-8"))}
    assert found == {("inbox/receive.py", "store"), ("inbox/receive.py", "store_claimed"), ("inbox/together.py", "store_all"),
                     ("inbox/carriers/imap.py", "store_all"), ("inbox/carriers/taking.py", "refuse_large"),
                     ("services/inbound/storing.py", "store_claimed")}, "the last where two carriers met"


def test_a_private_name_looks_like_any_other_and_is_read_with_the_secret_alone(clock):
    for number in (0, 1, 2**24 - 1):
        for raw in (write_private_address(number, "secret", "ring.example"),
                    write_private_address(number, "secret", "ring.example", bounce=True),
                    write_private_message_id(number, "secret", "ring.example", clock.now)):
            assert private_numbers(raw.encode(), "secret") == [number]
            assert private_numbers(raw.encode(), "another") == []
    ids = {write_private_message_id(0, "secret", "ring.example", clock.now) for _ in range(50)}
    assert len(ids) > 45


def test_answers_to_letters_of_before_a_change_of_the_secret_are_never_shown_to_coordinators(app, client, clock, written):
    letter, _code = written
    ring = app.extensions["ring"]
    app.extensions["ring"] = replace(ring, settings=replace(ring.settings, SECRET_KEY="another-secret-of-32-characters-0123456"))
    _bring(app, clock, mail(_address(letter), CANARY, SACHA))
    _bring(app, clock, mail("contact@ring.example", f"{CANARY} encore", SACHA, In_Reply_To=letter["Message-ID"]))
    assert _stored(app) == 0 and _joined(app) == 3
    # A key put aside no longer names letters, and those it named are known all the same.
    folder = ring.settings.alerte_dir
    (folder / "letters.key").rename(folder / "before.key")
    with app.app_context():
        assert private_secret(folder) not in (folder / "before.key").read_text("ascii")
    _bring(app, clock, mail(_address(letter), f"{CANARY} toujours", SACHA))
    assert _stored(app) == 0 and _joined(app) == 4
    assert (folder / "letters.key").stat().st_mode & 0o777 == 0o600


def test_ordinary_mail_is_never_taken_for_private(app, clock):
    with app.app_context():
        for address in ("contact", "reponse+" + "a" * 26, "retour+" + "b" * 26):
            raw = mail(f"{address}@ring.example", "Bonjour", In_Reply_To="<20270111080000.0123456789abcdef0123@ring.example>")
            assert keep(raw, "pipe", clock.now) is not None

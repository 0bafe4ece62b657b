"""Finding by words: accents, endings and telephones do not count; what is written is found at once, what is erased no more."""

from __future__ import annotations

import pytest
from cast import AIDE, COORDINATOR, NOA, STRUCTURE, confirm, send, sign_in
from pages import soup
from roads.stories import confirmed, host_structure, planted
from setting import databases
from sqlalchemy import delete, select, text

from models.base import db, end_part, transaction
from models.dossier import Actor, Dossier
from models.french_words import stems
from models.search import SearchEntry
from models.states import Kind, Role
from services import conversation, inbound, indexing, search
from services.acting import perform

both = databases("sqlite", "postgresql")


def _found(typed: str, clock) -> list[str]:
    return [one.dossier.reference for one in search.search(typed, clock.now).dossiers]


def _write(dossier: Dossier, words: str, clock) -> None:
    perform("repondre", dossier.author.id, words, clock.now)


@pytest.mark.parametrize(("written", "typed"), [
    ("La procédure de mandat", "procedures mandats"), ("Des médiatrices numériques", "mediatrice numerique"),
    ("L’œuvre de l’été", "oeuvre ete"), ("un hébergement d’urgence", "hebergements"), ("Où déclarer ?", "déclaration DECLARER"),
    ("Appelez le 06 39 98 00 01.", "0639980001"), ("Appelez le 0639980001.", "+33 6 39 98 00 01"),
    ("noa.fictif@structure-b.example", "structure-b"), ("l’aidant·e", "aidant")])
def test_words_are_found_however_they_are_spelt(written, typed):
    kept = set(stems(written))
    looked_for = stems(typed)
    assert looked_for and kept & set(looked_for), (kept, looked_for)


@both
def test_what_was_written_is_found_in_the_transaction_that_wrote_it(context, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now, title="Une question simple")
    assert _found("noa fictif", clock) == [dossier.reference], "by who asks"
    assert _found("mandat", clock) == []
    _write(dossier, "Quelle est la procédure pour les mandats ?", clock)
    assert _found("procedures mandat", clock) == _found("Noa mandats", clock) == [dossier.reference]
    assert _found("mandat hébergement", clock) == [], "every word"
    assert _found("proc", clock) == [dossier.reference], "the last word may be unfinished"
    with pytest.raises(ZeroDivisionError), transaction():
        db.session.get(Dossier, dossier.id).title = "Girafe"
        raise ZeroDivisionError
    assert _found("girafe", clock) == []


@both
def test_of_all_that_one_transaction_writes_in_parts_each_thing_is_found_once(context, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now, title="Une question simple")
    here, by = dossier.id, Actor(Role.AUTHOR, dossier.author, "mail")
    with transaction():
        for number in range(45):
            conversation.keep(dossier, by, f"Le zèbre{number}", clock.now)
        db.session.get(Dossier, here).title = "Un okapi"
        end_part()
        db.session.get(Dossier, here).title = "Une girafe"
    assert [_found(words, clock) for words in ("zèbre0", "zèbre44", "girafe", "okapi")] == [[dossier.reference]] * 3 + [[]]
    entries = list(db.session.scalars(select(SearchEntry).where(SearchEntry.dossier_id == here)))
    assert len(entries) == 46 == len({(entry.subject, entry.message_id) for entry in entries})


@both
def test_notes_people_and_references_are_found(context, clock):
    dossier = planted(Kind.ENTRAIDE, "submitted", clock.now)
    perform("note", dossier.coordinators[0].id, "Voir avec Dominique pour le vidéoprojecteur.", clock.now)
    assert _found("videoprojecteurs", clock) == [dossier.reference]
    assert search.search(f"  {dossier.reference.lower().replace('-', ' ')} ", clock.now).exact.id == dossier.id
    host_structure(clock.now, name="Médiathèque des Platanes", email="platane@structure-c.example")
    found = search.search("mediatheque", clock.now).people
    assert [(one.name, one.email) for one in found] == [
        ("Claude Accueil", "platane@structure-c.example"), ("Médiathèque des Platanes", "platane@structure-c.example")]
    assert [one.name for one in search.search("claude accueil", clock.now).people] == ["Claude Accueil"]


@both
def test_what_goes_is_found_no_more(context, clock):
    dossier = confirmed(Kind.ENTRAIDE, clock.now)
    _write(dossier, "Un vidéoprojecteur", clock)
    with transaction():
        db.session.execute(delete(Dossier).where(Dossier.id == dossier.id))
    assert _found("videoprojecteur", clock) == []
    assert db.session.scalars(select(SearchEntry)).all() == []
    if db.engine.dialect.name == "sqlite":
        db.session.rollback()
        left = text("SELECT count(*) FROM search_words WHERE search_words MATCH 'videoprojecteur'")
        assert db.session.execute(left).scalar() == 0


def test_a_request_nobody_confirmed_is_not_found(app, client, post, clock):
    send(client, "/aide", AIDE)
    with app.app_context():
        assert _found("mandat", clock) == []
    confirm(client, post, NOA)
    with app.app_context():
        assert _found("mandat", clock) == ["AIDE-2027-0001"]


@both
def test_made_again_from_nothing_the_entries_are_the_same(app, client, post, clock):
    """What follows writes forgot nothing, whichever way each thing was written."""
    send(client, "/rejoindre/structure", STRUCTURE)
    confirm(client, post, "claude@structure-c.example")
    post.reply(post.last(COORDINATOR), "accepter")
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    post.reply(post.last(COORDINATOR), "Bonjour, un mandat écrit suffit.")
    post.reply(post.last(NOA), "Merci pour la procédure.")
    post.reply(post.last(COORDINATOR), "/note À garder comme fiche.")
    with app.app_context():
        def entries() -> list[tuple]:
            db.session.rollback()
            return sorted((row.subject, row.dossier_id or 0, row.message_id or 0, row.membre_id or 0, row.structure_id or 0,
                           row.stems) for row in db.session.scalars(select(SearchEntry)))
        kept = entries()
        assert len(kept) >= 7
        with transaction():
            db.session.execute(delete(SearchEntry))
        assert entries() == []
        assert indexing.fill() >= 7 and indexing.fill() == 0
        assert entries() == kept


def test_the_last_of_very_much_comes_first_and_says_there_is_more(context, clock):
    dossiers = [planted(Kind.ENTRAIDE, "submitted", clock.now) for _ in range(45)]
    found = search.search("noa", clock.now)
    assert len(found.dossiers) == search.SHOWN and found.more
    assert found.dossiers[0].dossier.id == dossiers[-1].id


def test_words_around_are_told_as_one_and_those_found_apart():
    found = search.hit_by([("mandat",), ("sign",)])
    pieces = search.excerpt("avant " * 40 + "il faut un mandat signé, et rien d’autre", found)
    assert [(piece.words, piece.found) for piece in pieces[2:]] == [("mandat signé,", True), (" et rien d’autre ", False)]
    assert pieces[0].words == "… " and pieces[1].words.endswith("il faut un ")


@pytest.mark.parametrize("typed", ['"', "'; DROP TABLE dossier; --", "a* OR b", "NEAR(x y)", "-noa", "(((", "%", "&|!", "le la",
                                   "山田",
                                   "x" * 200, ":*", "\\", "noa & ! fictif"])
@both
def test_nothing_typed_is_an_order_to_the_database(context, clock, typed):
    planted(Kind.ENTRAIDE, "submitted", clock.now)
    search.search(typed, clock.now)
    assert db.session.scalar(select(Dossier.id)) is not None


def test_the_page_shows_the_words_around_and_the_address_keeps_them(app, client, post, arrive, clock):
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    post.reply(post.last(COORDINATOR), "Bonjour Noa, pour les mandats, il suffit d’un <écrit> signé & daté.")
    arrive("contact@ring.example", "Qui s’occupe des mandats chez vous ?", "Patrice Exemple <patrice@ailleurs.example>",
           "Bonjour")
    sign_in(client, post)
    page = soup(client.get("/coordination/recherche?q=mandat"))
    assert [mark.text for mark in page.select(".excerpt mark")][:1] == ["mandats,"]
    assert "<écrit> signé & daté" in page.select_one(".excerpt").text
    assert page.select_one("input[name=q]")["value"] == "mandat"
    assert page.select_one(".results a")["href"] == "/coordination/AIDE-2027-0001"
    assert "patrice@ailleurs.example" in page.select_one(".mail-queue").text
    empty = client.get("/coordination/recherche?q=")
    assert empty.status_code == 422 and "au moins un mot" in soup(empty).text
    assert "Rien ne contient tous ces mots" in soup(client.get("/coordination/recherche?q=girafe")).text


def test_mail_emptied_is_found_no_more(app, client, post, arrive, clock):
    number = arrive("contact@ring.example", "Qui s’occupe des mandats chez vous ?", "Patrice Exemple <patrice@ailleurs.example>")
    sign_in(client, post)
    client.post(f"/coordination/courriels/{number}/ecarter")
    with app.app_context():
        assert len(search.search("mandats patrice", clock.now).mails) == 1
        clock.advance(days=31)
        assert inbound.empty_raw(clock.now) == 1
        assert search.search("mandats patrice", clock.now).mails == []
        db.session.rollback()
        assert db.session.scalars(select(SearchEntry)).all() == []

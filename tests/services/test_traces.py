"""What tells that a text speaks of somebody who is erased, and what is anybody's."""

from __future__ import annotations

import pytest
from cast import NOA, confirm, send
from roads.peers import DOMINIQUE, member, question

from models.base import db
from models.dossier import Dossier, Participant
from models.inbound import InboundMessage
from models.outbox import OutboxBody
from models.structure import Membre
from services.donnees.traces import NAME, Marks, marks_of, take_out
from services.membre.resemblance import digits

NOA_IS = Marks(frozenset({"Noa Fictif"}), frozenset({NOA}), frozenset({digits("06 12 34 56 78")}),
               frozenset({"il faut un mandat écrit, je vous appelle demain"}))


@pytest.mark.parametrize("text", [
    "Je l’ai dit à noa fictif.", f"> De : <{NOA}>", "> Il faut un mandat\n> écrit, je vous\n> appelle demain matin"])
def test_a_name_an_address_and_words_are_known_however_they_are_quoted(text):
    assert NOA_IS.are_in(text)


@pytest.mark.parametrize("text", ["Oui", "Noa Fictifs", f"grand{NOA}", "Il faut un mandat écrit."])
def test_what_is_a_piece_of_a_longer_word_or_says_less_is_somebody_else_s(text):
    assert not NOA_IS.are_in(text)
    assert NOA_IS.renamed(text) == text


@pytest.mark.parametrize("written", ["06 12 34 56 78", "+33 6 12 34 56 78", "+33 (0)6.12.34.56.78", "0033612345678",
                                     "0612345678"])
def test_a_telephone_is_known_however_it_is_written(written):
    assert NOA_IS.without({"phone": written, "said": f"Appelez Noa au {written}."}) == {
        "phone": "", "said": f"Appelez Noa au {NAME}."}
    assert NOA_IS.are_in(f"Appelez le\n> {written}")


@pytest.mark.parametrize("other", ["06 12 34 56 79", "12", "1 06 12 34 56 781"])
def test_another_telephone_stays(other):
    assert NOA_IS.without(other) == other and not NOA_IS.are_in(other)


def test_a_name_within_an_answer_is_replaced_alone():
    assert NOA_IS.without(["Avec Noa Fictif, mardi", 3]) == [f"Avec {NAME}, mardi", 3]


@pytest.fixture
def helps(app, client, post):
    """Dominique helps Noa."""
    with app.app_context():
        member(DOMINIQUE)
    send(client, "/aide", question())
    confirm(client, post, NOA)
    post.reply(post.last(DOMINIQUE, "peer_asked"), "je prends")


def test_short_answers_are_anybody_s(app, post, helps):
    post.reply(post.last(DOMINIQUE, "to_help"), "Oui")
    with app.app_context():
        assert marks_of(*_who(DOMINIQUE)).words == frozenset()


def test_a_mail_in_latin_1_that_quotes_them_is_emptied_and_another_is_kept(app, post, helps):
    post.reply(post.last(DOMINIQUE, "to_help"), "Éh bien, il faut un mandat écrit et signé par elle.")
    post.reply(post.last(NOA, "message_relayed"), "Merci")
    post.reply(post.last(NOA, "message_relayed"), "D’accord")
    with app.app_context():
        marks = marks_of(*_who(DOMINIQUE))
        mails = db.session.query(InboundMessage).order_by(InboundMessage.id).all()[-2:]
        for row, words in zip(mails, ("D'accord, merci beaucoup.", "> Éh bien, il faut un mandat écrit\n> et signé par elle."),
                              strict=True):
            row.body.raw = (b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                       + words.encode("iso-8859-1"))
        take_out(db.session.query(Dossier).one(), Marks(frozenset(), frozenset(), frozenset(), marks.words))
        assert [bool(row.raw) for row in mails] == [True, False]
        assert db.session.query(OutboxBody).count(), "letters that say nothing of them stay"


def _who(email: str) -> tuple[Membre, list[Participant], set[str]]:
    seats = db.session.query(Participant).filter_by(email=email).all()
    return db.session.query(Membre).filter_by(email=email).one(), seats, {email}

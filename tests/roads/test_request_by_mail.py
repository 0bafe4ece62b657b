"""Writing to aide@, rejoindre@ or immersion@ opens a request as the form does, with the form already filled."""

from __future__ import annotations

import re

import pytest
from cast import AIDE, CLAUDE, COORDINATOR, LEARNER, NOA, PROFESSIONAL, STRUCTURE, confirm, send
from house.test_links_act_on_press_only import dump
from letters_in import PDF, STRANGER
from pages import soup
from roads.peers import DOMINIQUE, member, question
from setting import at_once, databases
from sqlalchemy import func, select

from jobs.engine import hourly
from models.base import db, transaction
from models.conversation import Message
from models.dossier import Dossier, Participant
from models.entraide import Solicitation
from models.stored_file import StoredFile

WORDS = "Comment faire un mandat pour une personne sans adresse ?\n\nMerci beaucoup,\nNoa\n06 39 98 00 07"
AIDE_AT, JOIN_AT, STAY_AT = "aide@ring.example", "rejoindre@ring.example", "immersion@ring.example"


def start(client, post, address: str = STRANGER, kind: str = "aide"):
    """The first page of the form behind the link of the last letter to that address."""
    return client.get(post.last(address, "form_to_complete").link(f"{kind}/reprendre"))


def finish(client, page, **who: str):
    """Answer what a mail does not say, and send."""
    page = client.fill(page, "/aide/question", help_kind="question", theme="autre")
    page = client.fill(page, "/aide/contexte", concerns="usager", urgency="normale")
    page = client.fill(page, "/aide/vous", **({"post": "mediateur", "commune": "Nîmes"} | who))
    assert page.status_code == 200, [tag.text for tag in soup(page).select(".error-text")]
    return page


def dossiers(app) -> list[Dossier]:
    with app.app_context():
        db.session.remove()
        return list(db.session.scalars(select(Dossier).order_by(Dossier.id)))


@databases("sqlite", "postgresql")
def test_a_stranger_asks_for_help_by_mail_and_sends_the_form_that_is_already_filled(app, client, clock, post, arrive):
    inbound = arrive(AIDE_AT, WORDS, subject="Mandat pour un usager", files=[PDF])
    assert arrive.row(inbound).state == "form"
    assert not post.to(COORDINATOR), "nobody else is told yet"
    letter = post.last(STRANGER, "form_to_complete")
    assert "mandat" not in letter.text, "the sender may be forged: nothing is copied"
    page = start(client, post)
    assert "repris votre courriel" in page.text and "plan.pdf" in page.text
    question = soup(page).find(id="question").text
    assert "Mandat pour un usager" in question and "06 39 98 00 07" in question
    page = client.fill(page, "/aide/question", help_kind="question", theme="autre")
    page = client.fill(page, "/aide/contexte", concerns="usager", urgency="normale")
    values = {tag["name"]: tag.get("value") for tag in soup(page).select("main input[name]")}
    assert (values["given_name"], values["family_name"], values["email"], values["phone"]) == (
        "Noa", "Fictif", STRANGER, "06 39 98 00 07")
    page = client.fill(page, "/aide/vous", post="mediateur", commune="Nîmes")
    assert "déjà confirmée" in page.text
    answer = client.fill(page, "/aide/verification")
    said = client.get(answer.location).text
    assert "votre demande est arrivée" in said and "AIDE-2027-0001" in said
    assert "mandat" in post.last(COORDINATOR, "request_to_coordinator").text
    assert not [item for item in post.to(STRANGER) if item.letter.endswith("address_to_confirm")]
    assert post.last(STRANGER).letter == "accueil/request_received"
    [dossier] = dossiers(app)
    assert dossier.state == "submitted" and dossier.confirmed_at == clock.now
    with app.app_context():
        assert db.session.scalars(select(StoredFile.name).where(StoredFile.dossier_id == dossier.id)).all() == ["plan.pdf"]
    row = arrive.row(inbound)
    assert (row.state, row.dossier_id) == ("done", dossier.id)


def test_the_link_used_twice_says_that_it_is_sent_already(app, client, post, arrive):
    arrive(AIDE_AT, WORDS)
    client.fill(finish(client, start(client, post)), "/aide/verification")
    again = start(client, post)
    assert "déjà été envoyée" in again.text and "AIDE-2027-0001" in again.text
    assert len(dossiers(app)) == 1


@databases("sqlite", "postgresql")
def test_two_windows_with_the_same_link_make_one_request(app, client, post, arrive):
    arrive(AIDE_AT, WORDS)
    pages = [finish(client, start(client, post)) for _ in range(2)]
    states = [soup(page).find("input", {"name": "etat"})["value"] for page in pages]

    def press(number: int) -> str:
        return app.test_client().post("/aide/verification", data={"etat": states[number]}).location
    given, raised = at_once(app, 2, press)
    assert not raised and all("/demande-recue/" in place for place in given)
    assert len(dossiers(app)) == 1
    assert len([item for item in post.to(COORDINATOR) if item.letter.endswith("request_to_coordinator")]) == 1


def test_another_address_than_the_one_proved_is_confirmed_as_usual(app, client, post, arrive):
    inbound = arrive(AIDE_AT, WORDS, files=[PDF])
    page = finish(client, start(client, post), email=NOA)
    assert "sera envoyé pour confirmer" in page.text
    answer = client.fill(page, "/aide/verification")
    assert "confirmez votre adresse" in client.get(answer.location).text
    assert not post.to(COORDINATOR)
    confirm(client, post, NOA)
    assert "mandat" in post.last(COORDINATOR).text
    [dossier] = dossiers(app)
    assert arrive.row(inbound).dossier_id == dossier.id
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 1


def test_a_scanner_that_opens_the_link_changes_nothing(app, client, post, arrive):
    arrive(AIDE_AT, WORDS, files=[PDF])
    arrive(JOIN_AT, WORDS, sender="Lou <lou@courriel.example>")
    paths = [post.last(STRANGER).link("aide/reprendre"), post.last("lou@courriel.example").link("rejoindre/reprendre")]
    paths += [paths[1].replace("/reprendre/", f"/{variant}/reprendre/")
              for variant in ("structure", "professionnel", "en-devenir")]
    before = dump(app)
    for path in paths:
        assert client.get(path).status_code == client.head(path).status_code == 200, path
    assert dump(app) == before


def test_a_link_for_one_form_opens_no_other_and_dies_in_its_time(client, clock, post, arrive):
    arrive(AIDE_AT, WORDS)
    path = post.last(STRANGER).link("aide/reprendre")
    assert client.get(path.replace("/aide/", "/immersion/")).status_code == 404
    assert client.get(path + "x").status_code == 404
    clock.advance(days=14)
    assert client.get(path).status_code == 410


def test_a_file_taken_off_the_form_is_not_joined(app, client, post, arrive):
    arrive(AIDE_AT, WORDS, files=[PDF])
    page = client.fill(start(client, post), "/aide/question", help_kind="question", theme="autre")
    page = client.fill(page, "/aide/contexte", concerns="usager", urgency="normale", **{"fichiers-retirer": "courriel-0"})
    page = client.fill(page, "/aide/vous", post="mediateur", commune="Nîmes")
    client.fill(page, "/aide/verification")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_words_too_long_for_the_form_are_all_in_the_request(app, client, post, arrive):
    long = "\n".join(f"Ligne {number} de mon long courriel." for number in range(300))
    arrive(AIDE_AT, long)
    page = start(client, post)
    assert "Tous les mots" in page.text
    client.fill(finish(client, page), "/aide/verification")
    [dossier] = dossiers(app)
    assert any("Ligne 299" in answer for _, rows in dossier.summary for _, answer, *_ in rows)


@pytest.mark.parametrize("headers", [
    {"Auto_Submitted": "auto-replied"}, {"List_Id": "<liste.example>"}, {"X_Spam_Flag": "YES"}, {"Precedence": "bulk"},
    {"Return_Path": "<>"}], ids=lambda headers: next(iter(headers)))
def test_a_machine_a_list_and_spam_are_never_answered(post, arrive, headers):
    row = arrive.row(arrive(AIDE_AT, WORDS, **headers))
    assert row.state in ("ignored", "quarantined")
    assert not post.to(STRANGER)


@pytest.mark.parametrize("sender", ["ne-pas-repondre@x.example", "aide@ring.example", "liste-request@x.example"])
def test_an_address_nobody_reads_is_never_answered(post, arrive, sender):
    assert arrive.row(arrive(AIDE_AT, WORDS, sender=sender)).state in ("ignored", "quarantined")
    assert not post.to(sender)


def test_the_same_mail_by_two_ways_is_answered_once(post, arrive):
    from letters_in import mail
    raw = mail(AIDE_AT, WORDS)
    arrive.bring(raw)
    second = arrive.bring(b"Received: from b.example\r\n" + raw)
    assert (arrive.row(second).state, arrive.row(second).reason) == ("ignored", "déjà reçu")
    assert len(post.to(STRANGER)) == 1


def test_a_door_is_known_by_the_address_of_delivery_too(post, arrive):
    arrive("quelquun@ailleurs.example", WORDS, Delivered_To=AIDE_AT)
    assert post.last(STRANGER).letter == "courriels/form_to_complete"


def test_many_mails_of_one_address_in_a_day_come_to_the_coordination_without_more_letters(post, arrive):
    states = [arrive.row(arrive(AIDE_AT, f"{WORDS} {number}")).state for number in range(7)]
    assert states == ["form"] * 5 + ["quarantined"] * 2
    assert len([item for item in post.to(STRANGER) if item.letter.endswith("form_to_complete")]) == 5


def test_a_form_that_is_not_sent_is_recalled_once_then_comes_to_the_coordination(app, client, clock, post, arrive):
    inbound = arrive(AIDE_AT, WORDS)

    def pass_days(days: float) -> None:
        clock.advance(days=days)
        with app.app_context():
            hourly(clock.now)
    pass_days(1)
    assert not [item for item in post.to(STRANGER) if item.letter.endswith("form_reminder")], "one working day"
    pass_days(1)
    pass_days(1)
    reminders = [item for item in post.to(STRANGER) if item.letter.endswith("form_reminder")]
    assert len(reminders) == 1
    assert client.get(reminders[0].link("aide/reprendre")).status_code == 200
    pass_days(3)
    assert arrive.row(inbound).state == "form"
    pass_days(1.1)
    row = arrive.row(inbound)
    assert row.state == "quarantined" and "formulaire" in row.reason
    assert post.last(COORDINATOR).letter == "coordination/digest"
    client.fill(finish(client, start(client, post)), "/aide/verification")
    assert arrive.row(inbound).state == "done", "late is not too late"


def test_a_member_finds_what_the_network_knows_of_them(client, post, arrive):
    send(client, "/rejoindre/structure", STRUCTURE)
    confirm(client, post, CLAUDE)
    post.reply(post.last(COORDINATOR), "accepter")
    arrive(AIDE_AT, "Qui connaît ce logiciel ?", sender=CLAUDE)
    page = start(client, post, CLAUDE)
    page = client.fill(page, "/aide/question", help_kind="question", theme="autre")
    page = client.fill(page, "/aide/contexte", concerns="moi", urgency="normale")
    values = {tag["name"]: tag.get("value") for tag in soup(page).select("main input[name]") if tag.get("type") != "radio"}
    assert (values["given_name"], values["job"], values["organisation"]) == ("Claude", "Directrice", "Structure Exemple C")
    assert "Bagnols" in values["commune"]


def test_a_member_who_writes_to_join_is_told_so_and_read(client, post, arrive):
    send(client, "/rejoindre/structure", STRUCTURE)
    confirm(client, post, CLAUDE)
    post.reply(post.last(COORDINATOR), "accepter")
    inbound = arrive(JOIN_AT, "Une collègue veut venir aussi", sender=CLAUDE)
    assert post.last(CLAUDE).letter == "courriels/member_writes"
    assert arrive.row(inbound).state == "quarantined"


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_newcomer_who_writes_again_adds_to_the_request_that_waits(app, client, post, arrive, confirmed):
    send(client, "/rejoindre/professionnel", PROFESSIONAL)
    if confirmed:
        confirm(client, post, NOA)
    arrive(JOIN_AT, "J’ai oublié de dire que je parle occitan.", sender=NOA)
    letter = post.last(NOA, "newcomer_writes")
    assert "ADH-2027-0001" in letter.text
    assert letter.link("d" if confirmed else "confirmer")
    with app.app_context():
        assert "occitan" in db.session.scalar(select(Message.body))
    assert bool([item for item in post.to(COORDINATOR) if "occitan" in item.text]) == confirmed


def test_joining_by_mail_asks_first_which_form(app, client, post, arrive):
    arrive(JOIN_AT, "Je voudrais devenir médiatrice, comment faire ?", sender="Lou EXEMPLE <lou@courriel.example>")
    choice = start(client, post, "lou@courriel.example", "rejoindre")
    path = next(a["href"] for a in soup(choice).select("main a") if "en-devenir/reprendre" in a["href"])
    page = client.get(path)
    values = {tag["name"]: tag.get("value") for tag in soup(page).select("main input[name]")}
    assert (values["given_name"], values["family_name"]) == ("Lou", "Exemple")
    assert "devenir médiatrice" in soup(page).find(id="project").text
    for slug, answers in LEARNER:
        page = client.fill(page, f"/rejoindre/en-devenir/{slug}", **answers)
    client.fill(page, "/rejoindre/en-devenir/verification")
    [dossier] = dossiers(app)
    assert dossier.state == "submitted"
    assert any("devenir médiatrice" in answer for _, rows in dossier.summary for _, answer, *_ in rows)


def test_an_immersion_by_mail_is_filled_with_its_objectives(client, post, arrive):
    arrive(STAY_AT, "Je voudrais voir comment vous animez un atelier.", sender=NOA)
    page = start(client, post, NOA, "immersion")
    page = client.fill(page, "/immersion/situation", work_status="salarie")
    assert "animez un atelier" in soup(page).find(id="objectives").text


def test_a_mail_that_names_a_request_of_theirs_goes_there_and_gives_no_order(app, client, post, arrive):
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    arrive(AIDE_AT, "Retirer\nplutôt demain", sender=NOA, subject="Re: [AIDE-2027-0001] Une question")
    [dossier] = dossiers(app)
    assert dossier.state == "submitted", "a subject proves nothing: no order is taken from it"
    assert "plutôt demain" in post.last(COORDINATOR, "message_relayed").text
    arrive(AIDE_AT, "Une autre question", sender=NOA)
    letter = post.last(NOA, "form_to_complete")
    assert "AIDE-2027-0001" in letter.text, "the letter says how to write about the request that is open"


def test_a_mail_that_names_somebody_elses_request_is_for_a_person_to_judge(client, post, arrive):
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    row = arrive.row(arrive(AIDE_AT, "Bonjour", subject="Re: [AIDE-2027-0001] Une question"))
    assert row.state == "quarantined" and "AIDE-2027-0001" in row.reason
    row = arrive.row(arrive(AIDE_AT, "/clore", sender=COORDINATOR, subject="Re: [AIDE-2027-0001] Une question"))
    assert row.state == "quarantined", "a coordinator is not believed on the word of a subject"


def test_a_coordinator_writes_for_themselves_or_passes_a_mail_on(post, arrive):
    arrive(AIDE_AT, "Comment fait-on ailleurs ?", sender=COORDINATOR)
    letter = post.last(COORDINATOR, "form_to_complete")
    assert "coordination" in letter.text and "transférez" in re.sub(r"\s+", " ", letter.text)
    forwarded = ("Voir plus bas.\n\n---------- Forwarded message ---------\nDe : Lou Exemple <lou@courriel.example>\n"
                 "Date: lun. 11 janv. 2027\nObjet : Question\nÀ : moi\n\nComment imprimer ?")
    row = arrive.row(arrive(AIDE_AT, forwarded, sender=COORDINATOR, subject="Fwd: Question"))
    assert row.state == "quarantined" and "transféré" in row.reason


@pytest.mark.parametrize("role", ["helper", "host"])
def test_who_imitates_an_address_and_cites_a_request_is_read_by_the_coordination_alone(app, client, clock, post, arrive, role):
    """Neither the words nor the files of such a mail do anything, whoever it claims to be of."""
    with app.app_context():
        member(DOMINIQUE)
    send(client, "/aide", question())
    confirm(client, post, NOA)
    with app.app_context(), transaction():
        db.session.scalar(select(Participant).where(Participant.email == DOMINIQUE)).role = role
    arrive(AIDE_AT, "Appelez le 0 899 00 00 00", sender=f"Dominique <{DOMINIQUE}>", subject="Re: AIDE-2027-0001", files=[PDF])
    assert not [letter for letter in post.to(NOA) if "0 899" in letter.text]
    letter = post.last(COORDINATOR, "message_relayed")
    assert "0 899" in letter.text and "Rien ne prouve" in letter.text
    with app.app_context():
        assert db.session.scalars(select(Solicitation.answer)).all() == ["none"]
        [dossier] = db.session.scalars(select(Dossier))
        assert dossier.state == "submitted" and dossier.journal[-1].kind == "wrote_by_subject"
    post.reply(letter, "Est-ce bien vous ?")
    assert "Est-ce bien vous" in post.last(DOMINIQUE, "message_relayed").text

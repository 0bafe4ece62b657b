"""Before everybody has signed: a change, a refusal, somebody else who signs, another version, a recall, the day that comes."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, time, timedelta

import pytest
from cast import ANDREA, CLAUDE, COORDINATOR, NOA
from pages import soup
from roads.signers import Signing
from roads.stories import planted, who

from jobs.engine import hourly
from models.states import Kind
from pdf.convention import Signatory, from_json
from pdf.convention_data import Contact, Cost, Place, Report
from services import convention
from services.convention.difference import NOT_SAID, differences, to_sign_again
from services.convention.reminding import days_to_remind
from services.errors import AlreadyDone, Refused

DEPUTY = "adjointe@structure-c.example"


@pytest.fixture
def to_sign(app, client, post, clock) -> Signing:
    return Signing(app, client, post, clock).sent()


def _signed(story: Signing) -> set[str]:
    with story.app.app_context():
        return {row.email for row in story.version.signatures if row.signed}


def _correct(story: Signing, **changes) -> None:
    with story.app.app_context():
        dossier = story.dossier
        data = convention.draft_data(dossier, story.clock.now)
        convention.save_draft(who(dossier, "coordinator").id, replace(data, **changes), story.clock.now)


def test_a_party_asks_for_a_change_signing_waits_and_the_same_version_is_signed_again(to_sign):
    to_sign.sign(NOA)
    path = to_sign.link(CLAUDE)
    base = path.removesuffix("/signer")
    assert to_sign.client.fill(to_sign.client.get(f"{base}/modifier"), base, words="Le repas est sur place").status_code == 303
    letter = to_sign.post.last(COORDINATOR, "change_asked").text
    assert "Le repas est sur place" in letter and "/reprendre" in letter and "/remettre" in letter
    assert "attend la réponse" in to_sign.post.last(NOA, "change_asked").text
    page = to_sign.client.get(to_sign.link(ANDREA))
    assert "Une partie a demandé une modification" in page.text and "Recevoir mon code" not in page.text
    assert to_sign.client.post(to_sign.link(ANDREA), data={"envoyer-code": "1"}).status_code == 200
    to_sign.act("coordinator", "remettre", "Le repas est bien sur place, à l’article 8")
    assert "Les signatures déjà reçues comptent" in to_sign.post.last(NOA, "signing_resumed").text
    assert _signed(to_sign) == {NOA}
    for address in (CLAUDE, ANDREA):
        assert to_sign.sign(address).status_code == 303
    with to_sign.app.app_context():
        assert to_sign.dossier.state == "signed" and to_sign.version.version == 1


def test_a_material_change_makes_a_version_that_says_what_changed_and_voids_what_was_signed(to_sign):
    to_sign.sign(NOA)
    to_sign.act("coordinator", "reprendre", "La deuxième date ne convient plus")
    assert "Vous aviez signé cette version" in to_sign.post.last(NOA, "convention_reopened").text
    assert "Vous aviez signé" not in to_sign.post.last(CLAUDE, "convention_reopened").text
    with to_sign.app.app_context():
        sessions = from_json(to_sign.version.data).sessions
    _correct(to_sign, sessions=(sessions[0], replace(sessions[1], on=date(2027, 2, 16))), meals="Sur place")
    to_sign.act("coordinator", "signature")
    for address, signed in ((NOA, True), (CLAUDE, False), (ANDREA, False)):
        text = to_sign.post.last(address, "convention_to_sign").text.replace("\u00a0", " ")
        assert "mardi 16 février 2027" in text and "mardi 9 février 2027" in text and "Repas" in text
        assert "La deuxième date ne convient plus" in text
        assert ("Vous aviez signé la version précédente" in text) == signed
    with to_sign.app.app_context():
        first, second = to_sign.dossier.conventions
        assert (first.state, second.state, second.version) == ("superseded", "issued", 2)
        voided = [row for row in first.signatures if row.way]
        assert [(row.email, row.voided_because) for row in voided] == [(NOA, "La deuxième date ne convient plus")]
        assert not any(row.signed for row in (*first.signatures, *second.signatures))
        assert first.pdf_sha256 != second.pdf_sha256 and first.verification_code != second.verification_code
    page = soup(to_sign.client.get(to_sign.link(NOA)))
    assert "Ce qui change depuis la version 1" in page.text and page.select_one("del") and page.select_one("ins")
    for address in (NOA, CLAUDE, ANDREA):
        assert to_sign.sign(address).status_code == 303
    with to_sign.app.app_context():
        assert to_sign.dossier.state == "signed"


def test_a_contact_detail_changes_nothing_to_what_was_signed(to_sign):
    to_sign.sign(NOA)
    to_sign.act("coordinator", "reprendre", "Le téléphone d’Ariel a changé")
    with to_sign.app.app_context():
        tutor = from_json(to_sign.version.data).tutor
    _correct(to_sign, tutor=replace(tutor, phone="06 39 98 00 10"))
    to_sign.act("coordinator", "signature")
    assert _signed(to_sign) == {NOA}
    with to_sign.app.app_context():
        assert (to_sign.version.version, to_sign.version.state, to_sign.dossier.state) == (1, "issued", "to_sign")
        assert to_sign.version.corrections[0][0] == "Comment joindre qui accompagne"
    assert "06 39 98 00 10" in to_sign.post.last(ANDREA, "signing_resumed").text.replace("\u00a0", " ")
    assert "06 39 98 00 10" in to_sign.client.get(to_sign.link(ANDREA)).text.replace("\u00a0", " ")
    for address in (CLAUDE, ANDREA):
        assert to_sign.sign(address).status_code == 303
    with to_sign.app.app_context():
        assert to_sign.dossier.state == "signed"


def test_a_party_declines_and_all_are_told_why_those_who_had_signed_too(to_sign):
    to_sign.sign(NOA)
    base = to_sign.link(ANDREA).removesuffix("/signer")
    assert to_sign.client.post(f"{base}/decliner", data={"words": ""}).status_code == 422
    to_sign.client.fill(to_sign.client.get(f"{base}/decliner"), base, words="Le conseil ne le permet pas")
    for address in (NOA, CLAUDE, COORDINATOR):
        assert "Le conseil ne le permet pas" in to_sign.post.last(address, "convention_declined").text
    assert "vous n’êtes engagé·e à rien" in to_sign.post.last(NOA, "convention_declined").text
    assert "a refusé de signer" in to_sign.client.get(to_sign.link(CLAUDE)).text
    with to_sign.app.app_context():
        assert (to_sign.dossier.state, to_sign.version.state) == ("declined", "declined")
    to_sign.act("coordinator", "reprendre", "On en reparle")
    _correct(to_sign, meals="Sur place")
    to_sign.act("coordinator", "signature")
    assert to_sign.sign(ANDREA).status_code == 303


def test_why_the_person_received_declines_is_for_the_coordination_alone(to_sign):
    base = to_sign.link(NOA).removesuffix("/signer")
    page = to_sign.client.get(f"{base}/decliner")
    assert "lue par la coordination seule" in page.text
    to_sign.client.fill(page, base, words="Je ne souhaite pas y aller")
    assert "Je ne souhaite pas y aller" in to_sign.post.last(COORDINATOR, "convention_declined").text
    for address in (ANDREA, CLAUDE):
        letter = to_sign.post.last(address, "convention_declined").text
        assert "Je ne souhaite pas" not in letter and "n’a pas à dire pourquoi" in letter
        seen = to_sign.client.get(to_sign.link(address)).text
        assert "a refusé de signer" in seen and "Je ne souhaite pas" not in seen and "n’est plus à signer" in seen


def test_the_person_received_may_decline_without_a_word(to_sign):
    base = to_sign.link(NOA).removesuffix("/signer")
    assert to_sign.client.post(f"{base}/decliner", data={"words": ""}).status_code == 303
    with to_sign.app.app_context():
        assert to_sign.dossier.state == "declined"


def _somebody_else(story: Signing, address: str, **answers: str):
    base = story.link(address).removesuffix("/signer")
    return story.client.fill(story.client.get(f"{base}/pas-moi"), f"{base}/pas-moi", **answers)


def test_the_named_person_signs_at_another_address_and_the_coordination_knows(to_sign):
    old = to_sign.link(CLAUDE)
    assert _somebody_else(to_sign, CLAUDE, who="same", same_email=DEPUTY).status_code == 303
    assert "Claude Accueil" in to_sign.post.last(COORDINATOR, "signer_changed").text
    assert to_sign.post.last(DEPUTY, "signature_forwarded").files[0][1] == "application/pdf"
    assert "Recevoir mon code" not in to_sign.client.get(old).text, "the first address signs nothing more"
    with to_sign.app.app_context():
        assert (to_sign.version.version, to_sign.dossier.state) == (1, "to_sign")
    to_sign.people[DEPUTY] = to_sign.people[CLAUDE]
    for address in (NOA, DEPUTY, ANDREA):
        assert to_sign.sign(address).status_code == 303
    with to_sign.app.app_context():
        assert to_sign.dossier.state == "signed"


def test_another_person_signs_once_the_coordination_agrees_and_the_document_names_them(to_sign):
    to_sign.sign(NOA)
    answer = _somebody_else(to_sign, CLAUDE, who="other", name="Camille Adjointe", quality="Directrice adjointe", email=DEPUTY,
                            capacity="par délégation", words="Claude est absente")
    assert answer.status_code == 303
    letter = to_sign.post.last(COORDINATOR, "change_asked").text
    assert "Camille Adjointe" in letter and "/remplacer-signataire" in letter
    assert not to_sign.post.to(DEPUTY), "nobody is written to before the coordination agrees"
    to_sign.act("coordinator", "remplacer-signataire")
    assert "Camille Adjointe, Directrice adjointe, par délégation" in to_sign.post.last(NOA, "convention_to_sign").text
    to_sign.people[DEPUTY] = ("Camille Adjointe", "Directrice adjointe")
    for address in (NOA, DEPUTY, ANDREA):
        assert to_sign.sign(address).status_code == 303
    with to_sign.app.app_context():
        version = to_sign.version
        assert (version.version, version.state) == (2, "signed")
        assert [row.name for row in version.signatures] == ["Camille Adjointe", "Noa Fictif", "Andréa Direction"]
        assert convention.proof_of(version.signatures[0]).capacity == "par délégation"


def test_who_signs_alone_sees_the_convention_and_nothing_of_the_request(to_sign):
    _somebody_else(to_sign, CLAUDE, who="same", same_email=DEPUTY)
    base = to_sign.link(DEPUTY).removesuffix("/signer")
    page = to_sign.client.page(base)
    assert "Voir un atelier" not in page.text and NOA not in page.text
    assert to_sign.client.get(f"{base}/convention").status_code == 200


def test_the_address_of_another_party_is_refused_and_what_was_typed_is_kept(to_sign):
    answer = _somebody_else(to_sign, CLAUDE, who="same", same_email=NOA)
    assert answer.status_code == 422 and "autre partie" in answer.text and NOA in answer.text
    assert _somebody_else(to_sign, CLAUDE, who="").status_code == 422
    with to_sign.app.app_context():
        assert {row.email for row in to_sign.version.signatures} == {NOA, CLAUDE, ANDREA}


def test_somebody_who_does_not_know_who_signs_says_so_to_the_coordination(to_sign):
    assert _somebody_else(to_sign, CLAUDE, who="unknown", words="Je suis à l’accueil").status_code == 303
    assert "Je suis à l’accueil" in to_sign.post.last(COORDINATOR, "change_asked").text


def test_a_signature_after_a_refusal_or_a_change_is_not_taken(to_sign):
    path = to_sign.link(NOA)
    to_sign.ask_code(NOA, path)
    code = to_sign.code(NOA)
    with to_sign.app.app_context():
        shown = to_sign.version.pdf_sha256
    to_sign.act("employer", "decliner", "Non")
    answer = to_sign.client.post(path, data={"empreinte": shown, "signer": "Noa Fictif", "quality": "x", "agreed": "oui",
                                             "code": code})
    assert "arrêtée" in answer.text
    assert not _signed(to_sign)
    with to_sign.app.app_context(), pytest.raises((AlreadyDone, Refused)):
        to_sign.act("author", "decliner", "Non plus")


# Reminders

def test_days_of_reminders_are_those_that_were_decided(context):
    monday = date(2027, 1, 11)
    assert days_to_remind(monday, date(2027, 2, 2)) == [
        date(2027, 1, 14), date(2027, 1, 18), date(2027, 1, 26), date(2027, 1, 29), date(2027, 2, 1)]
    assert days_to_remind(monday, date(2027, 1, 13)) == [date(2027, 1, 12)]
    assert days_to_remind(monday, None) == [date(2027, 1, 14), date(2027, 1, 18)]


def _reminded(story: Signing, address: str) -> int:
    return len([letter for letter in story.post.to(address) if letter.letter.endswith("signature_reminder")])


def test_who_has_not_signed_is_reminded_on_those_days_with_a_link_and_never_after_signing(to_sign):
    to_sign.sign(NOA)
    seen, signed = [], False
    while to_sign.clock.now.date() < date(2027, 2, 1):
        to_sign.clock.advance(hours=6)
        with to_sign.app.app_context():
            hourly(to_sign.clock.now)
        if _reminded(to_sign, ANDREA) > len(seen):
            seen.append(to_sign.clock.now.date())
        if len(seen) == 2 and not signed:
            assert to_sign.client.get(to_sign.link(CLAUDE)).status_code == 200
            signed = to_sign.sign(CLAUDE).status_code == 303
    assert seen == [date(2027, 1, 14), date(2027, 1, 18), date(2027, 1, 26), date(2027, 1, 29)]
    assert _reminded(to_sign, NOA) == 0 and _reminded(to_sign, CLAUDE) == 2
    assert "/signer" in to_sign.post.last(ANDREA, "signature_reminder").text
    assert "mardi 2 février 2027" in to_sign.post.last(ANDREA, "signature_reminder").text.replace("\u00a0", " ")


def test_nobody_is_reminded_while_a_change_is_discussed(to_sign):
    to_sign.act("host", "modifier", "Autre chose")
    to_sign.clock.advance(days=3)
    with to_sign.app.app_context():
        hourly(to_sign.clock.now)
    assert _reminded(to_sign, ANDREA) == 0


def test_on_the_day_of_the_first_session_it_is_too_late_and_everybody_is_told(to_sign):
    to_sign.sign(NOA)
    to_sign.clock.now = to_sign.clock.now.replace(month=2, day=1, hour=22, minute=30)
    with to_sign.app.app_context():
        hourly(to_sign.clock.now)  # 23.30 on the first of February in Paris
        assert to_sign.dossier.state == "to_sign"
        hourly(to_sign.clock.now + timedelta(hours=1))
        assert to_sign.dossier.state == "expired"
        hourly(to_sign.clock.now + timedelta(hours=2))
    for address in (NOA, CLAUDE, ANDREA, COORDINATOR):
        assert [letter.letter for letter in to_sign.post.to(address)].count("signature/convention_expired") == 1
    to_sign.clock.advance(hours=3)
    assert "nouvelles dates" in to_sign.client.get(to_sign.link(ANDREA)).text
    to_sign.act("coordinator", "reprendre", "De nouvelles dates")


# What changes, told

def _parts(value, path=""):
    for field in fields(value):
        inner, name = getattr(value, field.name), f"{path}{field.name}"
        if is_dataclass(inner):
            yield from _parts(inner, f"{name}.")
        else:
            yield name, inner


def _otherwise(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, tuple):
        return ()
    return date(2030, 1, 2) if isinstance(value, date) else 77 if isinstance(value, int) else "autre chose"


def _changed(data, path: str):
    name, _, rest = path.partition(".")
    inner = getattr(data, name)
    return replace(data, **{name: _changed(inner, rest) if rest else _otherwise(inner)})


def test_whatever_a_convention_says_a_change_of_it_is_told(context, clock):
    data = convention.draft_data(planted(Kind.IMMERSION, "to_sign", clock.now), clock.now)
    data = replace(data, reports=(Report("Bilan", "l’employeur"),), frame="mission_observation", special_clauses="",
                   host=replace(data.host, contact=Contact("Camille", "accueil", "a@structure-c.example", "06")),
                   employer=replace(data.employer, contact=Contact("Lou", "secrétariat", "a@structure-b.example", "06")))
    told = {path: differences(data, _changed(data, path)) for path, _ in _parts(data)}
    assert {path for path, found in told.items() if not found} == NOT_SAID
    assert {path for path, found in told.items() if found and not to_sign_again(found)} == {
        *(f"{party}.contact.{name}" for party in ("host", "employer") for name in ("name", "quality", "email", "phone")),
        "companion.email", "companion.phone", "tutor.email", "tutor.phone", "network.coordinator", "network.email",
        "network.phone", "network.address", "network.privacy_email"}
    signer = replace(data.host, signatories=(Signatory("Claude Accueil", "Directrice", email="b@structure-c.example"),))
    assert not to_sign_again(differences(data, replace(data, host=replace(signer, contact=data.host.contact))))
    for more in ({"sessions": (replace(data.sessions[0], starts=time(10)),)}, {"places": (Place("x", "y"),)},
                 {"costs": (Cost("x", "y"),)}, {"objectives": ("x",)}):
        assert to_sign_again(differences(data, replace(data, **more)))

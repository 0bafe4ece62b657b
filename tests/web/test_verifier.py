"""/verifier tells by its code what a document is, in words a director understands, and names nobody."""

from __future__ import annotations

from datetime import date

import pytest
from pages import soup
from roads.signed import again, issued, sign, signed
from roads.stories import who
from web.verifying import PEOPLE, by_code, content, flipped, heading, resaved, sealed_by_all, told, words

from models.base import db, transaction
from models.convention import Convention
from models.ending import Cause
from services import acting, convention, verifying
from services.files import read_content
from services.immersion import ending


@pytest.fixture
def sealed(context, clock) -> Convention:
    return sealed_by_all(clock.now)


def test_the_code_tells_the_state_and_names_nobody(client, sealed):
    page = by_code(client, sealed)
    said = words(page)
    assert page.status_code == 200 and heading(page) == "Document en vigueur"
    for fact in (sealed.immersion.reference, "Structure Exemple C", "Structure Exemple B", "mardi 2 février 2027",
                 sealed.content_hash[:16], "3 sur 3", sealed.verification_code):
        assert fact in said, fact
    assert [name for name in PEOPLE if name in said] == []
    assert "no-store" in page.headers["Cache-Control"]


def test_the_enterprise_of_one_person_is_not_named_by_the_code_alone(client, sealed):
    with transaction():
        sealed.data = sealed.data | {"host": sealed.data["host"] | {"kind": "Travail indépendant", "legal_name": "Zoé Seule"}}
    said = words(by_code(client, sealed))
    assert "Zoé Seule" not in said and "une personne à son compte" in said


@pytest.mark.parametrize("typed", [
    str, lambda code: f" {code} ", str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", ""),
    lambda code: code.replace("0", "O").replace("1", "l")])
def test_a_code_read_out_and_typed_again_leads_to_its_page(client, sealed, typed):
    code = sealed.verification_code
    answer = client.get("/verifier", query_string={"code": typed(code)})
    assert answer.status_code == 303 and answer.location == f"/verifier/{code}"


@pytest.mark.parametrize("typed", ["", "abc", "7K4M-XQ2P-9RT", "IMM-2027-0001", "7K4M-XQ2P-9RTDD", "%00"])
def test_what_cannot_be_a_code_is_said_and_kept_in_the_field(client, typed):
    answer = client.get("/verifier", query_string={"code": typed})
    assert answer.status_code == 422 and soup(answer).select_one(".error-summary")
    assert soup(answer).select_one("#code")["value"] == typed


def test_an_unknown_code_says_what_to_do(client, sealed):
    page = client.get("/verifier/0000-0000-0000")
    assert page.status_code == 404 and "Aucun document ne porte ce code" in heading(page)


def test_codes_cannot_be_tried_one_after_the_other(client, sealed):
    answers = [client.get(f"/verifier/0000-0000-{number:04d}").status_code for number in range(verifying.MOST_MISSES + 1)]
    assert answers == [404] * verifying.MOST_MISSES + [429]
    assert by_code(client, sealed).status_code == 200, "a right code is never counted"


def test_all_the_addresses_of_one_ipv6_access_are_counted_as_one(client, sealed):
    def status(network: str, number: int) -> int:
        here = {"REMOTE_ADDR": f"2001:db8:0:{network}::{number:x}"}
        return client.get("/verifier/0000-0000-0000", environ_base=here).status_code
    assert [status("1", number) for number in range(verifying.MOST_MISSES + 1)] == [404] * verifying.MOST_MISSES + [429]
    assert status("2", 1) == 404


def test_each_state_is_told_in_its_own_words(client, context, clock):
    dossier = issued(clock.now)
    row = dossier.convention
    assert heading(by_code(client, row)) == "Document en cours de signature" and "0 sur 3" in words(by_code(client, row))
    with transaction():
        sign(row.signatures[0], clock.now)
    assert "1 sur 3" in words(by_code(client, again(row)))
    signed(clock.now, dossier)
    page = by_code(client, row)
    assert heading(page) == "Document signé, bientôt scellé" and "dans quelques minutes" in words(page)
    convention.seal_due(clock.now)
    assert heading(by_code(client, row)) == "Document en vigueur"
    with transaction():
        db.session.get_one(Convention, row.id).state = "cancelled"
    assert heading(by_code(client, row)) == "Document annulé"


def _act(row: Convention, *steps: tuple[str, str], now, extra=None) -> None:
    for role, slug in steps:
        acting.perform(slug, who(row.immersion, role).id, "Voici pourquoi", now, extra=extra)
    db.session.expire_all()


#: What is done while it is to sign -> the title, and what the page says.
_UNSIGNED = {
    "withdrawn": ((("author", "retirer"),), "Document sans valeur, demande retirée", "a été retirée avant que toutes"),
    "refused": ((("coordinator", "refuser"),), "Document sans valeur, demande sans suite", "il n’y est pas donné suite"),
    "closed": ((("coordinator", "clore"),), "Document sans valeur, dossier clos", "sans que toutes les parties aient signé"),
    "declined": ((("host", "decliner"),), "Document refusé", "a refusé de signer"),
    "declined, then withdrawn": ((("host", "decliner"), ("author", "retirer")), "Document refusé", "a refusé de signer"),
    "change asked": ((("host", "modifier"),), "Document dont la signature attend", "a demandé une modification"),
    "taken back": ((("coordinator", "reprendre"),), "Document en cours de correction", "aucune autre version n’a encore été"),
    "taken back, then withdrawn": ((("coordinator", "reprendre"), ("author", "retirer")),
                                   "Document sans valeur, demande retirée", "a été retirée avant que toutes"),
}


@pytest.mark.parametrize("state", _UNSIGNED)
def test_a_document_that_all_did_not_sign_says_why_it_binds_nobody(client, context, clock, state):
    steps, title, said = _UNSIGNED[state]
    row = issued(clock.now).convention
    sent = read_content(row.file)
    _act(row, *steps, now=clock.now)
    page = by_code(client, row)
    assert heading(page) == title and said in words(page)
    assert "Voici pourquoi" not in words(page) and [name for name in PEOPLE if name in words(page)] == []
    page = told(client, sent)
    over = state != "change asked"
    assert heading(page) == ("C’est un document envoyé à signer, qui n’est plus à signer" if over
                             else "C’est le document envoyé à signer")
    assert said in words(page) and "Il ne porte la signature de personne" in words(page)
    for copy in (sent + b"\n% ajout\n", resaved(sent)):
        page = told(client, copy)
        assert heading(page) == "Document sans notre sceau" and said in words(page), "found by the code it prints"
    assert heading(told(client, flipped(sent))) == "Document sans notre sceau"


def test_a_document_that_was_not_signed_in_time_says_so(client, context, clock):
    row = issued(clock.now).convention
    convention.expire(clock.advance(days=30))
    db.session.expire_all()
    page = by_code(client, row)
    assert heading(page) == "Document non signé à temps" and "ne vaut pas engagement" in words(page)
    assert heading(told(client, read_content(row.file))) == "C’est un document envoyé à signer, qui n’est plus à signer"


@pytest.mark.parametrize(("last_on", "kind", "said"), [
    ("2027-02-02", "immersion arrêtée", "arrêtée avant son terme"), ("", "immersion qui n’a pas eu lieu", "n’a pas eu lieu")])
@pytest.mark.parametrize("closed", [False, True])
def test_what_was_signed_and_stopped_says_so_even_once_it_is_closed(client, sealed, clock, last_on, kind, said, closed):
    pdf = content(sealed)
    clock.advance(days=23 if last_on else 2)
    _act(sealed, ("coordinator", "arreter"), now=clock.now,
         extra=ending.Ending(Cause.HOST, date.fromisoformat(last_on) if last_on else None))
    if closed:
        _act(sealed, ("coordinator", "clore"), now=clock.now)
    page = by_code(client, sealed)
    assert heading(page) == f"Document signé, {kind}" and said in words(page)
    assert "structure d’accueil" not in words(page).partition("Le code")[0], "whose cause it was is nobody else's business"
    page = told(client, pdf)
    assert heading(page) == f"Document authentique, {kind}" and said in words(page) and "Pas un octet n’a changé" in words(page)
    for copy, title in ((flipped(pdf), "Document modifié"), (pdf + b"octets", "Document authentique, avec un ajout"),
                        (resaved(pdf), "Document enregistré à nouveau : le sceau est perdu")):
        page = told(client, copy)
        assert heading(page) == title and said in words(page)


def test_once_it_was_lived_it_is_no_longer_in_force_and_stays_authentic(client, sealed):
    for state in ("lived", "closed"):
        with transaction():
            db.session.get_one(Convention, sealed.id).immersion.state = state
        assert heading(by_code(client, sealed)) == "Document signé, immersion terminée"
        page = told(client, content(sealed))
        assert heading(page) == "Document authentique" and "L’immersion est terminée" in words(page)


def test_an_amendment_left_unsigned_when_the_immersion_ends_was_not_signed_in_time(client, sealed, clock):
    with transaction():
        copy = {name: getattr(sealed, name) for name in ("immersion_id", "template", "data", "saved_at", "content_hash")}
        db.session.add(Convention(**copy, kind="avenant", number=1, version=1, state="issued", amends_id=sealed.id,
                                  issued_at=clock.now, verification_code="AAAA-BBBB-CCCC"))
    assert heading(client.get("/verifier/AAAA-BBBB-CCCC")) == "Document en cours de signature"
    with transaction():
        db.session.get_one(Convention, sealed.id).immersion.state = "lived"
    page = client.get("/verifier/AAAA-BBBB-CCCC")
    assert heading(page) == "Document non signé à temps" and "L’avenant n’a pas été signé à temps" in words(page)


def test_an_amendment_that_another_follows_is_read_with_it(client, sealed, clock):
    with transaction():
        copy = {name: getattr(sealed, name) for name in ("immersion_id", "template", "data", "saved_at", "content_hash",
                                                         "seal_state")}
        for number, code in ((1, "AAAA-BBBB-CCCC"), (2, "AAAA-BBBB-DDDD")):
            db.session.add(Convention(**copy, kind="avenant", number=number, version=1, state="signed", amends_id=sealed.id,
                                      completed_at=clock.now, issued_at=clock.now, verification_code=code))
    first, second = (client.get(f"/verifier/AAAA-BBBB-{code}") for code in ("CCCC", "DDDD"))
    assert heading(first) == "Document en vigueur, modifié depuis" and "un avenant le modifie" in words(first)
    assert "avenant nº 2" in words(first) and heading(second) == "Document en vigueur"


def test_an_amended_convention_is_in_force_with_its_amendment_and_a_superseded_one_names_the_next(client, sealed, clock):
    with transaction():
        copy = {name: getattr(sealed, name) for name in ("immersion_id", "template", "data", "saved_at", "content_hash")}
        amendment = Convention(**copy, kind="avenant", number=1, version=1, state="signed", amends_id=sealed.id,
                               completed_at=clock.now, issued_at=clock.now, verification_code="AAAA-BBBB-CCCC")
        db.session.add(amendment)
    page = by_code(client, sealed)
    assert heading(page) == "Document en vigueur, modifié depuis" and "avenant nº 1" in words(page)
    assert heading(told(client, content(sealed))) == "Document authentique"
    assert "avenant nº 1" in words(told(client, content(sealed)))
    with transaction():
        sealed.state, copy["data"] = "superseded", sealed.data
        db.session.add(Convention(**copy, version=2, state="issued", issued_at=clock.now, verification_code="AAAA-BBBB-DDDD"))
    page = told(client, content(sealed))
    assert heading(page) == "Document authentique, à remplacer" and "la version 2 la remplace" in words(page)

"""À traiter, in the browser: everything that waits, through filters of the address; two people at one request."""

from __future__ import annotations

import pytest
from asked import engine_of, statements
from cast import COORDINATOR, DEPUTY, sign_in
from pages import soup
from roads.stories import planted
from setting import databases
from team import press_link

from models.base import db, transaction
from models.conversation import Message
from models.dossier import Dossier
from models.inbound import InboundMessage
from models.states import Kind
from territory.calendar import add_working_days, local


def _plant(app, clock, *wanted, **changes) -> list[str]:
    """Requests of those (kind, state); ``changes`` of the last one's columns. Gives their references."""
    with app.app_context():
        found = [planted(kind, state, clock.now).reference for kind, state in wanted]
        with transaction() as session:
            last = session.query(Dossier).filter_by(reference=found[-1]).one()
            for name, value in changes.items():
                setattr(last, name, value)
        return found


def _shown(client, address: str) -> list[str]:
    return [link.text for link in soup(client.get(address)).select(".dossier-list a.reference")]


def test_what_waits_is_listed_by_promise_with_the_days_left(app, client, post, clock):
    today = local(clock.now).date()
    _plant(app, clock, (Kind.ENTRAIDE, "submitted"), promised_on=add_working_days(today, 2))
    late = _plant(app, clock, (Kind.ADHESION, "submitted"), promised_on=add_working_days(today, -3))[0]
    sign_in(client, post)
    page = soup(client.get("/coordination/"))
    assert [link.text for link in page.select("a.reference")] == [late, "AIDE-2027-0001"]
    assert [tag.text for tag in page.select(".countdown [aria-hidden]")] == ["J+5", "J-2"]
    assert "1 réponse promise est en retard" in page.select_one(".attention").text.replace("\u00a0", " ")
    assert _shown(client, "/coordination/?retard=oui") == [late]


def test_filters_are_in_the_address_and_add_up(app, client, post, clock):
    _plant(app, clock, (Kind.ENTRAIDE, "submitted"), (Kind.ENTRAIDE, "submitted"), assigned_to=COORDINATOR)
    _plant(app, clock, (Kind.IMMERSION, "submitted"), assigned_to=DEPUTY)
    sign_in(client, post)
    assert len(_shown(client, "/coordination/")) == 3
    assert _shown(client, "/coordination/?qui=moi") == ["AIDE-2027-0002"]
    assert _shown(client, "/coordination/?qui=personne") == ["AIDE-2027-0001"]
    assert _shown(client, "/coordination/?sorte=immersion") == ["IMM-2027-0001"]
    assert _shown(client, "/coordination/?sorte=immersion&qui=moi") == []
    assert len(_shown(client, "/coordination/?territoire=243000643")) == 3, "the intercommunal structure they come from"
    assert _shown(client, "/coordination/?territoire=200034692") == []
    assert len(_shown(client, "/coordination/?qui=x&sorte=y&territoire=z&page=%C2%B2")) == 3, "what is said badly is left out"
    page = soup(client.get("/coordination/?sorte=entraide"))
    links = {link.text.split(" (")[0]: link["href"] for link in page.select(".views a")}
    assert links["À moi"] == "/coordination/?qui=moi&sorte=entraide", "a view keeps the other filters"


def test_who_left_the_coordination_holds_nothing(app, client, post, clock):
    _plant(app, clock, (Kind.ENTRAIDE, "submitted"), assigned_to="partie@ring.example")
    sign_in(client, post)
    assert _shown(client, "/coordination/?qui=personne") == ["AIDE-2027-0001"]
    assert "ne coordonne plus" in soup(client.get("/coordination/")).select_one(".attention").text


def test_all_is_well_says_so_and_has_nothing_to_attend_to(client, post):
    sign_in(client, post)
    page = soup(client.get("/coordination/"))
    assert "Tout est à jour" in page.text and not page.select(".attention")


def _questions(app, client, address: str) -> int:
    with statements(engine_of(app)) as said:
        assert client.get(address).status_code == 200
    return len([one for one, _values in said if one.lstrip().upper().startswith("SELECT")])


@databases("sqlite", "postgresql")
@pytest.mark.parametrize("address", ["/coordination/", "/coordination/en-cours", "/coordination/terminees"])
def test_a_list_asks_as_many_questions_for_one_row_as_for_fifty(app, client, post, clock, address):
    states = {"/coordination/": "submitted", "/coordination/en-cours": "withdrawn", "/coordination/terminees": "closed"}
    sign_in(client, post)
    _plant(app, clock, (Kind.ENTRAIDE, states[address]))
    before = _questions(app, client, address)
    _plant(app, clock, *[(Kind.ENTRAIDE, states[address])] * 60)
    assert _questions(app, client, address) == before < 12


def test_a_list_is_read_page_after_page(app, client, post, clock):
    _plant(app, clock, *[(Kind.ENTRAIDE, "submitted")] * 53)
    sign_in(client, post)
    assert len(_shown(client, "/coordination/")) == 50
    page = soup(client.get("/coordination/?sorte=entraide"))
    follow = page.select_one(".pager a[rel=next]")["href"]
    assert follow == "/coordination/?sorte=entraide&page=2"
    assert len(_shown(client, follow)) == 3
    assert len(_shown(client, "/coordination/?page=999")) == 3, "beyond the last one is the last one"


def test_a_list_as_long_as_the_years_is_counted_and_leafed_through_up_to_a_limit(app, client, post, clock, monkeypatch):
    monkeypatch.setattr("services.coordination.desk.MOST", 50)
    _plant(app, clock, *[(Kind.ENTRAIDE, "closed")] * 53)
    sign_in(client, post)
    page = soup(client.get("/coordination/terminees?page=9"))
    assert len(page.select("a.reference")) == 50 and not page.select(".pager")
    assert "les 50 premières : pour les autres, filtrez ou cherchez" in page.caption.text.replace("\u00a0", " ")
    assert not page.select(".views .number"), "of what ended nobody needs the number"


def test_taking_a_request_is_one_press_on_its_page(app, client, post, clock):
    _plant(app, clock, (Kind.ENTRAIDE, "submitted"))
    sign_in(client, post)
    page = client.get("/coordination/AIDE-2027-0001")
    assert client.fill(page, "/coordination/AIDE-2027-0001/prendre").status_code == 303
    page = soup(client.get("/coordination/AIDE-2027-0001"))
    assert "Alix Coordination s’en occupe" in page.text
    assert _shown(client, "/coordination/?qui=moi") == ["AIDE-2027-0001"]


def test_a_colleague_is_told_before_answering_what_somebody_else_takes_care_of(app, client, post, clock):
    _plant(app, clock, (Kind.ENTRAIDE, "submitted"), assigned_to=DEPUTY)
    sign_in(client, post)
    page = soup(client.get("/coordination/AIDE-2027-0001"))
    assert "Charlie Suppléance s’occupe de cette demande" in page.select_one(".held").text


def test_two_answers_from_the_same_page_the_second_reads_the_first_and_keeps_its_words(app, client, post, clock):
    _plant(app, clock, (Kind.ENTRAIDE, "submitted"))
    sign_in(client, post)
    other = app.test_client()
    clock.advance(minutes=16)
    press_link(other, post, DEPUTY)
    here = "/coordination/AIDE-2027-0001"
    mine, theirs = client.get(here), other.get(here)
    assert client.fill(mine, f"{here}/repondre", **{"repondre-words": "Un mandat écrit suffit."}).status_code == 303
    second = other.fill(theirs, f"{here}/repondre", **{"repondre-words": "Il faut un mandat."})
    assert second.status_code == 409
    page = soup(second)
    assert "Entre-temps" in page.text and "Un mandat écrit suffit." in page.select_one("blockquote").text
    assert page.select_one("textarea").text.strip() == "Il faut un mandat."
    assert len(post.to("noa@structure-b.example")) == 1
    assert other.fill(second, f"{here}/repondre").status_code == 303, "sent all the same, once it was read"
    assert len(post.to("noa@structure-b.example")) == 2


@pytest.mark.parametrize(("kind", "first", "said"), [
    (Kind.ADHESION, "accepter", "Alix Coordination a accepté la demande"),
    (Kind.ENTRAIDE, "clore", "Alix Coordination a clos la demande"),
    (Kind.IMMERSION, "refuser", "Alix Coordination n’a pas donné suite à la demande")])
def test_who_presses_second_reads_who_decided_and_when(app, client, post, clock, kind, first, said):
    [reference] = _plant(app, clock, (kind, "submitted"))
    sign_in(client, post)
    other = app.test_client()
    clock.advance(minutes=16)
    press_link(other, post, DEPUTY)
    mine, theirs = f"/coordination/{reference}/{first}", f"/coordination/{reference}/refuser"
    late = other.get(theirs)
    assert client.fill(client.get(mine), mine, words="Vu ensemble.").status_code == 303
    second = other.fill(late, theirs, words="Ce n’est pas possible.")
    page = soup(second).select_one("main").text.replace("\u00a0", " ")
    assert second.status_code == 409 and f"Déjà décidé : {said}" in page and "lundi 11 janvier 2027 à 9 h" in page
    assert "Ce n’est pas possible." in page, "what was typed is given back"
    assert f"Déjà décidé : {said}" in soup(other.get(theirs)).text.replace("\u00a0", " ")


def test_a_note_is_never_in_the_way(app, client, post, clock):
    _plant(app, clock, (Kind.ENTRAIDE, "submitted"))
    sign_in(client, post)
    page = client.get("/coordination/AIDE-2027-0001")
    assert client.fill(page, "/coordination/AIDE-2027-0001/repondre", **{"repondre-words": "Bonjour"}).status_code == 303
    assert client.fill(page, "/coordination/AIDE-2027-0001/note", **{"note-words": "À suivre"}).status_code == 303
    with app.app_context():
        assert db.session.query(Message).count() == 2


def test_the_timeline_tells_all_in_order(app, client, post, clock):
    _plant(app, clock, (Kind.ENTRAIDE, "submitted"))
    sign_in(client, post)
    here = "/coordination/AIDE-2027-0001"
    client.fill(client.get(here), f"{here}/prendre")
    clock.advance(minutes=5)
    client.fill(client.get(here), f"{here}/repondre", **{"repondre-words": "Un mandat écrit suffit."})
    clock.advance(minutes=5)
    client.fill(client.get(here), f"{here}/note", **{"note-words": "À rappeler lundi."})
    clock.advance(minutes=5)
    client.fill(client.get(f"{here}/clore"), f"{here}/clore")
    page = soup(client.get(f"{here}/chronologie"))
    kinds = [item["class"][0].removeprefix("event-") for item in page.select(".timeline > li")]
    assert kinds == ["journal", "journal", "message", "note", "journal", "letter"], "how long a first answer took, too"
    said = page.select_one(".timeline").text
    order = [said.index(words) for words in ("a pris la demande", "mandat écrit", "À rappeler", "a clos la demande")]
    assert order == sorted(order)


def test_mail_set_aside_asks_for_attention(app, client, post, arrive):
    arrive("contact@ring.example", "Bonjour, je vous écris.")
    with app.app_context():
        assert db.session.query(InboundMessage).count() == 1
    sign_in(client, post)
    assert soup(client.get("/coordination/")).select_one(".attention a")["href"] == "/coordination/courriels"

"""Every route in every role: a table from the routes themselves, so that a new one cannot be forgotten."""

from __future__ import annotations

import pytest
from cast import AIDE, COORDINATOR, NOA, confirm, send
from house.test_doors import access, address, rules
from team import ADMINISTRATOR, READER, REFERENT, come_in

#: rule -> roles that it opens to; what is not here opens to nobody by its role.
OPENS = {"team_only": {COORDINATOR, REFERENT, ADMINISTRATOR, READER}, "coordinator_only": {COORDINATOR},
         "administrator_only": {ADMINISTRATOR}, "figures_only": {COORDINATOR, ADMINISTRATOR, READER}}


@pytest.mark.parametrize("who", [COORDINATOR, REFERENT, ADMINISTRATOR, READER, ""],
                         ids=["coordinator", "referent", "administrator", "reader", "nobody"])
def test_each_route_opens_to_its_roles_and_to_no_other(app, client, post, clock, who):
    if who:
        come_in(client, post, clock, who)
    seen = 0
    for rule in rules(app):
        opened_to = OPENS.get(access(app, rule))
        if opened_to is None or rule.endpoint == "acces.quitter":
            continue
        for method in sorted(rule.methods - {"OPTIONS"}):
            with client.open(address(app, rule), method=method) as answer:
                place = (method, rule.rule, answer.status_code)
                if not who:
                    assert (answer.status_code, answer.headers["Location"]) == (303, "/coordination/entrer"), place
                elif who in opened_to:
                    assert answer.status_code not in (403, 405, 500), place
                    assert answer.headers.get("Location") != "/coordination/entrer", place
                else:
                    assert answer.status_code == 403, place
                seen += 1
    assert seen >= 30


def test_every_rule_of_the_team_is_in_the_table(app):
    # Referents read alerts by a way of their own, which no role of the team opens (tests/web/test_alerte_doors.py).
    ways = {"public", "personal_link", "captured_mail_only", "code_awaited", "referent_only"}
    assert {access(app, rule) for rule in rules(app)} - ways == set(OPENS)


@pytest.mark.parametrize("who", [REFERENT, ADMINISTRATOR, READER], ids=["referent", "administrator", "reader"])
def test_a_role_without_requests_reads_no_word_of_one(app, client, post, clock, who):
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    come_in(client, post, clock, who)
    for rule in rules(app):
        if access(app, rule) in OPENS and "GET" in rule.methods:
            with client.get(address(app, rule).replace("rien", "AIDE-2027-0001")) as answer:
                said = answer.get_data(as_text=True)
            assert not [word for word in ("Noa", "mandat", NOA) if word in said], rule.rule


def test_opening_a_page_in_any_role_changes_nothing(app, client, post, clock):
    from house.test_links_act_on_press_only import dump
    send(client, "/aide", AIDE)
    confirm(client, post, NOA)
    for who in (COORDINATOR, ADMINISTRATOR):
        come_in(client, post, clock, who)
        before = dump(app)
        for rule in rules(app):
            if access(app, rule) in OPENS and "GET" in rule.methods:
                path = address(app, rule).replace("rien", "AIDE-2027-0001")
                client.get(path).close()
                client.head(path).close()
        assert dump(app) == before

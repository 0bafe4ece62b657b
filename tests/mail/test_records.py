"""``flask mail dns``: what to set, and what a real DNS server (of this test) says is right or wrong of it."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable

import pytest
from dns_server import Names

from app import create_app
from mail.records import Checked, Kind, Mark, check, wanted
from mail.spf import MOST_LOOKUPS
from mail.zone import NoResolver, Zone

DOMAIN, SERVER, ADDRESS = "reseau.exemple.fr", "smtp.exemple.fr", "9.9.9.10"


@pytest.fixture
def names():
    server = Names()
    yield server
    server.stop()


@pytest.fixture
def zone(names, monkeypatch) -> Zone:
    monkeypatch.setattr(Zone, "PATIENCE", 1)
    return Zone(f"127.0.0.1:{names.port}")


@pytest.fixture
def instance(environ):
    made = create_app({**environ, "RING_MAIL_DOMAIN": DOMAIN, "RING_MAIL_SERVER": SERVER}, testing=True)
    return made.extensions["ring"]


@pytest.fixture
def told(instance, zone) -> Callable[..., Checked]:
    """What the check of a kind of record says, given what the DNS server knows by then."""
    def ask(kind: Kind, selector: str = "s1") -> Checked:
        record, = (one for one in wanted(instance.settings, instance.network, zone, selector) if one.kind == kind)
        return check(record, zone)
    return ask


@pytest.fixture(scope="module")
def keys() -> dict[int, str]:
    """Public keys as DKIM writes them, by length."""
    made = {}
    for bits in (512, 1024, 2048):
        private = subprocess.run(["openssl", "genrsa", str(bits)], capture_output=True, check=True).stdout
        public = subprocess.run(["openssl", "rsa", "-pubout", "-outform", "DER"], input=private, capture_output=True, check=True)
        made[bits] = base64.b64encode(public.stdout).decode()
    return made


def test_the_lines_to_paste_are_those_of_this_instance(instance, zone, names):
    names.add(SERVER, "A", ADDRESS)
    lines = {record.kind: record.lines for record in wanted(instance.settings, instance.network, zone, "s1")}
    assert lines[Kind.SPF] == (f'{DOMAIN}.  TXT  "v=spf1 a:{SERVER} -all"',)
    assert lines[Kind.DKIM][0].startswith(f"s1._domainkey.{DOMAIN}.  TXT")
    assert lines[Kind.DMARC][0] == f'_dmarc.{DOMAIN}.  TXT  "v=DMARC1; p=none; rua=mailto:{instance.network.email}"'
    assert lines[Kind.PTR] == (f"{ADDRESS}  →  {SERVER}",)


def test_a_sender_of_another_domain_needs_spf_there_too(environ):
    app = create_app({**environ, "RING_MAIL_DOMAIN": DOMAIN, "RING_MAIL_DEFAULT_SENDER": "contact@exemple.fr",
                      "RING_MAIL_SERVER": "192.0.2.7"}, testing=True)
    ring = app.extensions["ring"]
    records = wanted(ring.settings, ring.network, None)
    assert [record.lines[0] for record in records if record.kind == Kind.SPF] == [
        f'{DOMAIN}.  TXT  "v=spf1 ip4:192.0.2.7 -all"', 'exemple.fr.  TXT  "v=spf1 ip4:192.0.2.7 -all"']
    assert {record.name for record in records if record.kind in (Kind.DKIM, Kind.DMARC)} == {
        "exemple.fr", "selecteur._domainkey.exemple.fr"}, "what is signed is the domain of From (RFC 7489, 3.1)"


def test_where_nothing_is_set_everything_is_missing(told):
    for kind in (Kind.MX, Kind.SPF, Kind.DKIM, Kind.DMARC):
        assert told(kind).mark == Mark.MISSING, kind


@pytest.mark.parametrize(("hosts", "mark", "said"), [
    (["10 mx.exemple.fr."], Mark.RIGHT, "mx.exemple.fr"),
    (["20 mx2.exemple.fr.", "10 mx.exemple.fr."], Mark.WRONG, "mx2.exemple.fr ne mène à aucune adresse"),
    (["0 ."], Mark.WRONG, "refusées"),
])
def test_where_answers_arrive(told, names, hosts, mark, said):
    names.add(DOMAIN, "MX", *hosts)
    names.add("mx.exemple.fr", "AAAA", "2620:fe::fe")
    found = told(Kind.MX)
    assert (found.mark, said in found.sentence) == (mark, True), found


@pytest.mark.parametrize(("records", "mark", "said"), [
    ([f"v=spf1 a:{SERVER} -all"], Mark.RIGHT, f"autorise {SERVER}"),
    (["v=spf1 ip4:9.9.9.0/24 ~all"], Mark.RIGHT, f"autorise {SERVER}"),
    (["v=spf1 include:spf.fournisseur.example -all"], Mark.RIGHT, f"autorise {SERVER}"),
    (["V=SPF1 redirect=spf.fournisseur.example"], Mark.RIGHT, f"autorise {SERVER}"),
    (["v=spf1 mx -all"], Mark.ADVICE, f"n’autorise pas {SERVER} ({ADDRESS})"),
    (["v=spf1 -include:spf.fournisseur.example ip4:192.0.2.1 -all"], Mark.ADVICE, "n’autorise pas"),
    (["v=spf1 +all"], Mark.WRONG, "tout le monde"),
    (["v=spf1 a:smtp.exemple.fr all"], Mark.WRONG, "tout le monde"),
    (["v=spf1 a:smtp.exemple.fr"], Mark.ADVICE, "n’interdit rien"),
    (["v=spf1 a:smtp.exemple.fr ?all"], Mark.ADVICE, "n’interdit rien"),
    (["v=spf1 -all", "v=spf1 mx -all"], Mark.WRONG, "2 SPF"),
    (["v=spf1 include:nulle-part.example -all"], Mark.WRONG, "nulle-part.example, qui n’a pas un SPF et un seul"),
    (["v=spf1 includ:faute.example -all"], Mark.WRONG, "« includ:faute.example » n’y a pas de sens"),
    (["v=spf1 ip4:300.1.1.1 -all"], Mark.WRONG, "300.1.1.1"),
    ([f"v=spf1 include:{DOMAIN} -all"], Mark.WRONG, "s’inclut lui-même"),
    (["v=spf1 " + " ".join(f"a:h{n}.exemple.fr" for n in range(MOST_LOOKUPS + 1)) + " -all"], Mark.WRONG, "plus de 10"),
    (["google-site-verification=abc", f"v=spf1 a:{SERVER} -all"], Mark.RIGHT, "est en place"),
    (["v=spf10 -all"], Mark.MISSING, "Aucun SPF"),
    ([f"v=spf1 exists:%{{i}}.exemple.fr a:%{{d}} a:{SERVER} -all"], Mark.RIGHT, "autorise"),
    ([f"v=spf1 {'ip4:192.0.2.1 ' * 30}a:{SERVER} -all"], Mark.RIGHT, "autorise"),
])
def test_who_may_send(told, names, records, mark, said):
    names.add(SERVER, "A", ADDRESS)
    names.text("spf.fournisseur.example", "v=spf1 ip4:9.9.9.10 -all")
    names.text(DOMAIN, *records)
    found = told(Kind.SPF)
    assert (found.mark, said in found.sentence) == (mark, True), found


def test_the_key(told, names, keys):
    cases = [
        ([f"v=DKIM1; k=rsa; p={keys[2048]}"], Mark.RIGHT, "en place"),
        ([f"k=rsa; t=s; p={keys[2048][:200]} {keys[2048][200:]}"], Mark.RIGHT, "en place"),
        ([f"v=DKIM1; p={keys[1024]}"], Mark.ADVICE, "1024 bits"),
        ([f"v=DKIM1; p={keys[512]}"], Mark.WRONG, "trop courte"),
        ([f"v=DKIM1; t=y; p={keys[2048]}"], Mark.ADVICE, "t=y"),
        (["v=DKIM1; p="], Mark.WRONG, "révoquée"),
        ([f"v=DKIM1; p={keys[2048][:-3]}"], Mark.WRONG, "abîmée"),
        (["bonjour"], Mark.WRONG, "n’est pas une clé"),
        ([f"p={keys[2048]}", f"p={keys[1024]}"], Mark.WRONG, "une seule"),
        ([f"v=DKIM1; k=ed25519; p={base64.b64encode(bytes(32)).decode()}"], Mark.RIGHT, "en place"),
    ]
    for number, (records, mark, said) in enumerate(cases):
        names.text(f"s{number}._domainkey.{DOMAIN}", *records)
        found = told(Kind.DKIM, f"s{number}")
        assert (found.mark, said in found.sentence) == (mark, True), (records, found)
    assert told(Kind.DKIM, "").mark == Mark.UNKNOWN


@pytest.mark.parametrize(("at", "record", "mark", "said"), [
    (DOMAIN, "v=DMARC1; p=quarantine; rua=mailto:rapports@exemple.fr", Mark.RIGHT, "p=quarantine"),
    (DOMAIN, "v=DMARC1;p=reject", Mark.RIGHT, "p=reject"),
    (DOMAIN, "v=DMARC1; p=none", Mark.ADVICE, "observe seulement"),
    (DOMAIN, "v=DMARC1; rua=mailto:x@exemple.fr", Mark.WRONG, "p= vaut"),
    (DOMAIN, "v=DMARC1; p=oui", Mark.WRONG, "p= vaut"),
    (DOMAIN, "v=DMARC1; p=reject; rua=mailto:a@exemple.fr,mailto:b@rapports.example!10m", Mark.ADVICE, "rapports.example"),
    (DOMAIN, "v=DMARC1; p=reject; rua=mailto:b@accord.example", Mark.RIGHT, "p=reject"),
    ("exemple.fr", "v=DMARC1; p=none; sp=reject", Mark.RIGHT, "vaut pour reseau.exemple.fr, est en place (p=reject)"),
    ("exemple.fr", "v=DMARC1; p=reject", Mark.RIGHT, "exemple.fr"),
    ("fr", "v=DMARC1; p=reject", Mark.MISSING, "Aucun DMARC"),
])
def test_what_others_do_with_what_is_not_signed(told, names, at, record, mark, said):
    names.text(f"{DOMAIN}._report._dmarc.accord.example", "v=DMARC1")
    names.text(f"_dmarc.{at}", record)
    found = told(Kind.DMARC)
    assert (found.mark, said in found.sentence) == (mark, True), found


def test_two_dmarc_are_none(told, names):
    names.text(f"_dmarc.{DOMAIN}", "v=DMARC1; p=none", "v=DMARC1; p=reject")
    assert told(Kind.DMARC).mark == Mark.WRONG


@pytest.mark.parametrize(("address", "reverse", "forward", "mark", "said"), [
    (ADDRESS, SERVER, ADDRESS, Mark.RIGHT, f"porte le nom {SERVER}"),
    (ADDRESS, "", ADDRESS, Mark.MISSING, "n’a pas de nom inverse"),
    (ADDRESS, "pool-10.fai.example", "", Mark.WRONG, "ne ramène pas"),
    ("10.0.0.3", "", "10.0.0.3", Mark.UNKNOWN, "adresse locale"),
    ("172.20.0.3", "", "172.20.0.3", Mark.UNKNOWN, "adresse locale"),
])
def test_the_reverse_name(told, names, address, reverse, forward, mark, said):
    names.add(SERVER, "A", address)
    if reverse:
        names.add(".".join(reversed(address.split("."))) + ".in-addr.arpa", "PTR", f"{reverse}.")
    found = told(Kind.PTR)
    assert (found.mark, said in found.sentence) == (mark, True), found


def test_a_name_the_server_cannot_find_out_is_not_called_missing(told, names):
    names.broken.add(DOMAIN)
    assert told(Kind.MX).mark == told(Kind.SPF).mark == Mark.UNKNOWN


def test_nobody_answering_is_not_the_same_as_nothing_there(zone, names, monkeypatch):
    names.silent = True
    with pytest.raises(NoResolver):
        zone.reach()
    names.silent = False
    zone.reach()


def test_a_server_to_whom_the_root_is_unknown_is_no_internet(zone, names):
    del names.records[".", "NS"]
    with pytest.raises(NoResolver):
        zone.reach()


@pytest.mark.parametrize("server", ["exemple.fr", "1.2.3", "127.0.0.1:x", "127.0.0.1:99999", "[::1:53"])
def test_what_is_no_dns_server_is_refused(server):
    with pytest.raises(ValueError):
        Zone(server)


@pytest.fixture
def run(environ, names, monkeypatch):
    monkeypatch.setattr(Zone, "PATIENCE", 1)
    app = create_app({**environ, "RING_MAIL_DOMAIN": DOMAIN, "RING_MAIL_SERVER": SERVER}, testing=True)
    return lambda *options: app.test_cli_runner().invoke(args=["mail", "dns", "--serveur", f"127.0.0.1:{names.port}", *options])


def test_the_command_says_all_is_right_only_when_it_is(run, names, keys):
    done = run("--selecteur", "s1")
    assert done.exit_code == 1 and done.output.count("✗") == 5
    assert "Enregistrements à poser ou à corriger\u00a0: 5." in done.output
    names.add(DOMAIN, "MX", "10 mx.exemple.fr.")
    names.add("mx.exemple.fr", "A", "9.9.9.11")
    names.add(SERVER, "A", ADDRESS)
    names.add("10.9.9.9.in-addr.arpa", "PTR", f"{SERVER}.")
    names.text(DOMAIN, f"v=spf1 a:{SERVER} -all")
    names.text(f"s1._domainkey.{DOMAIN}", f"v=DKIM1; k=rsa; p={keys[2048]}")
    names.text(f"_dmarc.{DOMAIN}", "v=DMARC1; p=quarantine")
    done = run("--selecteur", "s1")
    assert (done.exit_code, done.output.count("✓"), done.output.count("✗")) == (0, 5, 0), done.output


def test_the_command_says_plainly_that_nothing_could_be_verified(run, names):
    names.silent = True
    done = run()
    assert done.exit_code == 75
    assert "rien n’a été vérifié" in done.output and "v=spf1" in done.output, "what to set is said all the same"
    assert "✗" not in done.output and "✓" not in done.output


def test_a_server_that_is_no_address_is_told_so(environ):
    app = create_app(environ, testing=True)
    done = app.test_cli_runner().invoke(args=["mail", "dns", "--serveur", "dns.exemple.fr"])
    assert done.exit_code == 2 and "9.9.9.9" in done.output

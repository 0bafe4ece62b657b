"""Every page there is has its place in the atlas, where it is looked at from 320 px on, by axe and by a browser."""

from __future__ import annotations

import re

from house.tree import ROOT

WRITTEN = ROOT / "tests" / "golden" / "atlas.txt"
#: What draws no page of its own: a file, or a way that leads on to a page.
NO_PAGE = re.compile(r"\.(?:pdf|csv|json|png|svg|ics|css|ico|txt|eml|webmanifest)$|<any\(csv, xlsx, ods\):extension>$")
LEADS_ON = {
    # Files, and facts for machines.
    "/badges/cles/<thumbprint>", "/badges/emetteur", "/badges/liste", "/communes",
    "/coordination/<reference>/attestation/<int:number>/<name>", "/coordination/<reference>/fichier/<int:file_id>",
    "/coordination/courriels/<int:inbound_id>/piece/<int:number>", "/courrier/<int:letter_id>/html",
    "/courrier/<int:letter_id>/piece/<int:number>", "/d/<token>/attestation/<int:number>/<name>",
    "/d/<token>/fichier/<int:file_id>",
    # A form already begun, at its page.
    "/immersion/reprendre/<token>", "/rejoindre/en-devenir/reprendre/<token>", "/rejoindre/professionnel/reprendre/<token>",
    "/rejoindre/structure/reprendre/<token>", "/rejoindre/professionnel/invitation/<token>",
    # The page of one's space, and that of the coordination, by a link of their own.
    "/engagements/<token>", "/desabonnement/<token>",
}
#: Every page of these forms, in every state: tests/browser/test_forms.py.
FORMS = re.compile(r"^/(?:aide|immersion|immersion/preparer|rejoindre/[a-z-]+)/(?:<any\([^)]*\):slug>|verification)$")


def _pages() -> set[str]:
    """The rules that answer a GET with a page."""
    lines = [line.split(maxsplit=2) for line in (ROOT / "tests" / "house" / "routes.txt").read_text("utf-8").splitlines()]
    return {rule for _access, methods, rule in lines if "GET" in methods and not NO_PAGE.search(rule)}


def test_every_page_has_its_place_in_the_atlas():
    reached = {line.split(" :: ")[1] for line in WRITTEN.read_text("utf-8").splitlines()}
    assert {rule for rule in _pages() - reached if not FORMS.match(rule)} == LEADS_ON


def test_each_place_has_a_name_of_its_own():
    from browser.atlas import PLACES
    names = [place.name for place in PLACES]
    assert len(names) == len(set(names))


def test_the_forms_left_to_their_own_test_are_looked_at_there():
    from browser.test_forms import FORMS as LOOKED_AT
    assert {rule.partition("/<any")[0].removesuffix("/verification") for rule in _pages() if FORMS.match(rule)} == set(LOOKED_AT)


def test_places_are_looked_at_on_the_narrowest_telephone():
    from browser.reading import WIDTHS
    assert min(WIDTHS) == 320

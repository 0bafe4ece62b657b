"""The convention: complete, readable, the same for the same data, signed as it was read."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
from dataclasses import fields, replace
from datetime import date, time
from pathlib import Path

import pdf_samples as samples
import pikepdf
import pytest
from tools import program

from pdf.convention import (
    FRAMES,
    TO_REVIEW,
    Contact,
    ConventionData,
    Cost,
    Session,
    content_hash,
    convention_html,
    convention_pdf,
    from_json,
    missing_fields,
    said_to_all,
    to_json,
)
from pdf.frames import UnknownFrame
from pdf.frozen import UnreadableDocument, canonical_json
from pdf.released import UnknownTemplate

GOLDEN = Path(__file__).with_name("golden")
ROOT = Path(__file__).parents[2]
NBSP = "\u00a0"


def text_of(pdf: bytes) -> str:
    """The words of a PDF in reading order, one page after the other, blank lines and indents gone."""
    said = subprocess.run(
        [program("pdftotext"), "-layout", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    lines = (re.sub(r" {2,}", "  ", line.strip()) for line in said.decode().replace("\f", "\n").splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def words_of(html: str) -> str:
    from html import unescape

    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


@pytest.fixture(scope="module")
def observation() -> bytes:
    return convention_pdf(samples.OBSERVATION)


@pytest.mark.parametrize("frame", FRAMES)
def test_the_text_of_each_frame_is_the_reviewed_one(frame: str) -> None:
    """Read the change, then run with RING_WRITE_GOLDEN=1. That the PDF says the same is the next test but one."""
    golden = GOLDEN / f"convention-{frame}.txt"
    blocks = re.sub(r"</(p|h2|h3|li|tr|caption)>|<br>", "\n", convention_html(samples.BY_FRAME[frame]))
    lines = (words_of(line.replace(NBSP, "~")) for line in blocks.splitlines())
    made = "\n".join(line for line in lines if line) + "\n"
    if os.environ.get("RING_WRITE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("frame", FRAMES)
def test_a_convention_has_three_or_four_pages_a_loan_its_annex_and_each_says_its_place(frame: str) -> None:
    data = samples.BY_FRAME[frame]
    made = convention_pdf(data)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        pages = len(pdf.pages)
    assert pages in ((4, 5) if frame == "pret_main_oeuvre" else (3, 4))
    text = text_of(made).replace(NBSP, " ")
    foot = f"{data.reference} · version 1 · modèle 2027-02 · empreinte {content_hash(data)[:16]}"
    for number in range(1, pages + 1):
        assert f"{foot}  Page {number} sur {pages}" in text


@pytest.mark.parametrize("frame", FRAMES)
def test_each_frame_prints_its_name_its_law_and_no_other_frame(frame: str) -> None:
    words = words_of(convention_html(samples.BY_FRAME[frame])).replace(NBSP, " ")
    laws = {
        "mission_observation": "article L. 6321-1",
        "pret_main_oeuvre": "articles L. 8241-1 et L. 8241-2",
        "pret_interet_general": "articles L. 8241-3 et R. 8241-2",
        "immersion_agent_public": "décret n° 2022-1043 du 22 juillet 2022",
        "mise_a_disposition": "articles L. 512-6 à L. 512-8",
        "independant_benevole": "sans contrat de travail ni lien de subordination",
    }
    assert [code for code, law in laws.items() if law in words] == [frame]
    assert words.count("Cadre :") == 1
    assert "PMSMP" not in words


@pytest.mark.parametrize("frame", FRAMES)
def test_the_head_of_the_pdf_names_the_frame_as_the_forms_do(frame: str) -> None:
    assert f"Convention d’immersion\n{FRAMES[frame].name}\n" in text_of(convention_pdf(samples.BY_FRAME[frame]))


def test_the_frame_s_fields_are_printed() -> None:
    for data in samples.BY_FRAME.values():
        words = words_of(convention_html(data))
        for field in fields(data.details):
            value = getattr(data.details, field.name)
            if isinstance(value, str) and value:
                assert words_of(value) in words, field.name


@pytest.mark.parametrize("frame", FRAMES)
def test_the_articles_go_from_one_to_sixteen_in_order(frame: str) -> None:
    numbers = re.findall(r"Article (\d+)</span>", convention_html(samples.BY_FRAME[frame]))
    assert numbers == [str(number) for number in range(1, 17)]


def test_the_page_and_the_pdf_say_the_same_words(observation: bytes) -> None:
    """Word for word, but for what only paper needs: the head, the foot, the lines to fill in."""
    page = set(re.findall(r"\w+", words_of(convention_html(samples.OBSERVATION))))
    paper = set(re.findall(r"\w+", text_of(observation)))
    assert page - paper <= {"Qui", "signe"}
    # 7h: poppler swallows the narrow space of « 7 h » at the end of a cell.
    only_paper = """Convention d immersion Réseau entraide des médiateurs et médiatrices numériques Mission observation
        empreinte modèle Page sur Signatures Fait à Le Signature C est l du fichier convention json joint ce PDF 1 2 3 4
        02 2026 7h"""
    assert paper - page <= {*only_paper.split(), content_hash(samples.OBSERVATION)[:16]}


def test_the_page_starts_at_h2_and_skips_no_level() -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)", convention_html(samples.PUBLIC_AGENT))]
    assert levels[0] == 2 and set(levels) == {2, 3}


@pytest.mark.usefixtures("drawn_anew")
def test_the_same_data_give_the_same_bytes_in_another_process(observation: bytes) -> None:
    assert convention_pdf(samples.OBSERVATION) == observation
    code = ("import sys, hashlib, pdf_samples; from pdf.convention import convention_pdf; "
            "print(hashlib.sha256(convention_pdf(pdf_samples.OBSERVATION)).hexdigest())")
    for seed in ("1", "2"):
        said = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}{os.pathsep}{Path(__file__).parent}",
                 "TZ": "Pacific/Auckland", "LC_ALL": "C"})
        assert said.stdout.strip() == hashlib.sha256(observation).hexdigest()


def test_the_pdf_is_tagged_titled_and_in_french(observation: bytes) -> None:
    with pikepdf.open(io.BytesIO(observation)) as pdf:
        assert str(pdf.Root.Lang) == "fr"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.Root.StructTreeRoot.K[0].S) == "/Document"
        assert str(pdf.docinfo.Title) == "Convention d’immersion IMM-2027-0007, version 1"
        assert str(pdf.docinfo.Author) == "Réseau Exemple"
        fonts = {str(font.BaseFont).split("+")[-1] for page in pdf.pages for font in page.Resources.Font.values()}
    assert fonts == {"Atkinson-Hyperlegible-Next", "Atkinson-Hyperlegible-Next-Bold"}


def test_the_attached_file_has_the_printed_fingerprint(observation: bytes) -> None:
    with pikepdf.open(io.BytesIO(observation)) as pdf:
        (spec,) = pdf.Root.AF
        assert (str(spec.AFRelationship), str(spec.UF)) == ("/Data", "convention.json")
        attached = spec.EF.F.read_bytes()
    whole = content_hash(samples.OBSERVATION)
    assert attached == canonical_json(said_to_all(samples.OBSERVATION))
    assert hashlib.sha256(attached).hexdigest() == whole
    assert whole in re.sub(r"\s", "", text_of(observation))


@pytest.mark.parametrize("data", samples.BY_FRAME.values(), ids=lambda data: data.reference)
def test_what_all_the_parties_receive_carries_no_address_its_pages_keep_to_themselves(data) -> None:
    """The certificate masks the addresses of who signed; the file that goes with it must not give them whole."""
    def addressed(party):
        return party and replace(party, signatories=tuple(
            replace(one, email="qui.signe@prive.example", phone="06 39 98 99 99") for one in party.signatories))
    known = replace(data, host=addressed(data.host), employer=addressed(data.employer))
    carried = canonical_json(said_to_all(known)).decode()
    assert "prive.example" not in carried and "06 39 98 99 99" not in carried
    assert "prive.example" not in convention_html(known)
    assert content_hash(known) == hashlib.sha256(carried.encode()).hexdigest()


def test_the_fingerprint_of_a_content_never_changes() -> None:
    """A stored hash must still hold after an upgrade: this one was computed once and written here."""
    place = replace(samples.OBSERVATION.places[0], access="")
    earlier = replace(samples.OBSERVATION, template="convention/2026-11", places=(place,),
                      employer=replace(samples.EMPLOYER, contact=None))
    assert content_hash(earlier) == "e57c17f2b78c31b2d47fa0be771f96e6f7e55b8b7c2b7e44937c938a4b4453aa"


@pytest.mark.parametrize("change", [
    {"version": 2}, {"status": TO_REVIEW}, {"template": "convention/2026-12"},
    {"sessions": samples.OBSERVATION.sessions[:1]}, {"special_clauses": "x"},
    {"host": replace(samples.HOST, public=True)},
])
def test_any_change_changes_the_fingerprint(change: dict[str, object]) -> None:
    assert content_hash(replace(samples.OBSERVATION, **change)) != content_hash(samples.OBSERVATION)


@pytest.mark.parametrize("data", [*samples.BY_FRAME.values(), samples.HOSTILE], ids=lambda data: data.reference)
def test_stored_and_read_again_a_convention_is_equal(data: ConventionData) -> None:
    import json

    assert from_json(json.loads(json.dumps(to_json(data)))) == data


def test_what_was_stored_before_a_field_existed_can_be_read() -> None:
    plain = to_json(samples.OBSERVATION)
    del plain["verification_code"], plain["details"]["notice"]
    assert from_json(plain) == samples.OBSERVATION


@pytest.mark.parametrize(("path", "value", "said"), [
    ("version", "1", "ConventionData.version"), ("host", None, "ConventionData.host"),
    ("sessions", [{"on": "hier"}], "sessions[0]"), ("objectives", "un", "objectives"),
    ("inconnu", 1, "unknown inconnu"),
    ("issued_on", "2027-13-01", "issued_on"),
])
def test_a_stored_value_of_the_wrong_shape_is_refused_with_its_place(path: str, value: object, said: str) -> None:
    with pytest.raises(UnreadableDocument, match=re.escape(said)):
        from_json({**to_json(samples.OBSERVATION), path: value})


def test_hours_that_do_not_follow_each_other_are_refused() -> None:
    for hours in ((time(9), time(9)), (time(9), time(12), time(11), time(17)), (time(9), time(12), time(13))):
        with pytest.raises(ValueError, match="2027-02-02"):
            Session(date(2027, 2, 2), *hours)


def test_days_weeks_and_hours_are_counted_from_the_sessions() -> None:
    data = samples.OBSERVATION
    assert (len(data.days), data.weeks, data.minutes) == (2, 2, 14 * 60)
    twice = replace(data, sessions=(*data.sessions, Session(date(2027, 2, 9), time(18), time(18, 45))))
    assert (len(twice.days), twice.weeks, twice.minutes) == (2, 2, 14 * 60 + 45)


def test_each_signatory_has_a_box_with_place_date_and_signature() -> None:
    words = text_of(convention_pdf(samples.PUBLIC_AGENT))
    assert [words.count(label) for label in ("Fait à", "\nLe  Le  Le  Le\n")] == [4, 1]
    html = convention_html(samples.PUBLIC_AGENT)
    assert html.count('class="signature"') == 4
    assert convention_html(samples.FREELANCE).count('class="signature"') == 2


@pytest.mark.parametrize(("contact", "phone", "said"), [
    (Contact("Camille Bureau", "", "", "0465710009"), "0465710002", "Camille Bureau, 04 65 71 00 09."),
    (Contact("", "", "", "0465710009"), "", "Andréa Direction, 04 65 71 00 09."),
    (None, "0465710002", "Andréa Direction, 04 65 71 00 02."),
    (None, "", "Andréa Direction ; la coordination du réseau aide à joindre l’employeur, au 04 65 71 00 09."),
    (Contact("Camille Bureau"), "0465710002",
     "Camille Bureau ; la coordination du réseau aide à joindre l’employeur, au 04 65 71 00 09.")])
def test_after_an_accident_one_knows_whom_to_call_and_at_which_number(contact, phone, said: str) -> None:
    data = samples.OBSERVATION
    signs = replace(data.employer.signatories[0], phone=phone)
    employer = replace(data.employer, contact=contact, signatories=(signs,))
    page = words_of(convention_html(replace(data, employer=employer))).replace(NBSP, " ")
    assert f"au plus tard sous 24 heures : {said}" in page


def test_the_code_and_its_qr_are_printed_only_when_given() -> None:
    with_code = replace(samples.OBSERVATION, verification_code="7K2M-9QXA", verification_url="https://r.example/v/7K2M")
    assert "Code de vérification" in convention_html(with_code) and "<svg" in convention_html(with_code)
    assert "Code de vérification" not in convention_html(samples.OBSERVATION)
    assert "<svg" not in convention_html(samples.OBSERVATION)
    with pikepdf.open(io.BytesIO(convention_pdf(with_code))) as pdf:
        alts = [str(item.Alt) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item]
    assert alts == ["Code QR qui mène à https://r.example/v/7K2M"]


@pytest.mark.parametrize("frame", FRAMES)
def test_french_typography_holds_in_every_frame(frame: str) -> None:
    words = words_of(convention_html(samples.BY_FRAME[frame]).replace(NBSP, "~"))
    assert re.findall(r".{0,20}(?<!~)[;!?»](?!\w)", words) == []
    assert re.findall(r".{0,20}[^~\d] ?(?<!~):(?= )", words) == []
    assert re.findall(r"«(?!~).{0,20}", words) == []
    assert "'" not in words


def test_a_complete_convention_lacks_nothing() -> None:
    assert {code: missing_fields(data) for code, data in samples.BY_FRAME.items()} == {code: [] for code in FRAMES}


@pytest.mark.parametrize(("data", "path"), [
    (replace(samples.OBSERVATION, objectives=("  ",)), "objectives"),
    (replace(samples.OBSERVATION, sessions=()), "sessions"),
    (replace(samples.OBSERVATION, employer=None), "employer.legal_name"),
    (replace(samples.OBSERVATION, host=replace(samples.HOST, signatories=())), "host.signatories"),
    (replace(samples.LOAN, details=replace(samples.LOAN.details, cse_note="")), "details.cse"),
    (replace(samples.LOAN, details=replace(samples.LOAN.details, cost_method="")), "details.cost_method"),
    (replace(samples.PUBLIC_AGENT, host=samples.HOST), "host.public"),
    (replace(samples.PUBLIC_AGENT, sessions=samples.PUBLIC_AGENT.sessions[:1]), "sessions"),
    (replace(samples.PUBLIC_AGENT, sessions=tuple(
        Session(date(2027, 4, day), *samples.DAY) for day in range(1, 12))), "sessions"),
    (replace(samples.PUBLIC_AGENT, details=replace(samples.PUBLIC_AGENT.details, days_in_three_years=21)),
     "details.days_in_three_years"),
    (replace(samples.PUBLIC_INTEREST_LOAN, employer=samples.PUBLIC_EMPLOYER), "employer.public"),
    (replace(samples.FREELANCE, details=samples.OBSERVATION.details), "details.liability_insurance"),
])
def test_what_a_frame_asks_for_is_told_when_it_lacks(data: ConventionData, path: str) -> None:
    missing = dict(missing_fields(data))
    assert path in missing
    assert all(sentence.endswith(".") and sentence[0].isupper() for sentence in missing.values())


def test_a_draft_can_be_shown_before_it_is_complete() -> None:
    bare = replace(
        samples.OBSERVATION, status=TO_REVIEW, objectives=(), functions="", sessions=(), places=(), costs=(),
        insurance_host="", employer=replace(samples.EMPLOYER, signatories=()), reports=())
    assert "à relire" in convention_html(bare)
    assert convention_pdf(bare).startswith(b"%PDF-1.7")
    assert {path for path, _ in missing_fields(bare)} >= {"objectives", "sessions", "employer.signatories"}


def test_what_was_issued_with_the_earlier_text_is_printed_with_it() -> None:
    earlier = replace(samples.OBSERVATION, template="convention/2026-11")
    assert words_of(convention_html(earlier)).replace(content_hash(earlier)[:8], "") != ""
    assert "modèle 2026-11" in text_of(convention_pdf(earlier))
    assert "Certificat de signature" in text_of(convention_pdf(earlier, samples.proofs_of(earlier)))


def test_an_unknown_frame_or_template_is_refused() -> None:
    with pytest.raises(UnknownFrame):
        convention_html(replace(samples.OBSERVATION, frame="pmsmp"))
    with pytest.raises(UnknownTemplate):
        convention_html(replace(samples.OBSERVATION, template="convention/1999-01"))


LONG = "Accompagner des personnes dans leurs démarches, préparer un atelier, comparer nos façons d’accueillir. "


@pytest.mark.parametrize(("change", "heading", "first"), [
    ({"objectives": ((LONG * 120)[:12_000],)}, "Objectifs et", "Accompagner des"),
    ({"sessions": tuple(replace(samples.OBSERVATION.sessions[0], on=date(2027, 2, day)) for day in range(1, 29)) * 2},
     "Dates, horaires", "lundi 1er février 2027"),
    ({"costs": tuple(Cost(f"Dépense {number}", "la structure d’accueil", LONG) for number in range(30))}, "Frais", "Dépense 0"),
    ({"companion": replace(samples.OBSERVATION.companion, name="Anne-Charlotte " * 13)}, "Objet et", "Cette convention"),
])
def test_what_is_long_begins_under_its_heading_and_leaves_no_page_almost_white(change, heading, first) -> None:
    pdf = convention_pdf(replace(samples.OBSERVATION, **change))
    said = subprocess.run([program("pdftotext"), "-layout", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True,
                          check=True).stdout.decode().replace(NBSP, " ")
    pages = [re.sub(r"\s+", " ", page) for page in said.split("\f")[:-1]]
    assert first in next(page for page in pages if heading in page)
    # The last page ends where the signatures end; any other is full, or leaves what the next block would have taken.
    assert min(len(page) for page in pages[:-1]) > 900, [len(page) for page in pages]

"""Files are judged by what they hold; a refusal tells the person kindly what to do."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.attachments import EXTENSIONS, MAX_ENTRIES, NAME_LIMIT, clean_name, judge

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
TYPES = b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"


def archive(**entries: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return stream.getvalue()


def office(folder: str, **more: bytes) -> bytes:
    return archive(**{"[Content_Types].xml": TYPES, f"{folder}/main.xml": b"<x/>", **more})


def opendocument(kind: str, manifest: bytes = b"<manifest/>", **more: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        packed.writestr("content.xml", "<x/>")
        packed.writestr("META-INF/manifest.xml", manifest)
        for name, content in more.items():
            packed.writestr(name, content)
    return stream.getvalue()


def ole(*streams: str) -> bytes:
    return OLE + b"".join(name.encode("utf-16-le") + b"\x00" * 40 for name in streams)


@pytest.mark.parametrize(("content", "name", "clean"), [
    (b"%PDF-1.7\n%", "convention signée.pdf", "convention signée.pdf"),
    (b"\n%PDF-1.4\n%", "scan", "scan.pdf"),
    (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "a.png", "a.png"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 20, "Photo.JPG", "Photo.JPG"),
    (b"RIFF\x10\x00\x00\x00WEBPVP8 " + b"\0" * 20, "a.webp", "a.webp"),
    (b"GIF89a" + b"\0" * 20, "a.gif", "a.gif"),
    (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "IMG_1.heic", "IMG_1.heic"),
    (office("word"), "a.docx", "a.docx"),
    (office("xl"), "a.xlsx", "a.xlsx"),
    (office("ppt"), "a.pptx", "a.pptx"),
    (opendocument("text"), "a.odt", "a.odt"),
    (opendocument("spreadsheet"), "a.ods", "a.ods"),
    (opendocument("presentation"), "a.odp", "a.odp"),
    (ole("Root Entry", "WordDocument"), "a.doc", "a.doc"),
    (ole("Root Entry", "Workbook"), "a.xls", "a.xls"),
    (ole("Root Entry", "PowerPoint Document"), "a.ppt", "a.ppt"),
    ("Déjà vu\n".encode(), "note.txt", "note.txt"),
    ("Déjà vu – fin\n".encode("cp1252"), "note.txt", "note.txt"),
    ("nom;prénom\nA;É\n".encode(), "liste.csv", "liste.csv"),
    (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "invitation.ics", "invitation.ics"),
])
def test_allowed_contents_are_kept_under_a_name_that_says_what_they_are(content, name, clean):
    found = judge(name, content)
    assert (found.ok, found.clean_name, found.reason) == (True, clean, "")
    assert found.media_type in EXTENSIONS


@pytest.mark.parametrize(("content", "name", "word"), [
    (b"", "vide.pdf", "vide"),
    (b"\x00" * 50, "vide.pdf", "vide"),
    (b"MZ\x90\x00" + b"\0" * 60, "convention.pdf", "programme"),
    (b"\x7fELF\x02\x01" + b"\0" * 60, "photo.jpg", "programme"),
    (b"#!/bin/sh\nrm -rf x\n", "note.txt", "programme"),
    (b"<!DOCTYPE html><html><script>x</script></html>", "note.txt", "page web"),
    (b"Bonjour <script>x</script>", "note.txt", "page web"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg", "page web"),
    (b"<?xml version='1.0'?><x/>", "a.txt", "page web"),
    (b"@echo off\ndel x\n", "lancer.bat", "programme"),
    (b"WScript.Echo(1)", "a.pdf.js", "programme"),
    (archive(**{"a.txt": b"x"}), "dossier.zip", "archive"),
    (archive(**{"a.txt": b"x"}), "dossier.docx", "archive"),
    (b"PK\x03\x04 abime", "a.docx", "abîmé"),
    (office("word", **{"word/vbaProject.bin": b"x"}), "a.docm", "macros"),
    (office("word", **{"word/vbaProject.bin": b"x"}), "a.docx", "macros"),
    (opendocument("text", **{"Basic/Standard/script.xml": b"x"}), "a.odt", "macros"),
    (opendocument("text", b"<manifest:encryption-data/>"), "a.odt", "mot de passe"),
    (ole("Root Entry", "EncryptedPackage"), "a.docx", "mot de passe"),
    (ole("Root Entry", "WordDocument", "Macros", "_VBA_PROJECT"), "a.doc", "macros"),
    (ole("Root Entry", "__properties_version1.0"), "a.msg", "type"),
    (b"texte\x00binaire", "a.txt", "type"),
    (b"\x1f\x8b\x08\x00" + b"\0" * 20, "a.gz", "type"),
    (b"Rar!\x1a\x07\x00" + b"\0" * 20, "a.rar", "type"),
    (office("word", **{"word/big.xml": b"0" * 60_000_000}), "a.docx", "volumineux"),
    (office("word", **{f"word/{i}.xml": b"" for i in range(MAX_ENTRIES)}), "a.docx", "volumineux"),
])
def test_refused_contents_are_named_with_the_reason_and_the_way_out(content, name, word):
    found = judge(name, content)
    assert not found.ok
    assert word in found.reason
    assert f"«\u00a0{found.clean_name}\u00a0»" in found.reason
    assert any(verb in found.reason for verb in ("Vous pouvez", "Merci de", "Merci d’"))


def test_sentences_follow_french_typography():
    for content in (b"", b"MZ\x90", archive(a=b"x"), b"<html>", b"PK\x03\x04"):
        reason = judge("a.bin", content).reason
        assert "'" not in reason
        assert " :" not in reason.replace("\u00a0:", "")
        assert reason.endswith(".")


@pytest.mark.parametrize(("given_name", "media_type", "clean"), [
    ("../../etc/passwd", "text/plain", "passwd.txt"),
    ("C:\\Users\\a\\convention.pdf", "application/pdf", "convention.pdf"),
    ("facture.pdf.exe", "application/pdf", "facture.pdf"),
    ("photo\u202egpj.exe", "image/jpeg", "photogpj.jpg"),
    ("a\x00b\r\nc.pdf", "application/pdf", "a b c.pdf"),
    ("", "application/pdf", "document.pdf"),
    ("...", "application/pdf", "document.pdf"),
    ("note v1.2", "text/plain", "note v1.2.txt"),
    ("CON.txt", "text/plain", "document CON.txt"),
    ("e\u0301te\u0301.pdf", "application/pdf", "été.pdf"),
    ("<script>.pdf", "application/pdf", "script.pdf"),
])
def test_names_lose_paths_tricks_and_wrong_extensions(given_name, media_type, clean):
    assert clean_name(given_name, media_type) == clean


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["", *EXTENSIONS]))
def test_every_name_becomes_short_safe_and_not_empty(name, media_type):
    clean = clean_name(name, media_type)
    assert 0 < len(clean) <= NAME_LIMIT
    assert clean == clean.strip()
    assert not set(clean) & set("/\\\x00\r\n\u202e\u200f\"<>")
    assert not clean.startswith(".")
    if media_type:
        assert clean.rpartition(".")[2].lower() in EXTENSIONS[media_type]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", OLE[:8], b"%PDF-", b"RIFF", b"<"]))
def test_no_content_raises_and_a_refusal_always_says_why(content, start):
    found = judge("a", start + content)
    assert found.ok == (found.reason == "")
    if found.ok:
        assert found.media_type in EXTENSIONS

"""Whether a file may be kept, judged by what it holds and never by the name or the type its sender gives.

Used for the files of mails and for those of forms. Nothing is unpacked: archives are read by their table of contents.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

import filetype

NAME_LIMIT = 120
MAX_ENTRIES = 5_000
MAX_UNPACKED = 200_000_000
MAX_RATIO = 200

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
# Media type -> extensions that say the same; the first one is given to a name that says otherwise.
EXTENSIONS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/webp": ("webp",),
    "image/gif": ("gif",),
    "image/heic": ("heic", "heif"),
    _OFFICE + "wordprocessingml.document": ("docx",),
    _OFFICE + "spreadsheetml.sheet": ("xlsx",),
    _OFFICE + "presentationml.presentation": ("pptx",),
    _OPEN + "text": ("odt",),
    _OPEN + "spreadsheet": ("ods",),
    _OPEN + "presentation": ("odp",),
    "application/msword": ("doc",),
    "application/vnd.ms-excel": ("xls",),
    "application/vnd.ms-powerpoint": ("ppt",),
    "text/calendar": ("ics",),
    "text/csv": ("csv",),
    "text/plain": ("txt", "text", "md"),
}
_PARTS = {"word/": _OFFICE + "wordprocessingml.document", "xl/": _OFFICE + "spreadsheetml.sheet",
          "ppt/": _OFFICE + "presentationml.presentation"}
_FILETYPE_ALLOWED = {"application/pdf", "image/png", "image/jpeg", "image/webp", "image/gif", "image/heic"}

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = {name: name.encode("utf-16-le") for name in (
    "WordDocument", "Workbook", "Book", "PowerPoint Document", "_VBA_PROJECT", "VBA", "EncryptedPackage", "Macros",
    "_VBA_PROJECT_CUR")}
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!", b"!<arch>",
             b"L\x00\x00\x00")
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|svg|iframe|object|embed|img|form|meta|link|style|a\s+href|div|table"
    rb"|xml|!entity)"
    rb"\b|<\?xml|<\?php|<%@?\s|javascript:", re.IGNORECASE)
_SCRIPT_NAMES = re.compile(
    r"(?:exe|com|bat|cmd|psm?1|vbs|vbe|jse?|mjs|ws[fh]|hta|scr|pif|ms[ic]|jar|pyw?|sh|bash|rb|pl|php|lnk|url|reg|inf|dll"
    r"|cpl|x?html?|shtml|svgz?|mht|mhtml|xml|do[ct]m|xl[st]m|p[po][tp]m|iqy|slk|chm)"
)
_BIDI = re.compile(r"[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f<>:\"/\\|?*]+")
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)

_ADVICE = "Vous pouvez l’enregistrer en PDF et l’envoyer de nouveau."


@dataclass(frozen=True, slots=True)
class Judged:
    """`ok` when the file may be kept. `reason` is "" then, else a sentence for the person who sent it."""

    ok: bool
    media_type: str
    clean_name: str
    reason: str


def judge(filename: str, content: bytes) -> Judged:
    """Type of a file by its content, a name that is safe to show and store, and why it is refused if it is."""
    media_type, problem = _examine(filename, content)
    name = clean_name(filename, media_type)
    if problem:
        return Judged(False, media_type, name, problem.format(name=f"«\u00a0{name}\u00a0»", advice=_ADVICE))
    return Judged(True, media_type, name, "")


def clean_name(filename: str, media_type: str = "") -> str:
    """The last part of a name without path, control or direction marks, of 120 characters at most, never empty.

    A name whose extension contradicts `media_type` receives the right one.
    """
    name = unicodedata.normalize("NFC", filename[:4000].encode("utf-8", "replace").decode("utf-8"))
    name = _BIDI.sub("", name.replace("\\", "/")).rstrip("/").rpartition("/")[2]
    name = " ".join(_FORBIDDEN.sub(" ", name).split()).strip(" .")
    allowed = EXTENSIONS.get(media_type, ())
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 8 or " " in extension:
        stem, extension = name, ""
    if allowed and extension.lower() not in allowed:
        # "facture.pdf.exe" that is a PDF becomes "facture.pdf"; "note v1.2" keeps its number.
        stem = name if extension and not extension.isalpha() else stem
        extension = allowed[0]
        stem = stem.removesuffix(f".{extension}")
    stem = stem.strip(" .") or "document"
    if _RESERVED.match(stem):
        stem = f"document {stem}"
    tail = f".{extension}" if extension else ""
    return stem[:NAME_LIMIT - len(tail)].rstrip(" .") + tail


def _examine(filename: str, content: bytes) -> tuple[str, str]:
    """(media type, problem): the problem is a sentence with {name} and {advice}, or ""."""
    if not content.strip(b"\x00 \t\r\n"):
        return "application/octet-stream", (
            "Le fichier {name} est vide. Merci de vérifier le document et de l’envoyer de nouveau.")
    if content.startswith(b"PK"):
        return _examine_archive(content)
    if content.startswith(_OLE):
        return _examine_ole(content)
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return "application/pdf", ""
    guessed = filetype.guess(content[:8192])
    if guessed is not None and guessed.mime in _FILETYPE_ALLOWED:
        # HEIC, WebP and the others are recognised by their first bytes only: a page hidden behind them is not shown
        # as a page, since files are served with this type, as downloads.
        return guessed.mime, ""
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypheim", b"ftypheis"):
        return "image/heic", ""
    if content.startswith(_PROGRAMS):
        return "application/x-executable", (
            "Le fichier {name} est un programme\u00a0: par prudence, nous ne pouvons pas le recevoir. {advice}")
    if guessed is not None:
        return guessed.mime, (
            "Le fichier {name} est d’un type que nous ne pouvons pas recevoir. {advice}")
    return _examine_text(filename, content)


def _examine_archive(content: bytes) -> tuple[str, str]:
    """An office document by the table of contents of its archive (ISO 29500, ISO 26300); nothing is unpacked but the
    short "mimetype" entry of OpenDocument."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            kind = _archive_kind(archive, entries)
    except Exception:  # noqa: BLE001 - zipfile raises many kinds of errors on a damaged archive
        return "application/zip", (
            "Le fichier {name} semble abîmé\u00a0: nous n’avons pas pu le lire. {advice}")
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(len(content), 10_000):
        return kind or "application/zip", (
            "Le fichier {name} est trop volumineux une fois ouvert. {advice}")
    names = [entry.filename.lower() for entry in entries]
    if any(name.endswith("vbaproject.bin") or name.startswith(("basic/", "scripts/")) for name in names):
        return kind or "application/zip", (
            "Le document {name} contient des macros\u00a0: par prudence, nous ne pouvons pas le recevoir. {advice}")
    encrypted = any(entry.flag_bits & 1 for entry in entries) or _declares_encryption(content, entries)
    if not kind:
        return "application/zip", (
            "Le fichier {name} est une archive compressée\u00a0: nous ne pouvons pas l’ouvrir. "
            "Merci d’envoyer séparément les documents qu’elle contient.")
    if encrypted:
        return kind, ("Le document {name} est protégé par un mot de passe. "
                      "Merci de retirer la protection et de l’envoyer de nouveau.")
    return kind, ""


def _archive_kind(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> str:
    names = {entry.filename for entry in entries}
    if "mimetype" in names:
        entry = archive.getinfo("mimetype")
        if entry.file_size <= 200 and entry.compress_type == zipfile.ZIP_STORED and not entry.flag_bits & 1:
            declared = archive.read(entry).decode("ascii", "replace").strip()
            return declared if declared in EXTENSIONS and declared.startswith(_OPEN) else ""
        return ""
    if "[Content_Types].xml" in names:
        return next((kind for folder, kind in _PARTS.items() if any(name.startswith(folder) for name in names)), "")
    return ""


def _declares_encryption(content: bytes, entries: list[zipfile.ZipInfo]) -> bool:
    """OpenDocument keeps its entries readable by name and says in its manifest which ones are encrypted."""
    manifest = next((entry for entry in entries if entry.filename == "META-INF/manifest.xml"), None)
    if manifest is None or manifest.file_size > 1_000_000:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(manifest) as stream:
            return b"encryption-data" in stream.read(1_000_000)
    except Exception:  # noqa: BLE001
        return True


def _examine_ole(content: bytes) -> tuple[str, str]:
    """A document of Office before 2007, by the names of its streams (MS-CFB)."""
    def has(name: str) -> bool:
        return _UTF16[name] in content

    if has("EncryptedPackage"):
        return "application/octet-stream", (
            "Le document {name} est protégé par un mot de passe. "
            "Merci de retirer la protection et de l’envoyer de nouveau.")
    kind = ("application/msword" if has("WordDocument") else
            "application/vnd.ms-powerpoint" if has("PowerPoint Document") else
            "application/vnd.ms-excel" if has("Workbook") or has("Book") else "")
    if has("_VBA_PROJECT") or has("Macros"):
        return kind or "application/octet-stream", (
            "Le document {name} contient des macros\u00a0: par prudence, nous ne pouvons pas le recevoir. {advice}")
    if not kind:
        return "application/octet-stream", (
            "Le fichier {name} est d’un type que nous ne pouvons pas recevoir. {advice}")
    return kind, ""


def _examine_text(filename: str, content: bytes) -> tuple[str, str]:
    extension = filename.rpartition(".")[2].strip().lower() if "." in filename else ""
    if b"\x00" in content or not _reads_as_text(content):
        return "application/octet-stream", (
            "Le fichier {name} est d’un type que nous ne pouvons pas recevoir. {advice}")
    if _MARKUP.search(content) or _SCRIPT_NAMES.fullmatch(extension):
        return "text/html" if _MARKUP.search(content) else "text/plain", (
            "Le fichier {name} est une page web ou un programme\u00a0: par prudence, nous ne pouvons pas le recevoir. "
            "{advice}")
    if content.lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCALENDAR"):
        return "text/calendar", ""
    return ("text/csv" if extension == "csv" else "text/plain"), ""


def _reads_as_text(content: bytes) -> bool:
    """Valid UTF-8, or Windows-1252 with nearly no control character."""
    for charset in ("utf-8", "cp1252"):
        try:
            text = content.decode(charset)
        except UnicodeDecodeError:
            continue
        controls = sum(1 for character in text if character < " " and character not in "\t\r\n\f")
        return controls == 0
    return False

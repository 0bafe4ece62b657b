"""Which charset raw bytes are in when nothing true was said: the last resort, after what was declared and UTF-8.

Western letters are the default and stay it: in French an accented letter stands alone between plain ones. Only bytes that
mostly come in runs are looked at, by how each charset of East Asia spreads its pairs; other alphabets are left to
charset-normalizer, which short Western text misleads (reference email.md 4.1).
"""

from __future__ import annotations

import re

SAMPLE = 20_000
#: Below this share of letters in runs the text is Western.
IN_RUNS = 0.6

_RUN = re.compile(rb"[\x80-\xff]+")
_UTF8_LETTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ALPHABETS = ["koi8_r", "cp1251", "cp1253"]
_TOUCHING = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")


def repaired_utf8(content: bytes) -> str:
    """UTF-8 with a few damaged bytes, those shown as signs of replacement; "" for another charset."""
    sample = content[:SAMPLE]
    high = sum(map(len, _RUN.findall(sample)))
    sound = sum(map(len, _UTF8_LETTER.findall(sample)))
    return content.decode("utf-8", "replace") if sound >= 4 and sound >= 0.8 * high else ""


def guess(content: bytes) -> str:
    """Name of the Python codec of bytes that are not UTF-8, or "" for the Western default."""
    sample = content[:SAMPLE]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    runs = _RUN.findall(sample)
    high = b"".join(runs)
    if len(high) < 4 or sum(len(run) for run in runs if len(run) > 1) < IN_RUNS * len(high):
        return ""
    if sum(byte >= 0xC0 for byte in high) >= 0.97 * len(high):
        return _alphabet(content)
    for name in (_of_pairs(runs) if all(len(run) % 2 == 0 for run in runs) else "", *_mixed(sample)):
        if name and _reads(content, name):
            return name
    return _alphabet(content)


def _of_pairs(runs: list[bytes]) -> str:
    """EUC charsets put both bytes of a letter above 0xA0."""
    leads = b"".join(run[::2] for run in runs)
    if min(b"".join(runs)) < 0xA1:
        return ""
    if leads.count(0xA4) + leads.count(0xA5) >= 0.2 * len(leads):
        return "euc_jp"  # rows of hiragana and katakana
    hangul = sum(0xB0 <= lead <= 0xC8 for lead in leads)
    return "cp949" if hangul >= 0.85 * len(leads) and len(leads) >= 4 else "gb18030"


def _mixed(sample: bytes) -> tuple[str, ...]:
    """Charsets whose second byte may be a plain one."""
    kana = len(re.findall(rb"[\x82\x83][\x40-\xf1]", sample))
    japanese = kana >= 0.15 * len(_RUN.findall(sample))
    return ("cp932", "big5hkscs", "gb18030") if japanese else ("big5hkscs", "gb18030", "cp932", "cp949")


def _reads(content: bytes, name: str) -> bool:
    try:
        text = content.decode(name)
    except UnicodeError:
        return False
    sample = text[:SAMPLE]
    narrow = sum("\uff61" <= letter <= "\uff9f" for letter in sample)  # a sign of a wrong guess at Japanese
    odd = any("\ue000" <= letter <= "\uf8ff" or "\x80" <= letter <= "\x9f" for letter in sample)
    return narrow < 0.3 * len(sample.strip()) and not odd


def _alphabet(content: bytes) -> str:
    sample = content[:SAMPLE]
    if len(_TOUCHING.findall(sample)) > 0.2 * len(_RUN.findall(sample)):
        return ""  # plain letters in the same words: a Western language
    from charset_normalizer import from_bytes  # only now: few mails ever need it

    try:
        best = from_bytes(content[:SAMPLE], cp_isolation=_ALPHABETS, threshold=0.3).best()
    except Exception:  # noqa: BLE001 - a guess may not stop a mail
        return ""
    return best.encoding if best is not None and best.encoding in _ALPHABETS else ""

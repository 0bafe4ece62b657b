"""A released template never changes, and nothing is printed with one that is not released."""

from __future__ import annotations

import hashlib
import re

import pytest

from pdf.pages import environment
from pdf.released import RELEASED
from pdf.render import DOCUMENTS


@pytest.mark.parametrize("template", RELEASED)
def test_a_released_template_is_unchanged(template: str) -> None:
    found = {path: hashlib.sha256((DOCUMENTS / path).read_bytes()).hexdigest() for path in RELEASED[template]}
    assert found == RELEASED[template], "a released text is corrected by a new dated template, never in place"


def test_every_file_of_the_documents_belongs_to_a_released_template() -> None:
    present = {str(path.relative_to(DOCUMENTS)) for path in DOCUMENTS.rglob("*") if path.is_file()}
    assert present == {path for files in RELEASED.values() for path in files}


@pytest.mark.parametrize("template", RELEASED)
def test_a_template_has_a_date_one_text_and_its_sheets(template: str) -> None:
    assert re.fullmatch(r"[a-z]+/\d{4}-\d{2}", template)
    assert [path for path in RELEASED[template] if path.endswith(".html")] == [f"{template}.html"]
    assert f"{template}.css" in RELEASED[template]


@pytest.mark.parametrize("template", RELEASED)
def test_a_document_says_nothing_unescaped_and_calls_no_other_file(template: str) -> None:
    source = (DOCUMENTS / f"{template}.html").read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape|{%-?\s*(include|import|extends|from)\b", source)
    assert environment().autoescape is True

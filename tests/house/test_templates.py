"""Templates: none forgotten, nothing said unescaped."""

from __future__ import annotations

import re

from house.tree import TEMPLATES, short, sources

from blueprints.adhesion import SLUGS
from blueprints.errors import _BY_STATUS, PAGES

#: Where a template may put markup as it is, and why it is safe.
UNESCAPED = {
    "signature/signer.html": "the convention's HTML, rendered by pdf/ with autoescape",
    "dossier/convention.html": "the convention's HTML, rendered by pdf/ with autoescape",
    "mentorat/accorder.html": "the protocol's HTML, rendered by pdf/ with autoescape",
    "mentorat/protocole.html": "the protocol's HTML, rendered by pdf/ with autoescape",
    "components/form.html": "an attribute written in the template itself",
}
#: Named by a pattern rather than by their whole name.
BY_PATTERN = ({f"errors/{status}.html" for status in _BY_STATUS} | {template for *_, template in PAGES}
              | {f"adhesion/{slug.replace('-', '_')}.html" for slug in SLUGS.values()})


def _templates() -> list[str]:
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file())


def _said() -> str:
    """All that may name a template: the code and the other templates."""
    return "\n".join([*(path.read_text("utf-8") for path in sources()),
                      *(path.read_text("utf-8") for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt"))])


def test_no_template_is_forgotten():
    said = _said()
    unused = [name for name in _templates() if name not in BY_PATTERN and not name.startswith("documents/")
              and f"{name}\"" not in said and f"{name}'" not in said and not _letter_named(name, said)]
    # The templates of documents are compared with the list of released ones in tests/pdf/test_released.py.
    assert unused == []


def _letter_named(name: str, said: str) -> bool:
    return name.startswith("emails/") and (f'compose("{name.removeprefix("emails/").removesuffix(".txt")}"' in said
                                           or (name == "emails/layout.html" and '"layout.html"' in said))


def test_every_template_the_code_names_exists():
    named = set(re.findall(r"render_template\(\s*\"([^\"]+)\"", _said())) | BY_PATTERN
    assert named - set(_templates()) == set()


def test_no_component_is_forgotten():
    """A macro shown on /composants alone serves nobody."""
    macros = {(path.name, name) for path in (TEMPLATES / "components").glob("*.html")
              for name in re.findall(r"{%-?\s*macro\s+(\w+)\s*\(", path.read_text("utf-8"))}
    pages = {path: path.read_text("utf-8") for path in TEMPLATES.rglob("*.html") if path.name != "composants.html"}
    unused = [f"{file}:{name}" for file, name in sorted(macros)
              if not any(re.search(rf"(?<!macro )\b{name}\s*\(", text) for text in pages.values())]
    assert len(macros) > 15
    assert unused == []


def test_markup_is_said_as_it_is_only_where_it_is_known_to_be_safe():
    found = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")
             if re.search(r"\|\s*safe\b|autoescape\s+false|Markup\(", path.read_text("utf-8"))}
    assert found == set(UNESCAPED)
    code = [short(path) for path in sources() if re.search(r"\bMarkup\((?!\")", path.read_text("utf-8"))]
    assert [path for path in code if not path.startswith("pdf/")] == ["blueprints/templating.py"]


def test_no_template_has_a_style_or_a_script_of_its_own():
    wrong = [path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")
             if path.relative_to(TEMPLATES).parts[0] not in ("emails", "documents")
             and re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=\"", path.read_text("utf-8"))]
    assert wrong == []


def test_no_page_asks_another_site_for_anything():
    wrong = [path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")
             if re.search(r"(?:src|action)=\"(?:https?:)?//", path.read_text("utf-8"))
             or re.search(r"<link[^>]+href=\"(?:https?:)?//", path.read_text("utf-8"))]
    assert wrong == []

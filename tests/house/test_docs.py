"""What the documents name exists, what they list is whole, and what they tell to type can be typed."""

from __future__ import annotations

import re
import shlex
import tomllib
from dataclasses import fields
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import click
import pytest
from house.tree import ROOT, short, sources

from config import Settings
from models.typography import french
from scripts import options

DOCS = ROOT / "docs"
FRENCH = (ROOT / "README.md", ROOT / "CHANGELOG.md", DOCS / "guide.md", DOCS / "runbook.md")
PAGES = tuple(sorted({*FRENCH, *DOCS.rglob("*.md")}))
DRAWERS = sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] not in "._" and path.name != "instance")
#: A path of the project in the text; what holds a « <slice> » or the word of an example is not one.
_PATH = re.compile(rf"(?<![\w/.<>-])(?:{'|'.join(DRAWERS)})/[\w./-]*(?![\w./<-])")
#: Made by who follows a recipe.
MADE = {"templates/documents/convention/2027-06.html"}
#: Words between backquotes that belong to another program, to a file of the instance, or to the example of a recipe.
FOREIGN = {
    "add-a-letter.md": {"subject", "body", "why", "SAMPLES", "to"},
    "add-a-form.md": {"people", "TriedPage"},
    "add-an-action.md": {"call_back", "call_announced", "called_back"},
}

every_page = pytest.mark.parametrize("page", PAGES, ids=short)


def _text(page: Path) -> str:
    return page.read_text("utf-8")


def _prose(page: Path) -> str:
    """The text without blocks of code, code between backquotes and addresses."""
    lines = [line for line in _text(page).splitlines() if not line.startswith("    ")]
    return re.sub(r"`[^`\n]*`|<?https?://\S+|\]\([^)\s]*\)", "", "\n".join(lines))


def test_the_readme_holds_in_a_hundred_lines():
    assert len(_text(ROOT / "README.md").splitlines()) < 100


@every_page
def test_every_path_a_document_names_exists(page):
    named = {found.rstrip(".") for found in _PATH.findall(_text(page))} - MADE
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_paths_are_truly_looked_for():
    assert len(_PATH.findall(_text(DOCS / "tour.md"))) > 30
    said = "see `services/nowhere.py`, `mail/letters/<slice>.py` and /var/lib/services/x"
    assert _PATH.findall(said) == ["services/nowhere.py"]


@every_page
def test_every_link_between_documents_leads_somewhere(page):
    targets = re.findall(r"\]\(([^)\s]+)\)", _text(page))
    inside = [target.split("#")[0] for target in targets if not target.startswith(("http", "#"))]
    assert [target for target in inside if not (page.parent / target).exists()] == []


def _code() -> str:
    templates = (path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
    paths = [*sources(), *(ROOT / "tests").rglob("*.py"), *templates]
    return "\n".join(path.read_text("utf-8") for path in paths if path != Path(__file__))


def test_every_function_named_with_its_file_is_in_that_file():
    named = {found for page in PAGES for found in re.findall(r"`([\w./]+\.py)::(\w+)", _text(page))}
    assert len(named) > 25
    lost = [(path, name) for path, name in sorted(named)
            if not re.search(rf"^\s*(?:def|class) {name}\b|^{name}\b", (ROOT / path).read_text("utf-8"), re.MULTILINE)]
    assert lost == []


def test_every_name_of_code_in_the_tour_the_recipes_and_the_decisions_is_in_the_code():
    code, wrong = _code(), []
    for page in (DOCS / "tour.md", *(DOCS / "recipes").glob("*.md"), *(DOCS / "decisions").glob("*.md")):
        for name in re.findall(r"`(?:@)?([A-Za-z_][A-Za-z_.]*)(?:\(\)|\([^`]*\))?`", _text(page)):
            last = name.split(".")[-1]
            python = "_" in last.strip("_") or (last[:1].isupper() and not last.isupper() and re.search(r"[a-z][A-Z]", last))
            if python and last not in FOREIGN.get(page.name, set()) and not re.search(rf"\b{last}\b", code):
                wrong.append(f"{short(page)}: {name}")
    assert wrong == []


def _commands() -> list[tuple[str, list[str]]]:
    found = []
    for page in PAGES:
        for line in re.findall(r"flask --app app ([^`\n]+)", _text(page)):
            words = shlex.split(re.split(r"\s+(?:<|\||#|>)\s?", line.split("`")[0])[0], posix=True)
            found.append((short(page), words))
    return found


def test_every_command_the_documents_tell_to_type_exists(app):
    commands = _commands()
    assert len({tuple(words) for _page, words in commands}) >= 4
    for page, words in commands:
        known: click.Command | None = app.cli
        rest = [word.strip(".,;:)…") for word in words]
        while isinstance(known, click.Group) and rest:
            name = rest.pop(0)
            known = known.get_command(click.Context(known), name) or (None if name != "shell" else click.Command("shell"))
        assert known is not None and not isinstance(known, click.Group), (page, words)
        given = {option for parameter in known.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("-")} <= given, (page, words)


def test_every_option_of_scripts_run_the_documents_tell_exists():
    for page in PAGES:
        for line in re.findall(r"scripts/run((?: +--?[\w-]+(?: (?!--)[\w/.…]+)?)+)", _text(page)):
            words = [word for word in line.split() if word != "…"]
            options.parse([word if word.startswith("-") or word.isdigit() else "/x" for word in words])


def test_every_setting_the_documents_name_exists():
    known = {f"RING_{spec.name}" for spec in fields(Settings)} | {"RING_WRITE_GOLDEN"}
    for page in PAGES:
        assert set(re.findall(r"\bRING_[A-Z_]*[A-Z]\b", _text(page))) <= known, short(page)


def test_the_settings_of_the_runbook_are_read_as_they_are_printed():
    block = re.search(r"config\.toml`[^\n]*\n\n((?:    [^\n]+\n)+)", _text(DOCS / "runbook.md"))[1]
    given = tomllib.loads(re.sub(r"^    ", "", block, flags=re.MULTILINE))
    kinds = {spec.name: type(spec.default) for spec in fields(Settings)}
    assert {name: type(value) for name, value in given.items()} == {name: kinds[name] for name in given}


def test_the_journal_of_the_proxy_keeps_no_personal_link():
    written = re.findall(r"^ +~(\^\S+)", _text(DOCS / "runbook.md"), re.MULTILINE)
    doors = [re.compile(pattern.replace("(?<", "(?P<")) for pattern in written]
    links = {line.split()[2].split("<")[0] for line in _text(Path(__file__).with_name("routes.txt")).splitlines()
             if line.startswith("personal_link") and "<token>" in line}
    assert len(links) > 10
    assert {link for link in links if not any(door.match(link) for door in doors)} == set()


def test_every_button_the_readme_tells_to_press_exists():
    said = [*sources(), *(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")]
    code = french("\n".join(path.read_text("utf-8") for path in said))
    labels = re.findall(r"«\u00a0([A-ZÀÉ][^»]+?)\u00a0»", re.sub(r" *\n *", " ", _text(ROOT / "README.md")))
    assert len(labels) >= 8
    assert [label for label in labels if label not in code] == []


def test_every_recipe_is_in_the_readme_or_beside_one_that_is():
    recipes = {path.name for path in (DOCS / "recipes").iterdir()}
    assert recipes == {"add-a-letter.md", "add-a-form.md", "add-an-action.md", "change-the-convention.md", "read-a-lost-reply.md"}
    assert "docs/recipes/" in _text(ROOT / "README.md")


def test_decisions_are_numbered_without_gap_and_say_why():
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04d}" for number in range(1, len(pages) + 1)]
    for page in pages:
        assert _text(page).startswith(f"# {page.name[:4]}. "), page.name
        assert re.findall(r"^## (\w+)", _text(page), re.MULTILINE)[:2] == ["Context", "Decision"], page.name
        assert {"Context", "Decision", "Consequences"} <= set(re.findall(r"^## (\w+)", _text(page), re.MULTILINE)), page.name


def _pinned() -> set[str]:
    return {_plain(line.split("==")[0]) for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines() if "==" in line}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip().lower())


def _brought(pinned: set[str]) -> set[str]:
    """What another pinned library asks for, by whatever extra."""
    found = set()
    for name in pinned:
        try:
            found |= {_plain(re.split(r"[\s;<>=!~\[(]", wanted)[0]) for wanted in requires(name) or []}
        except PackageNotFoundError:
            continue
    return found


def _imported() -> set[str]:
    """The libraries our code names."""
    own = {path.stem for path in sources()} | set(DRAWERS)
    written = "\n".join(path.read_text("utf-8") for path in sources())
    named = set(re.findall(r"^\s*(?:import|from) (\w+)", written, re.MULTILINE))
    made_by = packages_distributions()
    return {_plain(name) for module in named - own for name in made_by.get(module, [])}


def test_every_library_we_chose_has_its_reason():
    pinned = _pinned()
    told = set(re.findall(r"^\| `([\w-]+)` \|", _text(DOCS / "decisions" / "0002-libraries.md"), re.MULTILINE))
    chosen = (pinned - _brought(pinned)) | (_imported() & pinned)
    assert {"flask", "weasyprint", "huey"} <= chosen
    assert chosen <= told, "a library without its reason"
    assert told <= pinned, "a reason without its library"


@pytest.mark.parametrize("page", FRENCH, ids=short)
def test_french_is_set_as_in_print(page):
    prose = _prose(page)
    assert [line for line in prose.splitlines() if french(line) != line] == []
    assert "..." not in prose

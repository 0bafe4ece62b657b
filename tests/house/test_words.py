"""Documents that list things are compared with the things: the glossary with the models, the settings with the code."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields

from house.tree import ROOT, same_as_golden, short, sources

from config import Settings
from models.base import db

#: Words that would be a second name for a thing that has one.
SYNONYMS = {
    "mandate": "convention", "internship": "immersion", "agreement letter": "convention",
    "trainee": "companion", "apprentice": "learner", "membership": "adhesion", "help request": "entraide", "ticket": "dossier",
    "facilitator": "coordinator", "organization": "structure", "notification": "letter", "attachement": "attachment",
}


def _glossary() -> list[list[str]]:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| `")]
    return [[re.sub(r"`", "", row[0]), *row[1:]] for row in rows]


def test_each_table_is_a_word_of_the_glossary_and_no_word_is_left_over():
    models = {mapper.class_.__name__ for mapper in db.Model.registry.mappers}
    rows = _glossary()
    assert [len(row) for row in rows] == [4] * len(rows), "noun, meaning, what it is not, where"
    assert models <= {row[0] for row in rows}
    assert len({row[0] for row in rows}) == len(rows)
    for noun, meaning, is_not, where in rows:
        assert meaning and is_not, noun
        path = ROOT / where.strip("`")
        assert path.exists(), (noun, where)
        text = path.read_text("utf-8") if path.is_file() else "\n".join(f.read_text("utf-8") for f in path.rglob("*.py"))
        assert re.search(rf"\b{noun}\b", text), (noun, where)


def test_a_thing_has_one_name():
    ours = [path for path in sources() if not short(path).startswith("inbox/")]  # its patterns are other people's words
    wrong = [f"{short(path)}:{number}: {word} (say {SYNONYMS[word]})" for path in ours
             for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
             for word in SYNONYMS
             if re.search(rf"(?<![\w-]){word}s?(?![\w-])", re.sub(r"autocomplete=\"[^\"]*\"", "", line.lower()))]
    assert wrong == []


def test_a_class_and_a_column_are_plain_ascii_words():
    for mapper in db.Model.registry.mappers:
        for name in (mapper.class_.__name__, *mapper.columns.keys()):
            assert name.isascii(), name
    for column in (c for table in db.metadata.sorted_tables for c in table.columns):
        kind = str(column.type).split("(")[0]
        if kind == "DATETIME":
            assert re.search(r"_(at|until|start)$|^at$", column.name), f"{column}: a time ends in _at"
        if kind == "DATE":
            assert re.search(r"_on$|^on$", column.name), f"{column}: a date ends in _on"


def _settings_page() -> str:
    lines = [
        "# Réglages", "",
        "Chaque réglage se met dans `instance/config.toml`, ou dans l’environnement sous le nom `RING_<NOM>`, qui l’emporte.",
        "Le dossier de l’instance est celui de `RING_INSTANCE` (par défaut `instance/`). Qui est le réseau (coordination,",
        "délais, éditeur) se règle dans `instance/network.toml`, expliqué ligne par ligne dans le fichier lui-même.", "",
        "Cette page est comparée au code par `tests/house/test_words.py`.", "",
        "| Réglage | Ce que c’est | Par défaut |", "| --- | --- | --- |",
    ]
    for spec in fields(Settings):
        if spec.name == "INSTANCE":
            continue
        default = "aucune : faite au premier lancement" if spec.name == "SECRET_KEY" else (
            "vide" if spec.default == "" else str(spec.default).lower() if isinstance(spec.default, bool) else str(spec.default))
        why = spec.metadata["why"]
        lines.append(f"| `{spec.name}` | {why[0].upper()}{why[1:]} | {default} |")
    return "\n".join(lines) + "\n"


def test_every_setting_is_explained():
    """``RING_WRITE_GOLDEN=1`` writes docs/settings.md again."""
    same_as_golden(ROOT / "docs" / "settings.md", _settings_page())
    for spec in fields(Settings):
        assert spec.name == "INSTANCE" or len(spec.metadata["why"]) > 15, spec.name


def test_every_setting_is_used():
    code = "\n".join(path.read_text("utf-8") for path in sources())
    own = inspect.getsource(Settings)
    unused = [spec.name for spec in fields(Settings)
              if not re.search(rf"\.{spec.name}\b", code.replace(own, "") + own)]
    scripts = "\n".join(path.read_text("utf-8") for path in (ROOT / "scripts").iterdir() if path.is_file())
    assert [name for name in unused if name not in scripts] == []


def test_a_secret_is_marked_as_such():
    secret = {spec.name for spec in fields(Settings) if spec.metadata.get("secret")}
    assert secret == {spec.name for spec in fields(Settings) if re.search(r"KEY|PASSWORD|IMAP_URL", spec.name)}

"""``network.toml``: a mistake is told with its line and what to write there."""

from __future__ import annotations

import re
from datetime import date

import pytest
from house.tree import ROOT

from models.network import NetworkFileError, load_network

EXAMPLE = (ROOT / "demonstration" / "network.toml").read_text("utf-8")

#: (what is in the example, what it becomes, the line the mistake is told at: the text of that line, words of the message)
WRONG = [
    ('nom = "Réseau Exemple"', 'nom = ""', 'nom = ""', "à remplir"),
    ('nom = "Réseau Exemple"\n', "", "[reseau]", "à remplir"),
    ('nom = "Réseau Exemple"', "nom = 3", "nom = 3", "texte entre guillemets"),
    ('departement = "30"', 'departement = "300"', 'departement = "300"', "07 ou 2A"),
    ('departement = "30"', "departement = 30", "departement = 30", "texte entre guillemets"),
    ('courriel = "contact@ring.example"', 'courriel = "contact"', 'courriel = "contact"', "prenom.nom@exemple.fr"),
    ('couleur = "#12595B"', 'couleur = "vert"', 'couleur = "vert"', "#12595B"),
    ("exemple = true", 'exemple = "oui"', 'exemple = "oui"', "true ou false"),
    ("exemple = true", "exemple = true\nnoms = 2", "noms = 2", "pas un réglage connu"),
    ('courriel = "coordination@ring.example"', 'courriel = "a@b@c.example"', 'courriel = "a@b@c.example"', "ne peut pas être"),
    ('territoires = ["30"]', 'territoires = "30"', 'territoires = "30"', "liste de textes"),
    ('territoires = ["30"]', 'territoires = ["Cévennes"]', 'territoires = ["Cévennes"]', "SIREN"),
    ('demandes = ["entraide"]', 'demandes = ["aide"]', 'demandes = ["aide"]', "adhesion, entraide, immersion"),
    ('suppleant = "suppleance@ring.example"', 'suppleant = "x@ring.example"', 'suppleant = "x@ring.example"', "pas de bloc"),
    ('suppleant = "suppleance@ring.example"', 'suppleant = "coordination@ring.example"',
     'suppleant = "coordination@ring.example"', "pas de bloc"),
    ("absences = []", 'absences = ["2027-02-19/2027-02-08"]', 'absences = ["2027-02-19/2027-02-08"]', "premier et le dernier"),
    ("absences = []", 'absences = ["février"]', 'absences = ["février"]', "premier et le dernier"),
    ("absences = []", "absences = [2027]", "absences = [2027]", "liste de textes"),
    ("par_defaut = true", "par_defaut = false", "[[coordination]]", "une seule personne"),
    ('demandes = ["entraide"]', 'demandes = ["entraide"]\npar_defaut = true', "[[coordination]]", "une seule personne"),
    ('courriel = "suppleance@ring.example"\nterr', 'courriel = "coordination@ring.example"\nterr', "[[coordination]]",
     "même adresse"),
    ('courriel = "referent1@ring.example"', 'courriel = ""', 'courriel = ""', "à remplir"),
    ("[[referents_confidentialite]]\nnom = \"Dany", "[referents]\nnom = \"Dany", "[referents]", "pas connu"),
    ('adresse = "1 place de l’Exemple, 30000 Exemple"', 'adresse = ""', 'adresse = ""', "à remplir"),
    ("immersion = 15", "immersion = 0", "immersion = 0", "entre 1 et 60"),
    ("immersion = 15", "immersion = true", "immersion = true", "entre 1 et 60"),
    ("immersion = 15", 'immersion = "15"', 'immersion = "15"', "entre 1 et 60"),
    ("adhesion = 5", "adhésion = 5", "adhésion = 5", "guillemets"),
    ("adhesion = 5", "adhesion = 5\nadhesion = 6", "adhesion = 6", "deux fois"),
    ('nom = "Réseau Exemple"', 'nom = "Réseau Exemple', 'nom = "Réseau Exemple', "guillemets"),
]


def _load(tmp_path, text: str):
    path = tmp_path / "network.toml"
    path.write_text(text, "utf-8")
    return load_network(path)


@pytest.mark.parametrize(("was", "becomes", "line", "words"), WRONG, ids=[becomes or was for was, becomes, *_ in WRONG])
def test_a_mistake_is_told_with_its_line(tmp_path, was, becomes, line, words):
    assert was in EXAMPLE
    text = EXAMPLE.replace(was, becomes, 1)
    with pytest.raises(NetworkFileError) as error:
        _load(tmp_path, text)
    said = str(error.value)
    assert str(tmp_path / "network.toml") in said
    number = int(re.search(r"ligne (\d+)", said)[1])
    assert text.splitlines()[number - 1].strip() == line, said
    assert words in said


def test_a_mistake_in_the_second_block_is_told_at_the_second_block(tmp_path):
    text = EXAMPLE.replace('territoires = ["200034692"]', 'territoires = ["2000"]')
    with pytest.raises(NetworkFileError) as error:
        _load(tmp_path, text)
    number = int(re.search(r"ligne (\d+)", str(error.value))[1])
    assert text.splitlines()[number - 1] == 'territoires = ["2000"]'


@pytest.mark.parametrize(("text", "words"), [
    ("", "reseau"), ("nom = 'x'", "nom"), ("reseau = 3", "reseau"), ("[reseau", "guillemets"),
    (EXAMPLE.replace("[[coordination]]", "[[autres]]"), "autres"),
    (re.sub(r"(?m)^\[\[coordination\]\](?s:.*?)(?=^\[\[referents)", "", EXAMPLE), "au moins un bloc"),
    (re.sub(r"(?m)^\[\[coordination\]\]((?s:.*?))^\[\[coordination(?s:.*?)(?=^\[\[referents)", r"[coordination]\1", EXAMPLE),
     r"ligne \d+ .*deux crochets"),
    (re.sub(r"\[editeur\].*?(?=\[heb)", "", EXAMPLE, flags=re.DOTALL), "editeur"),
])
def test_a_file_that_is_not_one_is_refused_with_words(tmp_path, text, words):
    with pytest.raises(NetworkFileError, match=words):
        _load(tmp_path, text)


def test_a_missing_file_says_how_to_make_it(tmp_path):
    with pytest.raises(NetworkFileError, match="scripts/run"):
        load_network(tmp_path / "network.toml")


def test_a_file_saved_by_a_word_processor_is_read(tmp_path):
    """A byte-order mark and Windows ends of lines are what many editors add."""
    path = tmp_path / "network.toml"
    path.write_bytes("\ufeff".encode() + EXAMPLE.replace("\n", "\r\n").encode())
    assert load_network(path).name == "Réseau Exemple"


def test_a_file_in_another_encoding_is_told_so(tmp_path):
    path = tmp_path / "network.toml"
    path.write_bytes(EXAMPLE.encode("cp1252"))
    with pytest.raises(NetworkFileError, match="UTF-8"):
        load_network(path)


def test_the_example_is_read_whole(tmp_path):
    network = _load(tmp_path, EXAMPLE.replace("absences = []", 'absences = ["2027-02-08/2027-02-19"]'))
    assert network.fictional and network.departement == "30"
    assert network.default_coordinator.name == "Alix Coordination"
    assert network.coordinator(" Suppleance@RING.example ").kinds == ("entraide",)
    assert network.coordinator("nobody@ring.example") is None
    away = network.default_coordinator
    assert [away.absent_on(date(2027, 2, day)) for day in (7, 8, 19, 20)] == [False, True, True, False]
    assert network.delays == {"adhesion": 5, "entraide": 3, "immersion": 15, "mentorat": 10}
    assert [r.employer for r in network.referents] == ["Association porteuse Exemple", "Structure Exemple A",
                                                       "Structure Exemple Extérieure"]
    assert [r.outside for r in network.referents] == [False, False, True]
    assert network.referent(" Referent1@ring.example ") is network.referents[0] and network.referent("x@ring.example") is None
    assert [one.number for one in network.emergencies] == ["15", "112", "114", "3114"]

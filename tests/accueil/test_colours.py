from __future__ import annotations

import re

import pytest

from blueprints.accueil import PAPER_DARK, PAPER_LIGHT, theme_css
from models.colours import contrast, readable

from .conftest import ROOT

_SHEET = (ROOT / "static" / "style.css").read_text("utf-8")
TEXT = [("ink", "paper", 7), ("ink", "surface", 7), ("ink", "stone", 7), ("ink", "tint", 7), ("ink", "note", 7),
        ("ink", "error-ground", 7), ("muted", "paper", 4.5), ("muted", "surface", 4.5), ("muted", "stone", 4.5),
        ("muted", "tint", 4.5), ("muted", "note", 4.5), ("primary", "paper", 4.5), ("primary", "surface", 4.5),
        ("primary", "stone", 4.5), ("primary", "tint", 4.5), ("on-primary", "primary", 4.5),
        ("on-primary", "primary-strong", 4.5), ("accent", "paper", 4.5), ("accent", "surface", 4.5),
        ("green", "surface", 4.5), ("ochre", "surface", 4.5), ("ochre", "note", 4.5), ("error", "paper", 4.5),
        ("error", "surface", 4.5), ("error", "error-ground", 4.5)]
SHAPES = [("control", "surface", 3), ("control", "paper", 3), ("symbol", "light", 3), ("focus", "focus-edge", 3)]


def tokens(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", _SHEET, re.DOTALL)[:2]
    found = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", dark))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "ratio"), TEXT + SHAPES)
def test_colours_of_the_stylesheet_can_be_read(scheme: str, front: str, ground: str, ratio: float) -> None:
    colours = tokens(scheme)
    assert contrast(colours[front], colours[ground]) >= ratio


def test_grounds_of_the_code_are_those_of_the_stylesheet() -> None:
    assert (tokens("light")["paper"], tokens("dark")["paper"]) == (PAPER_LIGHT, PAPER_DARK)


def test_contrast_of_known_colours() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colour", ["#FFFF00", "#FFFFFF", "#000000", "#12595B", "#FF00FF", "#808080"])
@pytest.mark.parametrize("ground", [PAPER_LIGHT, PAPER_DARK])
def test_any_colour_of_an_instance_becomes_readable(colour: str, ground: str) -> None:
    assert contrast(readable(colour, ground, 7), ground) >= 7


@pytest.mark.parametrize("colour", ["#FFFF00", "#FF00FF", "#808080", "#1B3A8C"])
def test_buttons_of_an_instance_can_be_read(colour: str) -> None:
    for block in re.findall(r"\{(--[^}]*)\}", theme_css(colour, colour)):
        own = dict(part.split(":") for part in block.split(";"))
        assert contrast(own["--on-primary"], own["--primary"]) >= 4.5
        assert contrast(own["--on-primary"], own["--primary-strong"]) >= 4.5
        assert contrast(own["--primary"], own["--tint"]) >= 4.5


@pytest.mark.parametrize("colour", ["red", "#12595B;}body{display:none", "#FFF", "url(//x)"])
def test_only_a_colour_enters_the_stylesheet(colour: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        theme_css(colour, "#A8431F")


def test_own_colours_are_asked_for_only_when_there_are_some(make_site) -> None:
    plain, coloured = make_site().test_client(), make_site(primary="#1B3A8C").test_client()
    assert "/theme.css" not in plain.get("/").text and plain.get("/theme.css").text == ""
    assert "/theme.css" in coloured.get("/").text
    answer = coloured.get("/theme.css")
    assert answer.mimetype == "text/css" and "--primary:#1B3A8C" in answer.text

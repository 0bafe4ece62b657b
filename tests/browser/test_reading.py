"""What looks at every page (reading.look) sees a fault where there is one, at whatever width it shows."""

from __future__ import annotations

import pytest
from browser.reading import look, violations

_PLANT = """([rules, markup]) => {
    const sheet = new CSSStyleSheet(), planted = document.createElement('div');
    sheet.replaceSync(rules);
    document.adoptedStyleSheets.push(sheet);
    planted.innerHTML = markup;
    document.querySelector('main').append(planted);
}"""
_PALE, _PHONE, _DESK = "{color: #aaa; background: #fff}", "@media (max-width: 599px)", "@media (min-width: 600px)"
#: What is planted -> rules of style, markup, and what is said of it.
FAULTS = {
    "pale words": (f".it {_PALE}", "<p class=it>Pâle</p>", "à 1280 px : color-contrast"),
    "pale words that a phone alone shows": (f".it {_PALE} {_DESK} {{.it {{display: none}}}}", "<p class=it>Pâle</p>",
                                            "à 360 px : color-contrast"),
    "words that are pale on a phone alone": (f"{_PHONE} {{.it {_PALE}}}", "<p class=it>Pâle</p>", "à 360 px : color-contrast"),
    "words on a ground that is dark on a phone alone": (
        f".it {{color: #111}} {_PHONE} {{.ground {{background: #222}}}}",
        "<div class=ground><p class=it>Sombre</p></div>", "à 360 px : color-contrast"),
    "a link that nothing shows on a phone": (
        f".it {{color: #000; background: #fff}} {_PHONE} {{.it a {{all: unset; color: #111}}}}",
        "<p class=it>Des mots avec <a href='/'>un lien</a> dedans.</p>", "à 360 px : link-in-text-block"),
    "a field without a name": ("", "<input name=it>", "à 1280 px : label"),
    "a button without a name on a phone": (f"{_DESK} {{.it {{display: none}}}}", "<button class='button it'></button>",
                                           "à 360 px : button-name"),
    "a button too small for a thumb": (f"{_PHONE} {{.it {{min-height: 0; height: 30px; padding: 0}}}}",
                                       "<button class='button it'>Petit</button>", "à 360 px : cibles trop petites"),
    "what is wider than the smallest phone": (".it {width: 330px}", "<p class=it>Large</p>", "à 320 px : la page déborde"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_seen_where_it_shows(tab, site, name: str):
    rules, markup, said = FAULTS[name]
    tab.goto("/plan-du-site")
    tab.evaluate(_PLANT, [rules, markup])
    with pytest.raises(AssertionError, match=said):
        look(tab)


def test_words_that_are_pale_by_night_alone_are_seen(tab, site):
    tab.goto("/plan-du-site")
    tab.evaluate(_PLANT, ["@media (prefers-color-scheme: dark) {.it {color: #444}}", "<p class=it>Sombre</p>"])
    assert violations(tab) == []
    tab.emulate_media(color_scheme="dark")
    assert [fault.partition(":")[0] for fault in violations(tab)] == ["color-contrast"]

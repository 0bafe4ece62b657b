"""Letters as a mail program shows them: by day and by night, on a phone and on a desk."""

from __future__ import annotations

import pytest
from browser.reading import violations
from house.letters.samples import SAMPLES

_WIDE = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def paper(window):
    """An empty page, where one letter after another is written: axe, half a megabyte, is read once."""
    opened = window.new_page()
    yield opened
    opened.close()


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_letter_has_no_fault_by_day_and_by_night(paper, still, name: str):
    with still.app_context():
        html = SAMPLES[name]().html
    paper.set_content(html)
    for scheme, width in (("light", 320), ("dark", 700)):
        paper.set_viewport_size({"width": width, "height": 800})
        paper.emulate_media(color_scheme=scheme)
        assert paper.evaluate(_WIDE) <= 0, f"déborde à {width} px"
        # A letter is not a page of the site: no landmark is asked of it.
        assert violations(paper, without=["region", "landmark-one-main"]) == [], f"{scheme}, {width} px"

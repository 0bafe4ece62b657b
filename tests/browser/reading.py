"""How a page is looked at: axe, its width, what has the focus; and how it is filled."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page

#: A file somebody joins.
PLAN = {"name": "plan de l’atelier.pdf", "mimeType": "application/pdf",
        "buffer": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"}
#: A desk; a phone; a small phone, or 1280 px at 400 % (RGAA 10.11).
WIDTHS = (1280, 360, 320)
DESK = {"width": 1280, "height": 800}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Rules that weigh one colour against another.
COLOURS = ["color-contrast", "link-in-text-block"]
_AXE = """([where, rules, without]) => axe.run(where, {runOnly: rules, resultTypes: ['violations'], iframes: false,
    rules: Object.fromEntries(without.map(rule => [rule, {enabled: false}]))}).then(found =>
    found.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ('
        + n.failureSummary.replace(/\\s+/g, ' ').slice(0, 200) + ')').join(' | ')))"""
#: A page has ten colours, that axe reads a thousand times: a third of what it takes to weigh them. What cannot be read throws.
_COLOURS_READ_ONCE = """Color => {
    const read = Color.prototype.parseString, known = new Map();
    Color.prototype.parseString = function (words) {
        if (known.has(words)) return Object.assign(this, known.get(words));
        read.call(this, words);
        known.set(words, {r: this.r, g: this.g, b: this.b, alpha: this.alpha});
        return this;
    };
}"""
_TOO_WIDE = """width => document.documentElement.scrollWidth <= width ? [] :
    [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
        .slice(0, 4).map(e => e.tagName + '.' + e.className)"""
#: Targets of at least 44 px, but for links inside a sentence or a list of sentences (WCAG 2.5.5 and its exception).
_SMALL = """() => [...document.querySelectorAll('button, .button, summary, nav a, .actions a, .files a, input, textarea')]
    .filter(e => { const r = e.getBoundingClientRect();
        if (e.type === 'hidden' || !r.width || e.closest('.decoy')) return false;
        const label = ['radio', 'checkbox'].includes(e.type) && e.labels[0];
        return Math.max(r.height, label ? label.getBoundingClientRect().height : 0) < 43.5; })
    .map(e => e.outerHTML.slice(0, 90))"""
#: What came into view, or has other colours or another stroke, since this was last asked of the page.
_FRESH = """() => [...document.querySelectorAll(':not(head, head *, svg *)')].filter(e => {
    if (!e.checkVisibility({visibilityProperty: true})) return false;
    const s = getComputedStyle(e), before = self.weighed.get(e), now = s.color + s.backgroundColor + s.backgroundImage + s.opacity
        + s.textDecorationLine + s.borderBottomStyle + s.fontStyle + s.fontWeight;
    self.weighed.set(e, now);
    return now !== before;
})"""
#: All of it in one go: each question to a page costs a round of four processes. Weighing colours is by far the slowest: at the
#: first width all are, at the others those of what is seen there for the first time, or otherwise.
_LOOK = f"""async ([width, rules, colours, first]) => {{
    bringAxe();
    const [tooWide, small, judge] = [({_TOO_WIDE})(width), ({_SMALL})(), {_AXE}];
    if (first) self.weighed = new Map();
    const fresh = ({_FRESH})();
    const found = await judge([document, rules, first ? [] : colours]);
    if (!first && fresh.length) found.push(...await judge([{{include: fresh}}, colours, []]));
    return [tooWide, small, found];
}}"""


@cache
def axe_source() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def bring_axe(window: BrowserContext) -> None:
    """Have axe at hand in each page that the window will open, read once by the process that draws them: to send half a megabyte
    to each page and to read it there took as long as to open the page. Not a script tag: our policy would refuse it."""
    window.add_init_script(f"""self.bringAxe = () => {{
        if (self.axe) return;
        {axe_source()}
        ({_COLOURS_READ_ONCE})(axe.commons.color.Color);
    }}""")


def violations(tab: Page, without: Sequence[str] = ()) -> list[str]:
    """What axe finds in the page as it stands; ``without``: the rules that are not asked."""
    return tab.evaluate(f"axes => {{ bringAxe(); return ({_AXE})([document, ...axes]); }}", [RULES, list(without)])


def look(tab: Page, widths: tuple[int, ...] = WIDTHS) -> None:
    """Assert that the page is right at each width: axe, no sideways scroll, targets a thumb can reach."""
    for width in widths:
        tab.set_viewport_size({"width": width, "height": 800})
        too_wide, small, found = tab.evaluate(_LOOK, [width, RULES, COLOURS, width == widths[0]])
        where = f"{tab.url} à {width} px"
        assert too_wide == [], f"{where} : la page déborde"
        assert small == [], f"{where} : cibles trop petites {small}"
        assert found == [], f"{where} : " + "\n".join(found)


def fill(tab: Page, answers: dict[str, Any]) -> None:
    """Answer the questions of the page by the names of their fields."""
    for name, value in answers.items():
        control = tab.locator(f'main [name="{name}"]').first
        if control.get_attribute("type") in ("radio", "checkbox"):
            for item in value if isinstance(value, list) else [value]:
                tab.locator(f'main [name="{name}"][value="{item}"]').check()
        else:
            control.fill(value)


def press(tab: Page, words: str = "") -> None:
    """Press a button of the page by its words, the main one without words, and wait for the page that follows."""
    button = tab.get_by_role("button", name=words, exact=False).first if words else tab.locator("main .buttons button").first
    with tab.expect_navigation(wait_until="load"):
        button.click()


def follow(tab: Page, link: Locator) -> None:
    """Follow a link of the page, and wait for the page it leads to."""
    with tab.expect_navigation(wait_until="load"):
        link.click()


def in_error(tab: Page) -> bool:
    return tab.locator("#resume-erreurs").count() == 1


def focused(tab: Page) -> str:
    """Id of what has the focus, else its first words."""
    return tab.evaluate("document.activeElement.id || document.activeElement.textContent.trim().slice(0, 60)")

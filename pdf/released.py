"""The dated templates in use, and the digests of those released: what was signed can be printed again as it was.

A released template never changes. To correct a text, copy it under a new date, add it here, and let new documents name
it; tests/pdf/test_released.py compares the files with these digests.
"""

from __future__ import annotations

from pdf import own_texts

RELEASED: dict[str, dict[str, str]] = {
    "attestation/2026-11": {
        "base/2026-11.css": "9bbf5052849f1221710b4b24d038ddb2a3042160e7d18ba3fcb15c7e532b2509",
        "base/mark.svg": "22cf641ee3031a3c073ae5946ed0c7573370f2acace5249ddaa4a6c474a09b5b",
        "attestation/2026-11.css": "7889117d96f107b5695eab04bb38cbda8c67302bd0df38195df90118f7f6fb4b",
        "attestation/2026-11.html": "ef8fc96c01ce54a11998a7de85253d85e853638fed9e27e6d695a475e4084f62",
    },
    "avenant/2027-01": {
        "base/2026-11.css": "9bbf5052849f1221710b4b24d038ddb2a3042160e7d18ba3fcb15c7e532b2509",
        "base/mark.svg": "22cf641ee3031a3c073ae5946ed0c7573370f2acace5249ddaa4a6c474a09b5b",
        "avenant/2027-01.css": "254fc5443b599adf7bd35983b7dc0e39df3c2afc95e1b2ce1dda78b05886064b",
        "avenant/2027-01.html": "e57d431cc40acb45a66782d61157721cd2cc9ca43d76bd338e3ba5384e266d77",
    },
    "avenant/2027-02": {
        "base/2026-11.css": "9bbf5052849f1221710b4b24d038ddb2a3042160e7d18ba3fcb15c7e532b2509",
        "base/mark.svg": "22cf641ee3031a3c073ae5946ed0c7573370f2acace5249ddaa4a6c474a09b5b",
        "avenant/2027-02.css": "088a813c7e0d5b2ddffc47f9464de23ed256e75ad46e2559878e7198265077c0",
        "avenant/2027-02.html": "02066b175bb04518c952d69419bffa7225f3236094bcc687b47d5d906228c366",
    },
    "certificate/2026-11": {
        "certificate/2026-11.css": "ef910883ca7f07ec3191289439d65351b17c92e2f3b925bee7ffccc0b78b0076",
        "certificate/2026-11.html": "27d71379c668eca1629f99695a6c68bf6a782071e7313d8ca93e831cfd4eb583",
    },
    "charter/2026-11": {
        "base/2026-11.css": "9bbf5052849f1221710b4b24d038ddb2a3042160e7d18ba3fcb15c7e532b2509",
        "base/mark.svg": "22cf641ee3031a3c073ae5946ed0c7573370f2acace5249ddaa4a6c474a09b5b",
        "charter/2026-11.css": "d828636aa748fceec74c2e2e3ec2f6eb4e8fec8f2c0b58055d2e7047ebd0f6ae",
        "charter/2026-11.html": "8567cf4524fc4d2c3d9c8b71d23fc3f6b99dbcb74ac5e07a5a7938cbf4b411c5",
    },
    "convention/2026-11": {
        "base/2026-11.css": "9bbf5052849f1221710b4b24d038ddb2a3042160e7d18ba3fcb15c7e532b2509",
        "base/mark.svg": "22cf641ee3031a3c073ae5946ed0c7573370f2acace5249ddaa4a6c474a09b5b",
        "convention/2026-11.css": "99212715b62027348e164bef47c83ae2f12a37061d37b7c83982205367e989f1",
        "convention/2026-11.html": "dc41f8255d845ca6de5cc989041ff677f3b9fa583558ee63c42e4aaf63221dd2",
    },
    "convention/2026-12": {
        "base/2026-11.css": "9bbf5052849f1221710b4b24d038ddb2a3042160e7d18ba3fcb15c7e532b2509",
        "base/mark.svg": "22cf641ee3031a3c073ae5946ed0c7573370f2acace5249ddaa4a6c474a09b5b",
        "convention/2026-12.css": "c0a2df75908582f6662522b215fff76fad62864102c79a4b419c951a4ce051a4",
        "convention/2026-12.html": "c479ec33a1b875c0e6eb149b48b2a62bc1873f5e86c9e13a6e308f9d0b88fbb9",
    },
    "convention/2027-01": {
        "base/2026-11.css": "9bbf5052849f1221710b4b24d038ddb2a3042160e7d18ba3fcb15c7e532b2509",
        "base/mark.svg": "22cf641ee3031a3c073ae5946ed0c7573370f2acace5249ddaa4a6c474a09b5b",
        "convention/2027-01.css": "d7f94f76f0c0154b74bfd615e1702dddbab3cab638dfe0f565fc93b9770a1789",
        "convention/2027-01.html": "89d00d8bdc735d7c5847965918d733a0cfbe0681603940b9b0ca0555ded59f79",
    },
    "convention/2027-02": {
        "base/2026-11.css": "9bbf5052849f1221710b4b24d038ddb2a3042160e7d18ba3fcb15c7e532b2509",
        "base/mark.svg": "22cf641ee3031a3c073ae5946ed0c7573370f2acace5249ddaa4a6c474a09b5b",
        "convention/2027-02.css": "f20a6e7ae9fa13eb5561e95a855f8ab0f7139f8c4437c6abde1a43127e4c65e9",
        "convention/2027-02.html": "7d218e77b0718a26cbd36c55dd442dc87ebfc70039771ea093a3ff4e1d135723",
    },
    "photos/2026-11": {
        "photos/2026-11.css": "77bd4a9a873cd473b9773563c9c1dee618a9eb9d033870026952cb58eb9f6580",
        "photos/2026-11.html": "626a51bdc5d4b6ddfcd64120166fb9e85c72899cf1cb3e08e1a168b0e261fca5",
    },
    "recovery/2026-12": {
        "base/2026-11.css": "9bbf5052849f1221710b4b24d038ddb2a3042160e7d18ba3fcb15c7e532b2509",
        "base/mark.svg": "22cf641ee3031a3c073ae5946ed0c7573370f2acace5249ddaa4a6c474a09b5b",
        "recovery/2026-12.css": "06c3aeec89cd05df13247e90e7fa3767b395d86691e8b61ed24dc312a7aa95a0",
        "recovery/2026-12.html": "77fe81f56ad1026c9ad000311a42f28a81a768c6ba38b3c506c5a279062f0920",
    },
    "protocole/2027-01": {
        "base/2026-11.css": "9bbf5052849f1221710b4b24d038ddb2a3042160e7d18ba3fcb15c7e532b2509",
        "base/mark.svg": "22cf641ee3031a3c073ae5946ed0c7573370f2acace5249ddaa4a6c474a09b5b",
        "protocole/2027-01.css": "891950c77c541a93de553499d5e546ec5f634275bcb72d11ab69a6a5b36bcaf1",
        "protocole/2027-01.html": "69d6d9eaa569bd69bd4ee16f0bdff53e09a397ba8137fbc402ebbd62f048dfd3",
    },
    "report/2027-01": {
        "base/2026-11.css": "9bbf5052849f1221710b4b24d038ddb2a3042160e7d18ba3fcb15c7e532b2509",
        "base/mark.svg": "22cf641ee3031a3c073ae5946ed0c7573370f2acace5249ddaa4a6c474a09b5b",
        "report/2027-01.css": "f6f06af0480372b02f43b571b0aaed1cc3e42af65c878bbf4eaacf072fee4a3a",
        "report/2027-01.html": "45b8c15452803b2b88e53ab35e4f0449d35b3fe2e095c205433753c43cf67ff7",
    },
    "sheet/2027-01": {
        "base/2026-11.css": "9bbf5052849f1221710b4b24d038ddb2a3042160e7d18ba3fcb15c7e532b2509",
        "base/mark.svg": "22cf641ee3031a3c073ae5946ed0c7573370f2acace5249ddaa4a6c474a09b5b",
        "sheet/2027-01.css": "2024de2aca44f36eaca94d613d88aad7ab4644b04672027a6caed337048e37d8",
        "sheet/2027-01.html": "af542b1250ed48e9c68c6bba89fdcbc2d63b64fd24606e6590c79750ea3f9982",
    },
}


#: Kind of document -> the text that new ones get, where the instance has none of its own.
OURS = {kind: max(name for name in RELEASED if name.startswith(f"{kind}/")) for kind in own_texts.KINDS}
LATEST = OURS[own_texts.KIND]


def current_template(kind: str = own_texts.KIND) -> str:
    """The text a new convention (or another document of ``own_texts.KINDS``) is printed with: the instance's own latest, else
    ours."""
    own = [name for name in own_texts.names(kind) if name not in RELEASED]
    return own[-1] if own else OURS[kind]


class UnknownTemplate(ValueError):
    """No released template has this name."""


def template_file(name: str) -> str:
    """Return the path of the template's text under templates/documents/, or the name of an instance's own text.

    Raises UnknownTemplate, pdf.own_texts.UnfitText.
    """
    return name if _own(name) else _only(name, ".html")[0]


def stylesheets_of(name: str) -> tuple[str, ...]:
    """Return the paths of the template's style sheets, in the order of the cascade; an own text has our latest ones.

    Raises UnknownTemplate.
    """
    return _only(OURS[name.partition("/")[0]] if _own(name) else name, ".css")


def _own(name: str) -> bool:
    return name not in RELEASED and own_texts.text_of(name) is not None


def _only(name: str, suffix: str) -> tuple[str, ...]:
    try:
        return tuple(path for path in RELEASED[name] if path.endswith(suffix))
    except KeyError:
        raise UnknownTemplate(name) from None

"""docs/published_figures.md: `published.py write` makes it, `published.py check` compares it.

The places stand in docs/published_figures.toml, one entry per figure of the published baseline.
"""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent.parent / "docs"
SOURCE = DOCS / "published_figures.toml"
DOCUMENT = DOCS / "published_figures.md"
INTRO = """<!-- Made by tools/published.py from docs/published_figures.toml. -->

# Where the published figures are shown

Every figure of the published baseline report, and the page that shows it from data of that shape:
the name of the address in `indicators/urls.py`, the indicators, questions or files to open, and
after the dot the blocks of the page.

The product shows a figure on its own base. Where the report used another one, it is named too;
`tests/golden/test_published.py` makes all printed numbers again on the bases of the report
(`tests/golden/published_recipes.csv`).
"""
HEAD = ("Figure", "Section", "Shown on", "Base here", "Base of the report", "Remark")


@dataclass(frozen=True, slots=True)
class Place:
    """Blocks of a page. `of`: indicators, questions, schools or files to open."""

    page: str
    of: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = [f"`{self.page}`", ", ".join(self.of)]
        text = " ".join(word for word in words if word)
        return text + (f" · {', '.join(self.blocks)}" if self.blocks else "")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the report. `report`: its base there, empty where it is the same."""

    code: str
    section: str
    title: str
    places: tuple[Place, ...]
    base: str
    report: str = ""
    note: str = ""


def figures() -> tuple[Figure, ...]:
    entries = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return tuple(_figure(code, entry) for code, entry in entries.items())


def _figure(code: str, entry: dict[str, Any]) -> Figure:
    places = tuple(
        Place(
            place["page"],
            tuple(place.get("of", ())),
            tuple(place.get("blocks", ())),
        )
        for place in entry.pop("places")
    )
    return Figure(code, places=places, **entry)


def document() -> str:
    found = figures()
    rows = [HEAD, ("---",) * len(HEAD), *(_row(figure) for figure in found)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([INTRO, table]).rstrip() + "\n"


def _row(figure: Figure) -> tuple[str, ...]:
    return (
        f"`{figure.code}` {figure.title}",
        figure.section,
        "; ".join(map(str, figure.places)),
        figure.base,
        figure.report,
        figure.note,
    )


def lasting() -> Iterator[tuple[Figure, Place]]:
    """Every place with its figure."""
    for figure in figures():
        for place in figure.places:
            yield figure, place


def write() -> int:
    DOCUMENT.write_text(document(), encoding="utf-8")
    return 0


def check() -> int:
    is_same = DOCUMENT.read_text(encoding="utf-8") == document()
    print(
        "docs/published_figures.md is whole."
        if is_same
        else "Run `python tools/published.py write`."
    )
    return int(not is_same)


if __name__ == "__main__":
    sys.exit({"write": write, "check": check}[sys.argv[1]]())

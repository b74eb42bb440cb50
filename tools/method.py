"""docs/method.md: `method.py write` makes it, `method.py check` compares it.

The entries are those of the site's method page (`indicators/presenters/method`), in English. What
is only for readers of the code stands in docs/method/<section>.md and is put in as it is.
"""

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from django.conf import settings

if not settings.configured:
    settings.configure(USE_I18N=False)  # the texts as they are written: in English

from indicators.presenters.method.reasons import REASONS
from indicators.presenters.method.references import REFERENCES
from indicators.presenters.method.register import METHODS, NEVER, SECTIONS
from indicators.presenters.method.shapes import Mark, Method
from indicators.presenters.method.symbols import SYMBOLS
from indicators.vocabulary import Reason

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "method.md"
PARTS = ROOT / "docs" / "method"
WIDTH = 120
MADE_BY = "<!-- Made by tools/method.py from indicators/presenters/method and docs/method/. -->"
BESIDE = (("18", "How it is checked"), ("19", "Limits of interpretation"))
FORMULA_INDENT = "    "


def document() -> str:
    """The whole text of docs/method.md."""
    blocks = [
        MADE_BY,
        "# Method",
        part("intro"),
        "## 0. What is never done, and the methods in one table",
        "\n".join(wrapped(f"{n}. {text}", "   ") for n, text in enumerate(NEVER, 1)),
        table(),
    ]
    for section in SECTIONS:
        blocks += [f"## {section.number}. {section.title}", part(section.number)]
        for method in METHODS:
            if method.section == section.number:
                blocks += entry(method)
        if section.number == "15":
            blocks.append(reasons())
    for number, title in BESIDE:
        blocks += [f"## {number}. {title}", part(number)]
    blocks += ["## 20. References", references()]
    return "\n\n".join(block for block in blocks if block) + "\n"


def part(name: str) -> str:
    """The hand-written remarks of a section; empty where there are none."""
    path = PARTS / f"{name}.md"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def wrapped(text: object, indent: str = "") -> str:
    lines = textwrap.wrap(
        str(text), WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)


def table() -> str:
    rows = ["| Question | Method | Code | R | Mark |", "| --- | --- | --- | --- | --- |"]
    for method in METHODS:
        cells = (method.question, method.title, places(method.code[:1]), ticked(method.r[:1]))
        rows.append("| " + " | ".join(map(in_cell, (*cells, method.mark.value))) + " |")
    return "\n".join(rows)


def in_cell(text: object) -> str:
    return str(text).replace("|", "\\|")


def places(code: tuple[str, ...]) -> str:
    """Dotted names as a reader of the repository looks them up: `stats/cr2.py` `contrast_cr2`."""
    found = []
    for dotted in code:
        module, _, name = dotted.removeprefix("indicators.").rpartition(".")
        found.append(f"`{module.replace('.', '/')}.py` `{name}`")
    return ", ".join(found)


def ticked(calls: tuple[str, ...]) -> str:
    return ", ".join(f"`{call}`" for call in calls)


def entry(method: Method) -> Iterator[str]:
    yield f"### {method.title}"
    yield wrapped(f"*{method.question}* ({method.mark.value})")
    yield wrapped(method.how)
    if method.formulas:
        yield "\n".join(FORMULA_INDENT + line for line in method.formulas)
    if method.symbols:
        known = (SYMBOLS[key] for key in method.symbols)
        yield wrapped("; ".join(f"`{s.notation}` {s.meaning}" for s in known) + ".")
    yield "\n".join(wrapped(f"- {line}", "  ") for line in facts(method))


def facts(method: Method) -> Iterator[str]:
    yield f"When used: {method.when}"
    if method.refuses:
        yield "Refused: " + ", ".join(f"`{reason.value}`" for reason in method.refuses)
    if method.care:
        yield f"Care: {method.care}"
    if method.r:
        yield f"R: {ticked(method.r)}"
    yield f"Code: {places(method.code)}"
    if method.sources:
        yield "Source: " + "; ".join(method.sources)
    if method.oracles:
        yield "Reference answers: " + ", ".join(method.oracles)


def reasons() -> str:
    """Every reason in the order of checking."""
    used = {reason for m in METHODS if m.mark != Mark.TESTS for reason in m.refuses}
    rows = [
        "| Reason, in order of checking | When | Why | Still shown | What one can do | Reached |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for reason in Reason:
        told = REASONS[reason]
        texts = (told.when, told.why, told.shown, told.do, "yes" if reason in used else "no")
        rows.append(f"| `{reason.value}` | " + " | ".join(map(in_cell, texts)) + " |")
    return "\n".join(rows)


def references() -> str:
    return wrapped(" ".join(f"{key} {place}." for key, place in sorted(REFERENCES.items())))


def write() -> int:
    DOCUMENT.write_text(document(), encoding="utf-8")
    return 0


def check() -> int:
    is_same = DOCUMENT.read_text(encoding="utf-8") == document()
    print("docs/method.md is whole." if is_same else "Run `python tools/method.py write`.")
    return int(not is_same)


if __name__ == "__main__":
    sys.exit({"write": write, "check": check}[sys.argv[1]]())

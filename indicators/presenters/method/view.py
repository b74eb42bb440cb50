"""The method page, ready to print: formulas as MathML, texts in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from indicators.presenters.legend import project_rules
from indicators.presenters.method.notation import inline_mathml, mathml
from indicators.presenters.method.reasons import ReasonView, reason_view, reason_views
from indicators.presenters.method.references import REFERENCES
from indicators.presenters.method.register import MARK_WORDS, METHODS, NEVER, SECTIONS
from indicators.presenters.method.shapes import Mark, Method
from indicators.presenters.method.symbols import SYMBOLS
from indicators.vocabulary import Reason


@dataclass(frozen=True, slots=True)
class SymbolView:
    letter: SafeString
    meaning: str


@dataclass(frozen=True, slots=True)
class EntryView:
    anchor: str
    title: str
    question: str
    mark: str
    mark_word: str
    how: str
    when: str
    care: str
    formulas: tuple[SafeString, ...]
    symbols: tuple[SymbolView, ...]
    refuses: tuple[ReasonView, ...]
    sources: str
    r: tuple[str, ...]
    checked: str


@dataclass(frozen=True, slots=True)
class SectionView:
    number: str
    anchor: str
    title: str
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class MethodView:
    """`used`: entries that figures of the pages rest on; `unused`: the others."""

    never: tuple[str, ...]
    used: tuple[EntryView, ...]
    unused: tuple[EntryView, ...]
    rules: tuple[str, ...]
    sections: tuple[SectionView, ...]
    reasons: tuple[ReasonView, ...]
    references: tuple[str, ...]


def method_view(project: Any) -> MethodView:
    """`project`: its rules (any object with the fields of Project)."""
    entries = {method.stem: _entry(method) for method in METHODS}
    return MethodView(
        never=tuple(map(str, NEVER)),
        used=tuple(e for e in entries.values() if e.mark != Mark.TESTS),
        unused=tuple(e for e in entries.values() if e.mark == Mark.TESTS),
        rules=project_rules(project),
        sections=tuple(
            SectionView(
                number=section.number,
                anchor="section-" + section.number.replace(".", "-"),
                title=str(section.title),
                entries=tuple(entries[m.stem] for m in METHODS if m.section == section.number),
            )
            for section in SECTIONS
        ),
        reasons=tuple(reason_view(reason) for reason in Reason),
        references=tuple(f"{key}. {place}." for key, place in sorted(REFERENCES.items())),
    )


def _entry(method: Method) -> EntryView:
    return EntryView(
        anchor=method.stem,
        title=str(method.title),
        question=str(method.question),
        mark=method.mark.value,
        mark_word=str(MARK_WORDS[method.mark]),
        how=str(method.how),
        when=str(method.when),
        care=str(method.care),
        formulas=tuple(map(mathml, method.formulas)),
        symbols=tuple(
            SymbolView(inline_mathml(SYMBOLS[key].notation), str(SYMBOLS[key].meaning))
            for key in method.symbols
        ),
        refuses=reason_views(method.refuses),
        sources="; ".join(method.sources),
        r=method.r,
        checked=_checked(method),
    )


def _checked(method: Method) -> str:
    """The groups of reference answers that check it; empty where tests by hand do."""
    if not method.oracles:
        return ""
    return gettext("reference answers %(names)s") % {"names": ", ".join(method.oracles)}

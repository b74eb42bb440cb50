"""The entries of the method: nothing they name is missing, nothing that exists is left out."""

import json
import re
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.utils import translation

from indicators.models import Project
from indicators.presenters.method.notation import inline_mathml, mathml
from indicators.presenters.method.reasons import REASONS, anchor, reason_view, reason_views
from indicators.presenters.method.references import REFERENCES
from indicators.presenters.method.register import MARK_WORDS, METHODS, NEVER, SECTIONS
from indicators.presenters.method.shapes import Mark, Method
from indicators.presenters.method.symbols import SYMBOLS
from indicators.presenters.method.view import method_view
from indicators.vocabulary import Reason
from tools import method as document

EXPECTED = Path(__file__).parents[1] / "oracles" / "data" / "open" / "expected.json"
TEXTS = ("title", "question", "how", "when", "care")
BY_STEM = pytest.mark.parametrize("entry", METHODS, ids=lambda entry: entry.stem)


@BY_STEM
def test_the_code_an_entry_names_exists(entry: Method):
    assert entry.code
    for dotted in entry.code:
        module, _, name = dotted.rpartition(".")
        found = getattr(import_module(module), name)
        assert callable(found)
        assert found.__doc__ or not name.startswith("_")


@BY_STEM
def test_formulas_and_symbols_are_sound_mathml(entry: Method):
    drawn = [mathml(line) for line in entry.formulas]
    drawn += [inline_mathml(SYMBOLS[key].notation) for key in entry.symbols]
    for formula in drawn:
        root = ElementTree.fromstring(str(formula))  # noqa: S314  # our own text
        assert root.tag == "math"
        assert root.get("alttext")
        counts = {"mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3}
        for part in root.iter():
            assert len(part) == counts.get(part.tag, len(part)), part.tag


def test_every_reference_answer_checks_an_entry_and_no_other_is_named():
    groups = {entry["id"].split(".")[0] for entry in json.loads(EXPECTED.read_text())["entries"]}
    assert {oracle for entry in METHODS for oracle in entry.oracles} == groups


def test_lists_hold_what_the_entries_use_and_nothing_else():
    assert {source for entry in METHODS for source in entry.sources} == set(REFERENCES)
    assert {key for entry in METHODS for key in entry.symbols} == set(SYMBOLS)
    assert {entry.section for entry in METHODS} == {section.number for section in SECTIONS}
    assert set(MARK_WORDS) == set(Mark)


def test_entries_stand_in_the_order_of_their_sections():
    order = [section.number for section in SECTIONS]
    assert len({entry.stem for entry in METHODS}) == len(METHODS)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", entry.stem) for entry in METHODS)
    for number in order:
        assert [entry for entry in METHODS if entry.section == number]


def test_every_reason_is_explained_and_met_somewhere():
    assert set(REASONS) == set(Reason)
    refused = {reason for entry in METHODS for reason in entry.refuses}
    assert set(Reason) - refused == {Reason.NOT_ASKED}  # the catalogue's, met by no calculation


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_explained_in_every_language(reason, language):
    with translation.override(language):
        view = reason_view(reason)
    told = (view.title, view.sentence, view.when, view.why, view.shown, view.do)
    assert all(told)
    assert all(text.endswith((".", "?")) for text in told[1:])
    if language != "en":
        assert all(re.search("[а-яё]", text) for text in told)


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_every_text_of_the_method_is_translated(language):
    with translation.override(None):
        english = {str(getattr(entry, name)) for entry in METHODS for name in TEXTS} - {""}
        english |= {str(symbol.meaning) for symbol in SYMBOLS.values()}
        english |= {str(section.title) for section in SECTIONS} | set(map(str, NEVER))
    with translation.override(language):
        assert not [text for text in english if translation.gettext(text) == text]


def test_reasons_of_a_page_are_told_once_in_the_order_of_checking():
    met = ["ZERO_VARIANCE", "", None, "CENSUS", "ZERO_VARIANCE"]
    assert [view.code for view in reason_views(met)] == ["CENSUS", "ZERO_VARIANCE"]
    assert anchor("TOO_FEW_CLUSTERS") == "reason-too-few-clusters"


def test_the_page_parts_used_from_unused_methods_and_shows_the_settings():
    with translation.override("en"):
        page = method_view(Project(alpha=0.01, min_group_public=12))
    assert {entry.mark for entry in page.unused} == {"tests"}
    assert len(page.used) + len(page.unused) == len(METHODS)
    assert "1%" in " ".join(page.rules).replace("\u202f", "")
    assert "12 people" in " ".join(page.rules)
    assert [section.number for section in page.sections] == [s.number for s in SECTIONS]


def test_the_document_says_what_the_page_says():
    with translation.override("en"):
        text = document.document()
    assert document.DOCUMENT.read_text(encoding="utf-8") == text
    for entry in METHODS:
        assert f"### {entry.title}" in text
        assert all(line in text for line in entry.formulas)
    assert all(f"`{reason.value}`" in text for reason in Reason)
    parts = {path.stem for path in document.PARTS.glob("*.md")}
    known = {section.number for section in SECTIONS} | {number for number, _ in document.BESIDE}
    assert parts <= known | {"intro"}


def test_a_stale_document_is_found_out(tmp_path, monkeypatch):
    stale = tmp_path / "method.md"
    stale.write_text("old", encoding="utf-8")
    monkeypatch.setattr(document, "DOCUMENT", stale)
    with translation.override("en"):
        assert document.check() == 1
        document.write()
        assert document.check() == 0

"""What every page for writing texts with figures shows: preview, warnings, what can be cited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest

from indicators.access import Visit
from indicators.actions.ordering import Step
from indicators.forms.cited import CitingForm, RemovalForm
from indicators.models import AgendaQuestion, Paragraph
from indicators.models.base import LANGUAGES
from indicators.presenters import cited_help as show
from indicators.presenters.cited import cited_html
from indicators.queries.citations import all_figures
from indicators.queries.provenance import run_head
from indicators.queries.visible import visible_run
from indicators.vocabulary import Language
from indicators.words import word


def is_saved(request: HttpRequest) -> bool:
    """Whether the form was sent to be stored, not to be looked at first."""
    return request.method == "POST" and "preview" not in request.POST


def writing(visit: Visit, form: CitingForm) -> dict[str, Any]:
    """The context of the page around the form."""
    found = visible_run(visit)
    texts = form.texts()
    figures = all_figures(visit, found.run if found else None, texts)
    previews = [
        (language, word(Language(language)), cited_html(text, figures, visit.project.code))
        for language, text in zip(LANGUAGES, texts, strict=True)
        if text.strip()
    ]
    return {
        "visit": visit,
        "form": form,
        "run": run_head(found) if found else None,
        "previews": previews,
        "wrong": show.lost_texts(texts, figures),
        "typed": show.typed_warnings(texts, figures),
        "offers": show.offers(figures),
        "gap_offers": show.gap_offers(figures),
        "school_offers": show.school_offers(figures),
        "syntax": show.syntax_lines(),
    }


def removal(
    visit: Visit, form: RemovalForm, names: Iterable[str], row: AgendaQuestion | Paragraph
) -> dict[str, Any]:
    """The context of the page that asks before a text goes: its words and what they cite."""
    texts = [getattr(row, name) for name in names]
    kept = [
        (language, word(Language(language)), text)
        for language, text in zip(LANGUAGES, texts, strict=True)
        if text
    ]
    return {"visit": visit, "form": form, "kept": kept, "cited": show.cited_references(texts)}


def step_of(request: HttpRequest) -> Step:
    """Which way a row is to go."""
    asked = request.POST.get("step", "")
    if asked not in set(Step):
        raise Http404
    return Step(asked)


def warn_of_numbers(request: HttpRequest, visit: Visit, texts: Iterable[str]) -> None:
    """Say after saving which numbers were typed by hand instead of cited."""
    found = visible_run(visit)
    kept = list(texts)
    figures = all_figures(visit, found.run if found else None, kept)
    for warning in show.typed_warnings(kept, figures):
        messages.warning(request, warning)

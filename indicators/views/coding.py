"""Give themes to open answers, one after the other."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indicators.access import Visit, open_question
from indicators.actions.codings import StaleCoding, ThemeUnknown, code_answer
from indicators.forms.theme import CodingForm
from indicators.models import Item
from indicators.queries.coding_sheet import (
    ALL,
    CODED,
    UNCODED,
    CodingSheet,
    coding_sheet,
    wave_of_answers,
)
from indicators.roles import Permission
from indicators.views.signed_in import SignedInRequest, plain, posted

LOOKS = (UNCODED, ALL, CODED)


@require_http_methods(["GET", "HEAD", "POST"])
def coding_edit(
    request: SignedInRequest, project_code: str, instrument: str, item: str, wave_code: str
) -> HttpResponse:
    visit, question = open_question(
        request.user, project_code, instrument, item, Permission.CODING_EDIT
    )
    wave = wave_of_answers(visit.project, plain(wave_code))
    if wave is None:
        raise Http404
    look, key = (plain(request.GET.get(name, "")) for name in ("look", "answer"))
    look = look if look in LOOKS else UNCODED
    sheet = coding_sheet(item=question, wave=wave, coder=request.user, look=look, key=key)
    if request.method == "POST" and key and key != sheet.key:
        return _gone(request, look)
    choices = [(one.code, one.label) for one in sheet.themes]
    form = CodingForm(posted(request), themes=choices, initial=_initial(sheet))
    theirs: tuple[str, ...] | None = None
    if request.method == "POST" and sheet.answer is not None and form.is_valid():
        try:
            return _save(request, visit, question, sheet, form, look)
        except StaleCoding as stale:
            theirs = stale.themes
            _keep_typed(form, stale)
        except ThemeUnknown:
            form.add_error(None, _("A theme was taken out of use meanwhile. Tick again."))
    context = {
        "visit": visit,
        "question": question,
        "sheet": sheet,
        "form": form,
        "look": look,
        "ticked": _ticked(form, sheet),
        "labels": dict(choices),
        "theirs": theirs,
    }
    return render(request, "coding/edit.html", context, status=200 if theirs is None else 409)


def _gone(request: SignedInRequest, look: str) -> HttpResponse:
    """What was ticked belongs to words that no longer count, and to no other answer."""
    text = _("That answer no longer counts: its file was withdrawn or replaced. Nothing is stored.")
    messages.warning(request, text)
    return redirect(f"{request.path}?look={look}")


def _initial(sheet: CodingSheet) -> dict[str, object]:
    return {
        "themes": list(sheet.mine or ()),
        "none_fits": sheet.mine == (),
        "revision": sheet.revision,
    }


def _ticked(form: CodingForm, sheet: CodingSheet) -> list[tuple[object, bool]]:
    """Themes with what is ticked: as sent, else as stored."""
    chosen = set(form["themes"].value() or ())
    return [(theme, theme.code in chosen) for theme in sheet.themes]


def _keep_typed(form: CodingForm, stale: StaleCoding) -> None:
    data = form.data.copy()  # type: ignore[attr-defined]  # a bound form holds a QueryDict
    data["revision"] = str(stale.revision or "")
    form.data = data


def _save(
    request: SignedInRequest,
    visit: Visit,
    question: Item,
    sheet: CodingSheet,
    form: CodingForm,
    look: str,
) -> HttpResponse:
    """Store and go on to the next answer."""
    assert sheet.answer is not None  # noqa: S101
    code_answer(
        answer=sheet.answer,
        item=question,
        themes=form.cleaned_data["themes"],
        revision=form.cleaned_data["revision"],
        by=request.user,
    )
    place = [visit.project.code, question.instrument.code, question.name, sheet.wave.code]
    if not sheet.following:
        messages.success(request, _("The code is kept. That was the last answer of this list."))
        return redirect(f"{reverse('coding-edit', args=place)}?look={look}")
    address = reverse("coding-edit", args=place)
    return redirect(f"{address}?look={look}&answer={sheet.following}")

"""The workbooks that say what a project is: dropped, looked at, accepted."""

from __future__ import annotations

from io import BytesIO

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.access import Visit, open_definition_file, open_project
from indicators.actions.definitions import (
    DefinitionsChanged,
    ReasonMissing,
    accept_definitions,
    check_definitions,
    receive_definitions,
    take_back_definition,
)
from indicators.actions.demo import EXAMPLES
from indicators.actions.load_messages import sentence, stored_sentence
from indicators.actions.load_project import LoadRefused
from indicators.forms.definition import AcceptanceForm, DefinitionFilesForm
from indicators.presenters.definition import accepted_words, definition_view
from indicators.queries.definitions import definition_page, waits_on_data
from indicators.roles import Permission
from indicators.views.run import ask_for_calculation
from indicators.views.signed_in import SignedInRequest, posted


@require_http_methods(["GET", "HEAD", "POST"])
def definition_list(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.PROJECT_SETUP)
    form = DefinitionFilesForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        _receive(request, visit, form)
        return redirect("definition-list", project_code)
    page = definition_view(definition_page(visit.project), stored_sentence)
    context = {
        "visit": visit,
        "form": form,
        "page": page,
        "acceptance": AcceptanceForm(initial={"mark": page.mark}),
        "examples": EXAMPLES,
    }
    return render(request, "definition/list.html", context)


def _receive(request: SignedInRequest, visit: Visit, form: DefinitionFilesForm) -> None:
    files = [(file.name or "", file) for file in form.cleaned_data["file"]]
    refused = receive_definitions(project=visit.project, files=files, by=request.user)
    for one in refused:
        text = _("%(name)s was not kept. %(why)s")
        messages.error(request, text % {"name": one.file_name, "why": sentence(one.problem)})
    if len(refused) < len(files):
        messages.success(request, _("Received and checked. Below is what they would do."))


@require_POST
def definition_accept(request: SignedInRequest, project_code: str) -> HttpResponse:
    visit = open_project(request.user, project_code, Permission.PROJECT_SETUP)
    form = AcceptanceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was accepted: the form was not complete."))
        return redirect("definition-list", project_code)
    changes_data = waits_on_data(visit.project)
    try:
        report = accept_definitions(project=visit.project, by=request.user, **form.cleaned_data)
    except DefinitionsChanged:
        messages.error(request, _("Other files wait now than you looked at. Look again."))
    except ReasonMissing:
        messages.error(request, _("Say why the definitions change: data rest on them."))
    except LoadRefused:
        check_definitions(project=visit.project)
        messages.error(request, _("Nothing was accepted: see below what is to be mended first."))
    else:
        if changes_data:
            ask_for_calculation(visit)
        messages.success(request, _("Accepted.") + " " + accepted_words(report.created))
        return redirect("setup", project_code)
    return redirect("definition-list", project_code)


@require_POST
def definition_take_back(request: SignedInRequest, project_code: str, pk: int) -> HttpResponse:
    _visit, file = open_definition_file(request.user, project_code, pk)
    if take_back_definition(file=file, by=request.user):
        messages.success(request, _("%(name)s waits no more.") % {"name": file.file_name})
    return redirect("definition-list", project_code)


@require_safe
def definition_download(request: SignedInRequest, project_code: str, pk: int) -> FileResponse:
    """The workbook as received, always as an attachment."""
    _visit, file = open_definition_file(request.user, project_code, pk)
    try:
        with default_storage.open(file.stored_as, "rb") as stored:
            content = BytesIO(stored.read())
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=file.file_name)


@require_safe
def definition_example(request: SignedInRequest, project_code: str, name: str) -> FileResponse:
    """A workbook of the demo project, to see how one is filled in."""
    open_project(request.user, project_code, Permission.PROJECT_SETUP)
    if name not in EXAMPLES:
        raise Http404
    content = BytesIO(EXAMPLES[name].read_bytes())
    return FileResponse(content, as_attachment=True, filename=f"{name}.xlsx")

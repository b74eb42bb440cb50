"""Survey files in the admin: dry run, preview and confirmation, and accepted answers handed out."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from import_export.admin import ExportMixin, ImportMixin

from indicators.actions.dataset_export import answers_file_name, export_dataset
from indicators.actions.runs import request_run
from indicators.admin.base import Confirmed
from indicators.admin.collected import OfFiles
from indicators.admin.kept import KeptFile
from indicators.admin.rights import rights_of
from indicators.forms.survey_file import AnswersExportForm, SurveyConfirmForm, SurveyImportForm
from indicators.models import Dataset, Upload, User
from indicators.presenters.survey_file import survey_file_view
from indicators.problem_texts import problem_text
from indicators.queries.uploads import problem_groups
from indicators.resources.formats import SURVEY_FORMATS, SurveyFormat
from indicators.resources.surveys import SurveyFileResource, SurveyResult
from indicators.roles import Permission
from indicators.tasks import enqueue_calculation
from indicators.vocabulary import ExportFormat, Language


@admin.register(Upload)
class UploadAdmin(Confirmed, ImportMixin, OfFiles):
    """A file is previewed without a trace; confirmed, it takes the way of the page *Files*."""

    list_display = ["file_name", "kind", "state", "wave", "n_rows", "n_problems", "created_by"]
    list_select_related = ["wave", "created_by"]
    list_filter = ["kind", "state"]
    search_fields = ["file_name", "sha256"]
    resource_classes = [SurveyFileResource]
    formats = SURVEY_FORMATS
    import_form_class = SurveyImportForm
    confirm_form_class = SurveyConfirmForm
    import_template_name = "admin/upload/import.html"
    import_export_change_list_template = "admin/import_export/change_list_import.html"
    tmp_storage_class = KeptFile

    def has_import_permission(self, request: HttpRequest) -> bool:
        return rights_of(request).may(Permission.UPLOAD_ACCEPT)

    def get_import_form_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        projects = rights_of(request).projects(Permission.UPLOAD_ACCEPT)
        return super().get_import_form_kwargs(request) | {"projects": projects}

    def get_confirm_form_kwargs(
        self, request: HttpRequest, import_form: Any = None
    ) -> dict[str, Any]:
        projects = rights_of(request).projects(Permission.UPLOAD_ACCEPT)
        return super().get_confirm_form_kwargs(request, import_form) | {"projects": projects}

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        if not form.is_bound or form.errors:
            return {}
        return {"project": form.cleaned_data["project"], "said": form.reading()}

    def get_import_data_kwargs(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return {}

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The library's steps; what was read by content is then what will be confirmed."""
        response = super().import_action(request, **kwargs)
        context = response.context_data
        result: SurveyResult | None = context.get("result")
        if result is not None and result.tried is not None:
            tried = result.tried
            groups = problem_groups(result.problems)
            context["preview"] = survey_file_view(result, groups, problem_text)
            if tried.already is not None:
                context.pop("confirm_form", None)
            if "confirm_form" in context:
                context["confirm_form"].initial |= {
                    "project": context["form"].cleaned_data["project"].pk,
                    "kind": tried.reading.kind,
                    "wave": tried.reading.wave.pk if tried.reading.wave else None,
                    "version": tried.reading.version.pk if tried.reading.version else None,
                }
        return response

    def process_result(self, result: SurveyResult, request: HttpRequest) -> HttpResponse:
        report = result.report
        if report is None or report.upload is None:
            raise ValueError("a confirmed file is an upload")
        upload = report.upload
        if report.already:
            text = _("Nothing to do: the same file counts already, loaded as %(name)s.")
            messages.warning(request, text % {"name": upload.file_name})
        elif report.is_accepted:
            self.generate_log_entries(result, request)
            run = request_run(project=upload.project, by=_person(request))
            enqueue_calculation(run.pk)
            messages.success(request, _("Accepted: the data count. A new calculation has started."))
        else:
            messages.error(
                request, _("Not accepted: problems block the file. They are listed here.")
            )
            listed = reverse("admin:indicators_problem_changelist")
            return HttpResponseRedirect(f"{listed}?upload__id__exact={upload.pk}")
        return HttpResponseRedirect(reverse("admin:indicators_upload_change", args=[upload.pk]))


@admin.register(Dataset)
class DatasetAdmin(ExportMixin, OfFiles):
    """Accepted answers, one export at a time, each of them in the audit log."""

    list_display = ["upload", "hand_out", "version", "wave", "n_opened", "n_consented", "n_used"]
    list_select_related = ["upload", "version__instrument", "wave"]
    resource_classes = [SurveyFileResource]
    formats = SURVEY_FORMATS
    export_form_class = AnswersExportForm
    export_template_name = "admin/dataset/export.html"
    import_export_change_list_template = "admin/import_export/change_list_export.html"

    def has_export_permission(self, request: HttpRequest) -> bool:
        return rights_of(request).may(Permission.ANSWERS_DOWNLOAD)

    @admin.display(description=gettext_lazy("Export"))
    def hand_out(self, dataset: Dataset) -> str:
        address = reverse("admin:indicators_dataset_export")
        return format_html('<a href="{}?dataset={}">{}</a>', address, dataset.pk, _("Export"))

    def export_action(self, request: HttpRequest) -> HttpResponse:
        if not self.has_export_permission(request):
            raise PermissionDenied
        formats = self.get_export_formats()
        form = AnswersExportForm(
            formats,
            self.resource_classes,
            projects=rights_of(request).projects(Permission.ANSWERS_DOWNLOAD),
            data=request.POST or None,
            initial={"dataset": request.GET.get("dataset"), "language": get_language()},
        )
        if form.is_valid():
            return _answers(request, form.cleaned_data, formats)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Export answers"),
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, [self.export_template_name], context)


def _answers(
    request: HttpRequest, wanted: dict[str, Any], formats: list[type[SurveyFormat]]
) -> HttpResponse:
    """The file, on record as every download of answers."""
    dataset, chosen = wanted["dataset"], formats[int(wanted["format"])]()
    format = ExportFormat(chosen.get_extension())
    content = export_dataset(
        dataset=dataset,
        format=format,
        language=Language(wanted["language"]),
        by=_person(request),
    )
    response = HttpResponse(content, content_type=chosen.get_content_type())
    name = answers_file_name(dataset, format)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"  # answers of people stay in no cache
    return response


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user

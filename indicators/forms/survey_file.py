"""The steps of a survey file in the admin: which file of which project, then the confirmation."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from import_export.forms import ConfirmImportForm, ImportExportFormBase

from indicators.actions.reading import Reading
from indicators.forms.choices import ByCodeField
from indicators.models import Dataset, InstrumentVersion, Project, Wave
from indicators.models.base import word_choices
from indicators.vocabulary import FileKind

AS_SHOWN = _("as the content shows")


class _WaveField(ByCodeField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.project.code}: {obj.name}"


class _VersionField(ByCodeField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.instrument.project.code}: {obj.instrument} {obj.version}"


class _Said(forms.Form):
    """What a person says about a file. `projects`: where the person may load; None: everywhere."""

    project = ByCodeField(Project.objects.none(), label=_("Project"), empty_label=None)
    kind = forms.ChoiceField(label=_("What is in it"), required=False)
    wave = _WaveField(Wave.objects.none(), required=False, label=_("Wave"), empty_label=AS_SHOWN)
    version = _VersionField(
        InstrumentVersion.objects.none(),
        required=False,
        label=_("Questionnaire"),
        empty_label=AS_SHOWN,
    )

    def open_for(self, projects: Collection[int] | None) -> None:
        mine = Project.objects.order_by("code")
        if projects is not None:
            mine = mine.filter(pk__in=projects)
        choices = {
            "project": mine,
            "wave": Wave.objects.filter(project__in=mine)
            .select_related("project")
            .order_by("project__code", "position"),
            "version": InstrumentVersion.objects.filter(instrument__project__in=mine)
            .select_related("instrument__project")
            .order_by("instrument__project__code", "instrument__position", "version"),
        }
        for name, queryset in choices.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
        kinds = [("", AS_SHOWN), *word_choices(FileKind)]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        project, wave, version = (cleaned.get(name) for name in ("project", "wave", "version"))
        if project and wave and wave.project_id != project.pk:
            self.add_error("wave", _("This wave belongs to another project."))
        if project and version and version.instrument.project_id != project.pk:
            self.add_error("version", _("This questionnaire belongs to another project."))
        return cleaned

    def reading(self) -> Reading:
        kind = self.cleaned_data["kind"]
        return Reading(
            FileKind(kind) if kind else None,
            self.cleaned_data["wave"],
            self.cleaned_data["version"],
        )


class SurveyImportForm(_Said, ImportExportFormBase):
    """The format is not asked for: the content decides it."""

    import_file = forms.FileField(label=_("File"))
    format = forms.CharField(required=False, widget=forms.HiddenInput())
    field_order = ["project", "import_file", "kind", "wave", "version", "format", "resource"]

    def __init__(
        self, formats: Any, resources: Any, projects: Collection[int] | None, **kwargs: Any
    ) -> None:
        super().__init__(formats, resources, **kwargs)
        self.open_for(projects)
        endings = [one().get_extension() for one in formats]
        self._endings = endings
        self.fields["import_file"].help_text = _(
            "As it was exported: %(formats)s. Its content decides what it is, not its name."
        ) % {"formats": ", ".join(f".{ending}" for ending in endings)}

    def _init_formats(self, formats: Any) -> None:
        """No choice is offered."""

    def clean_import_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["import_file"]
        if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(
                _("%(name)s is larger than %(n)s MB."),
                params={"name": file.name, "n": settings.UPLOAD_MAX_BYTES // 2**20},
            )
        return file

    def clean_format(self) -> str:
        """The library's number of a format: only its name in the library hangs on it."""
        file = self.cleaned_data.get("import_file")
        ending = PurePath(file.name or "").suffix.casefold().lstrip(".") if file else ""
        return str(self._endings.index(ending) if ending in self._endings else 0)


class SurveyConfirmForm(_Said, ConfirmImportForm):
    """What was previewed, to be confirmed as it was read then."""

    def __init__(self, projects: Collection[int] | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.open_for(projects)
        for name in ("project", "kind", "wave", "version"):
            self.fields[name].widget = self.fields[name].hidden_widget()
        self.fields["kind"].required = True

    def clean_format(self) -> str:
        return "0"  # one reader for all


class _DatasetField(ByCodeField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.version.instrument} {obj.version.version}, {obj.wave}: {obj.upload.file_name}"


class AnswersExportForm(ImportExportFormBase):
    """Which accepted answers, as what, in which language their labels."""

    dataset = _DatasetField(Dataset.objects.none(), label=_("Accepted answers"))
    language = forms.ChoiceField(label=_("Language of the labels"), choices=settings.LANGUAGES)
    field_order = ["dataset", "format", "language", "resource"]

    def __init__(
        self, formats: Any, resources: Any, projects: Collection[int] | None, **kwargs: Any
    ) -> None:
        super().__init__(formats, resources, **kwargs)
        mine = Dataset.objects.select_related("version__instrument", "wave", "upload__project")
        if projects is not None:
            mine = mine.filter(upload__project__in=projects)
        self.fields["dataset"].queryset = mine.order_by("-pk")


__all__ = ["AnswersExportForm", "SurveyConfirmForm", "SurveyImportForm"]

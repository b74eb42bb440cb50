"""The forms that receive files and say what a file is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from indicators.forms.choices import ByCodeField
from indicators.models import InstrumentVersion, Project, Upload, Wave
from indicators.models.base import word_choices
from indicators.vocabulary import FileKind

MOST_FILES = 60  # at once


class VersionField(ByCodeField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.instrument} {obj.version}"


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files, each judged by the rules of one."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data]
        one = super().clean
        return [one(file, initial) for file in files or [None]]


class FilesForm(forms.Form):
    """Files as they were exported; what they are is read from their content."""

    file = FilesField(
        label=_("Files"),
        widget=FilesInput(attrs={"multiple": True}),
        help_text=_(
            "One or several: Excel, CSV, SPSS or Stata, as they were exported. Each is kept "
            "unchanged."
        ),
    )

    def clean_file(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["file"]
        if len(files) > MOST_FILES:
            raise ValidationError(
                _("At most %(n)s files can be loaded at once."), params={"n": MOST_FILES}
            )
        for file in files:
            if (file.size or 0) > settings.UPLOAD_MAX_BYTES:
                raise ValidationError(
                    _("%(name)s is larger than %(n)s MB."),
                    params={"name": file.name, "n": settings.UPLOAD_MAX_BYTES // 2**20},
                )
        return files


class UploadContentForm(forms.Form):
    """What a file is, where its content does not say it or says it wrongly."""

    kind = forms.ChoiceField(label=_("What is in it"))
    wave = ByCodeField(
        Wave.objects.none(),
        to_field_name="code",
        required=False,
        label=_("Wave"),
        empty_label=_("none (the file names its waves)"),
    )
    version = VersionField(
        InstrumentVersion.objects.none(),
        required=False,
        label=_("Questionnaire"),
        empty_label=_("not a questionnaire"),
        help_text=_("For survey answers and checklists."),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        querysets = {
            "wave": Wave.objects.filter(project=project).order_by("position"),
            "version": InstrumentVersion.objects.filter(instrument__project=project)
            .select_related("instrument")
            .order_by("instrument__position", "version"),
        }
        for name, queryset in querysets.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
            field.queryset = queryset
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101
        kind.choices = [("", "—"), *word_choices(FileKind)]

    @classmethod
    def of(cls, upload: Upload) -> UploadContentForm:
        initial = {
            "kind": upload.kind,
            "wave": upload.wave.code if upload.wave else None,
            "version": upload.version_id,
        }
        return cls(project=upload.project, initial=initial)

    def clean_kind(self) -> FileKind:
        return FileKind(self.cleaned_data["kind"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_form = cleaned.get("kind") in (FileKind.SURVEY, FileKind.CHECKLIST)
        if is_form:
            for name in ("wave", "version"):
                if name not in self.errors and cleaned.get(name) is None:
                    self.add_error(name, _("Say which one: answers are read by it."))
        return cleaned

"""The form that receives a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from indicators.forms.choices import ByCodeField
from indicators.models import InstrumentVersion, Project, Wave
from indicators.models.base import word_choices
from indicators.vocabulary import FileKind


class VersionField(ByCodeField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.instrument} {obj.version}"


class UploadForm(forms.Form):
    """What the file is can be said here; the content is judged when it is read."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel, CSV, SPSS or Stata, as it was exported. The file is kept unchanged."),
    )
    kind = forms.ChoiceField(label=_("What is in it"))
    wave = ByCodeField(
        Wave.objects.none(),
        to_field_name="code",
        required=False,
        label=_("Wave"),
        empty_label=_("none (register, notes of several waves)"),
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
        kind.choices = word_choices(FileKind)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(
                _("The file is larger than %(n)s MB."),
                params={"n": settings.UPLOAD_MAX_BYTES // 2**20},
            )
        return file

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

"""Indices, measures, indicators and targets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from indicators.actions.table_rows import refusal_sentence
from indicators.actions.targets import StaleTarget, TargetRefused, set_target
from indicators.admin.base import (
    ByRoleInline,
    ReadOnlyAdmin,
    ReasonedForm,
    RecordedAdmin,
    TableMixin,
)
from indicators.admin.schools import OF_PROJECT
from indicators.models import (
    AgendaQuestion,
    CompositeIndex,
    DefinitionEffect,
    DefinitionVersion,
    IndexItem,
    Indicator,
    Measure,
    Paragraph,
    Target,
)
from indicators.resources.indicators import IndicatorResource
from indicators.resources.targets import TargetResource
from indicators.roles import Permission
from indicators.vocabulary import TargetType

NAMES = ["name_ky", "name_ru", "name_en"]


class IndexItemInline(ByRoleInline):
    model = IndexItem
    autocomplete_fields = ["item"]
    can_add = can_remove = True


@admin.register(IndexItem)
class IndexItemAdmin(ReadOnlyAdmin):
    """Put in and taken out with a reason: on the page of the index, or in its own table here."""

    list_display = ["index", "item", "is_reversed", "position"]
    list_select_related = ["index", "item"]
    list_filter = [("index", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["index__code", "item__name"]


class IndexForm(ReasonedForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        instrument = cleaned.get("instrument")
        if instrument is not None and not instrument.allows_index:
            raise ValidationError(_("This questionnaire allows no index. See its limits."))
        return cleaned


@admin.register(CompositeIndex)
class CompositeIndexAdmin(RecordedAdmin):
    form = IndexForm
    exclude = ["revision", "updated_by"]
    can_add = True
    list_display = ["code", "name", "instrument", "statistic", "scale_min", "scale_max"]
    list_select_related = ["instrument"]
    list_filter = [("instrument", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["code", *NAMES]
    fixed = ["instrument", "code", "statistic"]
    inlines = [IndexItemInline]


@admin.register(Measure)
class MeasureAdmin(ReadOnlyAdmin):
    """Made from the indicators; a changed measure would be another one."""

    list_display = ["code", "kind", "index", "item", "option", "source"]
    list_select_related = ["index", "item"]
    list_filter = [OF_PROJECT, "kind"]
    search_fields = ["code"]


@admin.register(Indicator)
class IndicatorAdmin(TableMixin, RecordedAdmin):
    resource_classes = [IndicatorResource]
    form = ReasonedForm
    can_add = True
    list_display = ["code", "name", "level", "respondent", "direction", "is_headline", "measure"]
    list_select_related = ["measure"]
    list_filter = [OF_PROJECT, "level", "respondent", "direction", "is_headline"]
    search_fields = ["code", *NAMES]
    autocomplete_fields = ["measure"]
    exclude = ["revision", "updated_by"]
    fixed = ["project", "code"]


@admin.register(AgendaQuestion)
class AgendaQuestionAdmin(ReadOnlyAdmin):
    """Written on the page of the agenda, where the cited figures are checked."""

    list_display = ["code", "question", "status", "is_public"]
    list_filter = [OF_PROJECT, "status"]
    search_fields = ["code"]


@admin.register(Paragraph)
class ParagraphAdmin(ReadOnlyAdmin):
    """Written on the page of texts, where the cited figures are checked."""

    list_display = ["place", "position", "is_public", "updated_at"]
    list_filter = [OF_PROJECT]
    search_fields = ["place"]


@admin.register(DefinitionVersion)
class DefinitionVersionAdmin(ReadOnlyAdmin):
    """Written with every change of a definition."""

    list_display = ["__str__", "source", "created_at", "created_by", "reason"]
    list_select_related = ["created_by"]
    list_filter = [OF_PROJECT, "source"]
    search_fields = ["indicator__code", "index__code", "reason"]


@admin.register(DefinitionEffect)
class DefinitionEffectAdmin(ReadOnlyAdmin):
    """What people look at before they save it."""

    list_display = ["__str__", "state", "created_at", "created_by"]
    list_select_related = ["indicator", "index", "instrument", "project", "created_by"]
    list_filter = [OF_PROJECT, "state"]


class TargetForm(forms.ModelForm):
    """Tried through the action that owns the rules; what it refuses is told at the form."""

    by: Any = None

    class Meta:
        model = Target
        fields = ["indicator", "school", "wave", "type", "low", "high", "rationale"]
        help_texts = {"low": "0-1 for shares.", "high": "0-1 for shares."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read_revision = self.instance.revision if self.instance.pk else None
        if self.instance.pk and "rationale" in self.fields:
            # Asked for anew: the reason of the value that stands is not that of the next one.
            self.initial["rationale"] = ""
            said = _("Why it changes. Until now: %(text)s")
            self.fields["rationale"].help_text = said % {"text": self.instance.rationale}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            with transaction.atomic():
                self.store(cleaned)
                transaction.set_rollback(True)
        return cleaned

    def store(self, values: dict[str, Any]) -> Target:
        """Raises ValidationError with the reason of a refusal."""
        own: dict[str, Any] = {
            name: values.get(name, getattr(self.instance, name, None))
            for name in ("indicator", "school", "wave", "low", "high")
        }
        kind = TargetType(values.get("type") or self.instance.type)
        reason = values.get("rationale") or ""
        try:
            return set_target(
                **own, type=kind, rationale=reason, revision=self.read_revision, by=self.by
            )
        except TargetRefused as refused:
            raise ValidationError(refusal_sentence(refused)) from None
        except StaleTarget:
            raise ValidationError(
                _("There is such a target already; open and change it.")
            ) from None


@admin.register(Target)
class TargetAdmin(TableMixin, RecordedAdmin):
    resource_classes = [TargetResource]
    form = TargetForm
    change_permission = Permission.TARGET_EDIT
    can_add = True
    list_display = ["indicator", "school", "wave", "type", "low", "high", "updated_by"]
    list_select_related = ["indicator", "school", "wave", "updated_by"]
    list_filter = [("wave", admin.RelatedOnlyFieldListFilter), "type"]
    search_fields = ["indicator__code", "indicator__name_ky", "indicator__name_ru", "school__code"]
    autocomplete_fields = ["indicator", "school"]
    fixed = ["indicator", "school", "wave"]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        return type("TargetFormOfPerson", (form,), {"by": request.user})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = form.store(form.cleaned_data).pk

"""Questionnaires. Their structure comes from the XLSForms; wordings may be corrected here."""

from __future__ import annotations

from django.contrib import admin

from indicators.admin.base import ByRoleInline, ReadOnlyAdmin, RecordedAdmin
from indicators.models import (
    Block,
    DefinitionFile,
    Instrument,
    InstrumentVersion,
    Item,
    ItemVersion,
    Scale,
    ScaleOption,
    WordingDecision,
)

LABELS = ["label_ky", "label_ru", "label_en"]
OF_INSTRUMENT = ("instrument", admin.RelatedOnlyFieldListFilter)


@admin.register(Instrument)
class InstrumentAdmin(RecordedAdmin):
    list_display = ["code", "name", "respondent", "is_anonymous", "allows_index"]
    list_filter = ["respondent"]
    search_fields = ["code", "name_ky", "name_ru", "name_en"]
    exclude = ["revision", "updated_by"]
    fixed = ["project", "code", "respondent", "is_anonymous", "allows_index"]


@admin.register(DefinitionFile)
class DefinitionFileAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "slot", "state", "created_by"]
    list_select_related = ["created_by"]
    list_filter = ["part", "state"]
    search_fields = ["file_name", "slot", "sha256"]


@admin.register(InstrumentVersion)
class InstrumentVersionAdmin(RecordedAdmin):
    list_display = ["instrument", "version", "title", "source_name"]
    list_select_related = ["instrument"]
    search_fields = ["version", "title"]
    fixed = ["instrument", "version", "source_name", "source_sha256"]


@admin.register(Block)
class BlockAdmin(RecordedAdmin):
    list_display = ["code", "instrument", *LABELS]
    list_select_related = ["instrument"]
    list_filter = [OF_INSTRUMENT]
    search_fields = ["code", *LABELS]
    fixed = ["instrument", "code"]


class OptionInline(ByRoleInline):
    """Wordings only: the numbers give stored answers their meaning."""

    model = ScaleOption
    fields = ["name", "code", "is_substantive", *LABELS, "note"]
    readonly_fields = ["name", "code", "is_substantive"]


@admin.register(Scale)
class ScaleAdmin(RecordedAdmin):
    list_display = ["code", "project"]
    list_select_related = ["project"]
    search_fields = ["code"]
    fixed = ["project", "code"]
    inlines = [OptionInline]


@admin.register(ScaleOption)
class ScaleOptionAdmin(RecordedAdmin):
    list_display = ["scale", "name", "code", "is_substantive", *LABELS]
    list_select_related = ["scale"]
    list_filter = [("scale", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["scale__code", "name", *LABELS]
    fixed = ["scale", "name", "code", "is_substantive"]


@admin.register(Item)
class ItemAdmin(RecordedAdmin):
    list_display = ["name", "instrument", "kind", "scale", "block", "label_ky"]
    list_select_related = ["instrument", "scale", "block"]
    list_filter = [OF_INSTRUMENT, "kind"]
    search_fields = ["name", *LABELS]
    fixed = ["instrument", "name", "kind", "scale", "block", "continues"]


@admin.register(ItemVersion)
class ItemVersionAdmin(RecordedAdmin):
    list_display = ["name_in_version", "item", "version", "is_required"]
    list_select_related = ["item", "version__instrument"]
    list_filter = [("version__instrument", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["name_in_version", "item__name", *LABELS]
    fixed = ["item", "version", "name_in_version", "asked"]


@admin.register(WordingDecision)
class WordingDecisionAdmin(ReadOnlyAdmin):
    """Made on the page of the questions over the waves, which shows both wordings."""

    list_display = ["question", "is_comparable", "reason", "is_from_file", "decided_by"]
    list_select_related = ["question__version__instrument", "decided_by"]
    list_filter = ["is_comparable", "is_from_file"]
    search_fields = ["question__name_in_version", "reason"]

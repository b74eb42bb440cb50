"""Files, data and results: looked at, never typed. Answers and open texts are not shown at all."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from indicators.admin.base import ReadOnlyAdmin, TableMixin
from indicators.admin.rights import rights_of
from indicators.models import (
    ActivityLog,
    Assessment,
    AuditEvent,
    Change,
    Checklist,
    ChecklistEvent,
    ClusterPlan,
    Coding,
    ColumnMapping,
    Comparison,
    ComparisonWave,
    ConsistencyCheck,
    ConsistencyFinding,
    DeskValue,
    DistributionTest,
    DoubtfulValue,
    Estimate,
    Exclusion,
    FieldLogEntry,
    FieldPlan,
    Gap,
    IndexComponent,
    ItemResult,
    LeftOutRow,
    ManualValue,
    Note,
    OpenQuestion,
    Problem,
    Release,
    Reliability,
    Run,
    SchoolArrival,
    Theme,
    ThemeShare,
    ValueMapping,
)
from indicators.resources.checklists import ChecklistResource
from indicators.roles import Permission


class RunFilter(admin.SimpleListFilter):
    """The latest calculations by number; their full names would cost a query each."""

    title = _("calculation")
    parameter_name = "run"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = model_admin.get_queryset(request).order_by("-run_id").values_list("run_id")
        return [(str(pk), f"#{pk}") for (pk,) in rows.distinct()[:20]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        number = self.value() or ""
        return queryset.filter(run_id=int(number)) if number.isdecimal() else queryset


class OfFiles(ReadOnlyAdmin):
    view_permission = Permission.UPLOAD_VIEW


class OfResults(ReadOnlyAdmin):
    view_permission = Permission.GROUP_VIEW_SMALL


class OfChecklists(ReadOnlyAdmin):
    view_permission = Permission.CHECKLIST_REVIEW


@admin.register(Problem)
class ProblemAdmin(OfFiles):
    list_display = ["upload", "severity", "kind", "sheet", "row", "column", "value"]
    list_select_related = ["upload"]
    list_filter = ["severity", "kind"]
    search_fields = ["kind", "upload__file_name"]


@admin.register(ColumnMapping)
class ColumnMappingAdmin(OfFiles):
    list_display = ["header", "instrument", "item", "created_by", "created_at"]
    list_select_related = ["instrument", "item", "created_by"]
    list_filter = [("instrument", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["header", "item__name"]


@admin.register(ValueMapping)
class ValueMappingAdmin(OfFiles):
    list_display = ["value", "item", "option", "number", "created_by", "created_at"]
    list_select_related = ["item__instrument", "option__scale", "created_by"]
    list_filter = [("item__instrument", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["value", "item__name"]


@admin.register(DoubtfulValue)
class DoubtfulValueAdmin(OfFiles):
    list_display = ["upload", "item", "value", "kind", "suggestion", "n_rows"]
    list_select_related = ["upload", "item"]
    list_filter = ["kind"]
    search_fields = ["value", "item__name", "upload__file_name"]


@admin.register(LeftOutRow)
class LeftOutRowAdmin(OfFiles):
    list_display = ["upload", "sheet", "row", "reason", "created_by"]
    list_select_related = ["upload", "created_by"]


@admin.register(Exclusion)
class ExclusionAdmin(OfFiles):
    list_display = ["dataset", "row", "reason", "created_by"]
    list_select_related = ["dataset__version__instrument", "dataset__wave", "created_by"]


@admin.register(SchoolArrival)
class SchoolArrivalAdmin(OfFiles):
    list_display = ["dataset", "school_code", "n_received", "n_used", "last_on"]
    list_select_related = ["dataset__version__instrument", "dataset__wave"]
    search_fields = ["school_code"]


@admin.register(FieldLogEntry)
class FieldLogEntryAdmin(OfFiles):
    list_display = ["wave", "happened_on", "kind", "who", "n_checked", "n_collected"]
    list_select_related = ["wave"]
    list_filter = ["kind"]
    search_fields = ["who", "what"]


@admin.register(FieldPlan)
class FieldPlanAdmin(OfFiles):
    list_display = ["use", "school", "n_expected"]
    list_select_related = ["use__version__instrument", "use__wave", "school"]
    search_fields = ["school__code"]


@admin.register(DeskValue)
class DeskValueAdmin(OfFiles):
    list_display = ["school", "table", "period", "level", "name", "value"]
    list_select_related = ["school"]
    list_filter = ["table", "period"]
    search_fields = ["school__code", "name"]


@admin.register(ActivityLog)
class ActivityLogAdmin(OfFiles):
    list_display = ["school", "happened_on", "kind", "n_schools", "n_teachers"]
    list_select_related = ["school"]
    list_filter = ["kind"]
    search_fields = ["school__code"]


@admin.register(ClusterPlan)
class ClusterPlanAdmin(OfFiles):
    list_display = ["school", "n_schools", "is_signed", "signed_on"]
    list_select_related = ["school"]
    search_fields = ["school__code"]


@admin.register(ManualValue)
class ManualValueAdmin(OfFiles):
    list_display = ["indicator", "wave", "value", "numerator", "denominator", "document"]
    list_select_related = ["indicator", "wave"]


@admin.register(Note)
class NoteAdmin(OfFiles):
    list_display = ["code", "wave", "theme", "indicator", "is_publishable"]
    list_select_related = ["wave", "indicator"]
    search_fields = ["code", "theme"]


@admin.register(Theme)
class ThemeAdmin(OfFiles):
    list_display = ["code", "label", "item", "is_active", "merged_into"]
    list_select_related = ["item", "merged_into"]
    search_fields = ["code", "label_ky", "label_ru", "label_en"]


@admin.register(Coding)
class CodingAdmin(OfFiles):
    """Who coded which answer; the words themselves are not shown here."""

    list_display = ["item", "wave", "upload", "row", "coder", "updated_at"]
    list_select_related = ["item", "wave", "upload", "coder", "school"]


@admin.register(OpenQuestion)
class OpenQuestionAdmin(OfResults):
    list_display = ["item", "wave", "n_answers", "n_coded", "n_coders", "kappa"]
    list_select_related = ["item", "wave"]
    list_filter = [RunFilter]


@admin.register(ThemeShare)
class ThemeShareAdmin(OfResults):
    list_display = ["theme", "wave", "n_with", "n", "share", "kappa"]
    list_select_related = ["theme", "wave"]
    list_filter = [RunFilter]


@admin.register(Checklist)
class ChecklistAdmin(TableMixin, OfChecklists):
    """Answers are filled in on the site or brought by a table, which passes the same checks."""

    resource_classes = [ChecklistResource]
    list_display = ["school", "wave", "state", "filled_on", "updated_at"]
    list_select_related = ["school", "wave"]
    list_filter = [("wave", admin.RelatedOnlyFieldListFilter), "state"]
    search_fields = ["school__code", "school__name_ky", "school__name_ru"]
    import_permission = Permission.CHECKLIST_FILL


@admin.register(ChecklistEvent)
class ChecklistEventAdmin(OfChecklists):
    list_display = ["checklist", "kind", "at", "by"]
    list_select_related = ["checklist__school", "checklist__wave", "by"]
    list_filter = ["kind"]


@admin.register(Run)
class RunAdmin(OfResults):
    list_display = ["id", "state", "started_by", "created_at", "finished_at"]
    list_select_related = ["started_by", "project"]
    list_filter = ["state"]


@admin.register(Release)
class ReleaseAdmin(OfResults):
    list_display = ["run", "published_at", "published_by", "withdrawn_at"]
    list_select_related = ["run__project", "published_by"]


@admin.register(Estimate)
class EstimateAdmin(OfResults):
    list_display = ["measure", "wave", "scope", "school", "group_by", "group", "n", "value"]
    list_select_related = ["measure", "wave", "school"]
    list_filter = [RunFilter, "scope"]
    search_fields = ["measure__code", "school__code"]


@admin.register(Change)
class ChangeAdmin(OfResults):
    list_display = ["measure", "scope", "school", "baseline", "endline", "difference", "verdict"]
    list_select_related = ["measure", "school"]
    list_filter = [RunFilter, "scope", "verdict"]
    search_fields = ["measure__code", "school__code"]


@admin.register(Comparison)
class ComparisonAdmin(OfResults):
    list_display = ["run", "first", "second", "group_by", "state", "asked_by", "asked_at"]
    list_select_related = ["run__project", "first", "second", "asked_by"]


@admin.register(ComparisonWave)
class ComparisonWaveAdmin(OfResults):
    list_display = ["comparison", "wave", "value", "n_first", "n_second", "change"]
    list_select_related = ["comparison__first", "comparison__second", "wave"]


@admin.register(Gap)
class GapAdmin(OfResults):
    list_display = ["measure", "wave", "group_by", "first_group", "second_group", "value"]
    list_select_related = ["measure", "wave"]
    search_fields = ["measure__code"]


@admin.register(Reliability)
class ReliabilityAdmin(OfResults):
    list_display = ["measure", "wave", "n_complete", "alpha", "omega", "n_prorated", "flags"]
    list_select_related = ["measure", "wave"]
    list_filter = [RunFilter]
    search_fields = ["measure__code"]


@admin.register(DistributionTest)
class DistributionTestAdmin(OfResults):
    list_display = ["measure", "wave_to", "n_schools", "p", "p_adjusted", "has_changed", "rank_p"]
    list_select_related = ["measure", "wave_to"]
    list_filter = [RunFilter, "has_changed"]
    search_fields = ["measure__code"]


@admin.register(ItemResult)
class ItemResultAdmin(OfResults):
    list_display = ["item", "wave", "n_sheets", "n", "n_scored", "mean", "low", "top"]
    list_select_related = ["item", "wave"]
    list_filter = [RunFilter]
    search_fields = ["item__name"]


@admin.register(IndexComponent)
class IndexComponentAdmin(OfResults):
    list_display = ["measure", "item", "wave", "endline", "difference", "contribution"]
    list_select_related = ["measure", "item", "wave"]
    list_filter = [RunFilter]
    search_fields = ["measure__code", "item__name"]


@admin.register(Assessment)
class AssessmentAdmin(OfResults):
    list_display = ["target", "status", "value", "reached"]
    list_select_related = ["target__indicator", "target__school", "target__wave"]
    list_filter = ["status"]
    search_fields = ["target__indicator__code"]


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    view_permission = Permission.AUDIT_VIEW
    list_display = ["at", "by", "kind", "object_type", "object_label"]
    list_select_related = ["by"]
    list_filter = ["kind", "object_type"]
    search_fields = ["kind", "object_label", "reason"]
    date_hierarchy = "at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Events about accounts belong to no project: administrators see them too."""
        rights = rights_of(request)
        rows = super().get_queryset(request)
        if rights.is_all or not rights.may(Permission.ADMIN_ACCOUNTS):
            return rows
        return rows | self.model._default_manager.filter(project=None)


@admin.register(ConsistencyCheck)
class ConsistencyCheckAdmin(OfResults):
    list_display = ["run", "n_findings"]
    list_select_related = ["run__project"]


@admin.register(ConsistencyFinding)
class ConsistencyFindingAdmin(OfResults):
    list_display = ["measure", "wave", "school", "kind", "found", "expected"]
    list_select_related = ["measure", "wave", "school"]
    list_filter = [RunFilter, "kind"]
    search_fields = ["measure__code"]

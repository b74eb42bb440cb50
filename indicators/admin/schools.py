"""Project, schools and waves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from indicators.actions.tables import normalised_name
from indicators.admin import progress
from indicators.admin.base import ByRoleInline, RecordedAdmin, TableMixin
from indicators.models import (
    Project,
    School,
    SchoolAlias,
    SchoolCategory,
    SchoolEvent,
    Stratum,
    Wave,
    WaveInstrument,
)
from indicators.models.project import LIMITS
from indicators.resources.schools import SchoolResource

OF_PROJECT = ("project", admin.RelatedOnlyFieldListFilter)


@admin.register(Project)
class ProjectAdmin(RecordedAdmin):
    """The rules are read only: they change with a reason on the page of settings."""

    list_display = ["code", "name", "reference_date"]
    search_fields = ["code", "name_ky", "name_ru", "name_en"]
    exclude = ["revision", "updated_by"]
    fixed = ["code", "reference_date", *LIMITS]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = super().get_readonly_fields(request, obj)
        return ("page_of_settings", *own) if obj is not None else own

    @admin.display(description=_("How the numbers are judged"))
    def page_of_settings(self, obj: Project) -> str:
        address = reverse("project-settings", args=[obj.code])
        text = _("Change it with a reason on the page of settings")
        return format_html('<a href="{}">{}</a>', address, text)


class AliasForm(forms.ModelForm):
    class Meta:
        model = SchoolAlias
        fields = ["school", "text"]

    def save(self, commit: bool = True) -> SchoolAlias:
        self.instance.normalised = normalised_name(self.instance.text)
        return super().save(commit)


class AliasInline(ByRoleInline):
    model = SchoolAlias
    form = AliasForm
    fields = ["text"]
    can_add = can_remove = True


@admin.register(School)
class SchoolAdmin(TableMixin, RecordedAdmin):
    resource_classes = [SchoolResource]
    can_add = True
    list_display = ["code", "name", "role", "oblast", "settlement", "n_students", "progress_link"]
    list_display_links = ["code", "name"]
    list_select_related = ["project"]
    list_filter = [OF_PROJECT, "role", "oblast", "settlement"]
    search_fields = ["code", "name_ky", "name_ru", "name_en", "aliases__text"]
    autocomplete_fields = ["continues"]
    fixed = ["project", "code"]
    inlines = [AliasInline]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("progress/", view(progress.school_list), name="school-progress-list"),
            path(
                "progress/<slug:project_code>/<str:school_code>/",
                view(progress.school_detail),
                name="school-progress",
            ),
        ]
        return own + super().get_urls()

    @admin.display(description=_("Progress"))
    def progress_link(self, school: School) -> str:
        url = reverse("admin:school-progress", args=[school.project.code, school.code])
        return format_html('<a href="{}">{}</a>', url, _("Progress"))


@admin.register(SchoolAlias)
class SchoolAliasAdmin(RecordedAdmin):
    form = AliasForm
    fields = ["school", "text"]
    can_add = can_remove = True
    list_display = ["text", "school"]
    list_select_related = ["school"]
    search_fields = ["text", "school__code"]
    autocomplete_fields = ["school"]
    fixed = ["school"]


@admin.register(SchoolCategory)
class SchoolCategoryAdmin(RecordedAdmin):
    can_add = True
    list_display = ["field", "code", "label_ky", "label_ru", "label_en"]
    list_filter = [OF_PROJECT, "field"]
    search_fields = ["code", "label_ky", "label_ru", "label_en"]
    fixed = ["project", "field", "code"]


@admin.register(Stratum)
class StratumAdmin(RecordedAdmin):
    can_add = True
    list_display = ["code", "n_schools", "merged_into"]
    list_select_related = ["merged_into"]
    list_filter = [OF_PROJECT]
    search_fields = ["code"]
    autocomplete_fields = ["merged_into"]
    fixed = ["project", "code"]


@admin.register(SchoolEvent)
class SchoolEventAdmin(RecordedAdmin):
    can_add = can_remove = True
    list_display = ["school", "kind", "happened_on", "new_school", "wave"]
    list_select_related = ["school", "new_school", "wave"]
    list_filter = ["kind"]
    search_fields = ["school__code", "school__name_ky", "school__name_ru"]
    autocomplete_fields = ["school", "new_school"]
    exclude = ["upload"]


class WaveInstrumentInline(ByRoleInline):
    model = WaveInstrument
    can_add = True


@admin.register(Wave)
class WaveAdmin(RecordedAdmin):
    """The state is not typed: locking and publishing are steps of the site."""

    can_add = True
    list_display = ["code", "name", "kind", "state", "field_start", "field_end"]
    list_filter = [OF_PROJECT, "kind", "state"]
    search_fields = ["code", "name_ky", "name_ru", "name_en"]
    readonly_fields = ["state"]
    exclude = ["revision", "updated_by"]
    fixed = ["project", "code"]
    inlines = [WaveInstrumentInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("project")


@admin.register(WaveInstrument)
class WaveInstrumentAdmin(RecordedAdmin):
    can_add = True
    list_display = ["wave", "version", "selection"]
    list_select_related = ["wave", "version__instrument"]
    fixed = ["wave", "version"]

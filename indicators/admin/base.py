"""Rights, scope and audit of every table in the admin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm

from indicators.actions.tables import delete_row, project_of, project_path, save_row
from indicators.admin.kept import KeptFile, PreviewGone
from indicators.admin.rights import rights_of
from indicators.resources.formats import FORMATS
from indicators.roles import Permission


class ByRole(BaseModelAdmin):
    """Permissions of a table or inline by the roles of the person's memberships.

    A table shows rows of the projects where the person holds `view_permission`. Without
    `change_permission` it is read only; `can_add` and `can_delete` open more.
    """

    model: type[Model]
    view_permission = Permission.ADMIN_TABLES
    change_permission: Permission | None = None
    can_add = False
    can_remove = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rights_of(request).may(self.view_permission)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._holds(request, self.view_permission, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._holds(request, self.change_permission, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.can_add and self._holds(request, self.change_permission, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.can_remove and self._holds(request, self.change_permission, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        projects = rights_of(request).projects(self.view_permission)
        path = project_path(self.model)
        if projects is None or not path:
            return rows
        return rows.filter(**{f"{path}__in": projects})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only rows of the person's projects can be chosen, read without a query per row."""
        other = admin.site._registry.get(db_field.remote_field.model)
        if other is not None and "queryset" not in kwargs:
            rows = other.get_queryset(request)
            related = other.list_select_related
            kwargs["queryset"] = (
                rows.select_related(*related) if isinstance(related, list | tuple) else rows
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @staticmethod
    def _holds(request: HttpRequest, permission: Permission | None, obj: Any) -> bool:
        if permission is None:
            return False
        project = project_of(obj) if isinstance(obj, Model) and obj.pk else None
        return rights_of(request).may(permission, project.pk if project else None)


class ReadOnlyAdmin(ByRole, admin.ModelAdmin):
    """Rows made by the product itself: looked at, never typed."""

    show_full_result_count = False
    list_per_page = 50


class ReasonedForm(forms.ModelForm):
    """For tables that numbers rest on: a change says why, as it does on the pages."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Kept with the version of the definition and in the audit log."),
    )


def reason_in(form: Any) -> str:
    """What a form gave as the reason; "" where it asks for none."""
    return str(form.cleaned_data.get("reason") or "").strip()


class RecordedAdmin(ByRole, admin.ModelAdmin):
    """Rows a person may type. Every change is in the audit log; `fixed` cannot change later."""

    change_permission: Permission | None = Permission.ADMIN_TABLES
    fixed: Sequence[str] = ()
    list_per_page = 50

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = tuple(super().get_readonly_fields(request, obj))
        return (*own, *self.fixed) if obj is not None else own

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_row(row=obj, by=request.user, reason=reason_in(form))  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_row(row=obj, by=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            self.delete_model(request, row)

    def save_formset(
        self,
        request: HttpRequest,
        form: Any,
        formset: Any,
        change: bool,
    ) -> None:
        rows, reason = formset.save(commit=False), reason_in(form)
        for row in formset.deleted_objects:
            delete_row(row=row, by=request.user, reason=reason)  # type: ignore[arg-type]
        for row in rows:
            save_row(row=row, by=request.user, reason=reason)  # type: ignore[arg-type]
        formset.save_m2m()


class ByRoleInline(ByRole, admin.TabularInline):
    """Rows typed together with the row they belong to."""

    change_permission: Permission | None = Permission.ADMIN_TABLES
    extra = 0


class Confirmed:
    """The second step of an import, whose file may be gone by then."""

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().process_import(request, **kwargs)  # type: ignore[misc]
        except PreviewGone:
            text = _("This preview was confirmed already, or is older than a day. Choose the file.")
            messages.error(request, text)
            name = self.opts.model_name  # type: ignore[attr-defined]
            return HttpResponseRedirect(reverse(f"admin:indicators_{name}_import"))
        return response


class TableMixin(Confirmed, ImportExportMixin):
    """Import with preview and export of a reference table, CSV and XLSX."""

    formats = FORMATS
    # A list of check boxes is of no use for tables with fixed columns, and its page would need
    # an inline script, which the content policy blocks.
    export_form_class = ExportForm
    tmp_storage_class = KeptFile
    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    import_permission: Permission | None = None  # the table's own right to change, if not given

    def has_import_permission(self, request: HttpRequest) -> bool:
        permission = self._import_permission()
        return permission is not None and rights_of(request).may(permission)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        permission = self._import_permission()
        return {"projects": rights_of(request).projects(permission) if permission else []}

    def _import_permission(self) -> Permission | None:
        own: Permission | None = self.change_permission
        return self.import_permission or own

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        permission = self.view_permission
        return {"projects": rights_of(request).projects(permission)}

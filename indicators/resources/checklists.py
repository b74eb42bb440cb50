"""Checklists as a table: one row per school and wave, one column per question."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.actions.checklist_rows import (
    ChecklistForm,
    ChecklistRefused,
    form_of,
    read_answers,
    shown_answer,
    store_checklist,
)
from indicators.actions.table_rows import SCHOOL_CODE, Tables
from indicators.models import Checklist, Item
from indicators.resources.base import Cell, TableResource
from indicators.vocabulary import ItemKind, Respondent

WAVE, NAME, STATE = "wave", "school", "state"
NOT_ASKED = (ItemKind.SCHOOL, ItemKind.CONSENT)


def _answer(item: Item, checklist: Checklist) -> object:
    return shown_answer(item, checklist.answers.get(item.name))


class ChecklistResource(TableResource):
    """State and name of the school are shown; a file cannot change them."""

    other_way = gettext_lazy("A sheet that a school filled in is loaded under Files, with Import.")

    class Meta(TableResource.Meta):
        model = Checklist
        name = "checklists"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._forms: dict[int, ChecklistForm | None] = {}
        self._typed: dict[str, Any] = {}
        self._form: ChecklistForm | None = None

    def all_columns(self) -> Mapping[str, Cell]:
        items = Item.objects.filter(instrument__respondent=Respondent.DIRECTOR)
        if self.projects is not None:
            items = items.filter(instrument__project__in=self.projects)
        items = items.exclude(kind__in=NOT_ASKED).select_related("scale")
        asked = {item.name: item for item in items.prefetch_related("scale__options")}
        self.optional = TableResource.optional | {NAME, STATE, *asked}
        return {
            SCHOOL_CODE: lambda checklist: checklist.school.code,
            NAME: lambda checklist: checklist.school.name,
            WAVE: lambda checklist: checklist.wave.code,
            STATE: lambda checklist: checklist.state,
            **{name: partial(_answer, item) for name, item in asked.items()},
        }

    def project_code(self, instance: Checklist) -> str:
        return instance.school.project.code

    def get_queryset(self) -> Any:
        rows = super().get_queryset().select_related("school__project", "wave", "version")
        return rows.order_by("wave__position", "school__code")

    def clean(self, tables: Tables, row: Mapping[str, Any], number: int) -> dict[str, Any]:
        school = tables.schools.get(str(row.get(SCHOOL_CODE) or "").strip())
        wave = tables.waves.get(str(row.get(WAVE) or "").strip())
        if school is None or wave is None:
            raise ValidationError(_("There is no such school or wave in the project."))
        if wave.pk not in self._forms:
            self._forms[wave.pk] = form_of(wave)
        self._form = self._forms[wave.pk]
        if self._form is None:
            raise ValidationError(_("This wave has no checklist."))
        try:
            self._typed = read_answers(self._form, row)
        except ChecklistRefused as refused:
            raise ValidationError(str(refused)) from None
        return {"school": school, "wave": wave, "version": self._form.use.version}

    def key(self, values: Mapping[str, Any]) -> tuple[object, ...]:
        return values["school"].pk, values["wave"].pk

    def find(self, tables: Tables, values: Mapping[str, Any]) -> Checklist | None:
        return Checklist.objects.filter(**values).select_related("school__project", "wave").first()

    def fixed(self, tables: Tables) -> dict[str, Any]:
        return {}

    def import_instance(self, instance: Checklist, row: dict[str, Any], **kwargs: Any) -> None:
        """The answers as they will be stored, so that the preview shows the difference."""
        super().import_instance(instance, row, **kwargs)
        instance.answers = {**instance.answers, **self._preview(self._typed)}

    def _preview(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        items = self._form.items if self._form else {}
        return {name: _as_stored(items[name], answer) for name, answer in typed.items()}

    def store(self, instance: Checklist) -> None:
        if self.by is None or self._form is None:
            raise ValidationError(_("Checklists are entered by a person."))
        try:
            stored = store_checklist(
                school=instance.school, form=self._form, answers=self._typed, by=self.by
            )
        except ChecklistRefused as refused:
            raise ValidationError(str(refused)) from None
        instance.pk = stored.pk


def _as_stored(item: Item, answer: Any) -> Any:
    """Ticks as the bits they are stored as."""
    if not isinstance(answer, list) or item.scale is None:
        return answer
    options = item.scale.options.all()
    return sum(1 << place for place, option in enumerate(options) if option.code in answer)

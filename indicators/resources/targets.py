"""Targets as a table, with the columns of the framework's sheet. Shares stand there in percent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from indicators.actions.table_rows import Tables, refusal_sentence
from indicators.actions.targets import StaleTarget, TargetRefused, set_target
from indicators.models import Target
from indicators.resources.base import TableResource
from indicators.vocabulary import TargetType, is_percent_unit


def number(value: float | None, target: Target) -> float | None:
    """A stored limit as files have it: percent for shares, without the dust of the division."""
    if value is None:
        return None
    shown = round(value * 100, 8) if is_percent_unit(target.indicator.unit) else value
    return int(shown) if shown == int(shown) else shown


def value_text(target: Target) -> object:
    low, high = number(target.low, target), number(target.high, target)
    if target.type == TargetType.RANGE:
        return f"{low:g}..{high:g}"
    return low if low is not None else high


class TargetResource(TableResource):
    columns = {
        "indicator": lambda target: target.indicator.code,
        "scope": lambda target: "school" if target.school else "project",
        "school_code": lambda target: target.school.code if target.school else "",
        "wave": lambda target: target.wave.code,
        "target_type": lambda target: target.type,
        "target_value": value_text,
        "note": lambda target: target.rationale,
    }

    class Meta(TableResource.Meta):
        model = Target
        name = "targets"

    def project_code(self, instance: Target) -> str:
        return instance.indicator.project.code

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("indicator__project", "school", "wave")

    def clean(self, tables: Tables, row: Mapping[str, Any], number: int) -> dict[str, Any]:
        return tables.target(row, number)

    def key(self, values: Mapping[str, Any]) -> tuple[object, ...]:
        school = values["school"]
        return (values["indicator"].pk, school.pk if school else None, values["wave"].pk)

    def find(self, tables: Tables, values: Mapping[str, Any]) -> Target | None:
        return next((t for k, t in tables.targets.items() if k == self.key(values)), None)

    def fixed(self, tables: Tables) -> dict[str, Any]:
        return {}

    def store(self, instance: Target) -> None:
        """Through the action that owns the rules: revision, reason, refusals, audit."""
        if self.by is None:
            raise ValidationError(_("Targets are entered by a person."))
        try:
            stored = set_target(
                indicator=instance.indicator,
                school=instance.school,
                wave=instance.wave,
                type=TargetType(instance.type),
                low=instance.low,
                high=instance.high,
                rationale=instance.rationale,
                revision=instance.revision if instance.pk else None,
                by=self.by,
            )
        except TargetRefused as refused:
            raise ValidationError(refusal_sentence(refused)) from None
        except StaleTarget:
            raise ValidationError(_("Somebody else changed this target meanwhile.")) from None
        instance.pk = stored.pk

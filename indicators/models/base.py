"""Parts shared by the models: names in three languages, one fallback rule."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import translation

from indicators.words import word

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

LANGUAGES = ("ky", "ru", "en")


def in_language(obj: object, stem: str, language: str | None = None) -> str:
    """Text of `stem_ky/_ru/_en` in the language asked for, else ky, ru, en, in that order."""
    wanted = (language or translation.get_language() or "ky")[:2]
    for code in (wanted, *LANGUAGES):
        text = getattr(obj, f"{stem}_{code}", "")
        if text:
            return str(text)
    return ""


class NamedModel(models.Model):
    """A name in Kyrgyz, Russian and English."""

    name_ky = models.CharField(max_length=300, blank=True)
    name_ru = models.CharField(max_length=300, blank=True)
    name_en = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        return in_language(self, "name")


class EditedModel(models.Model):
    """A row of the definition that people may change on the site.

    `updated_by` tells it apart from what the files say, so that a later load does not undo it;
    `revision` grows with every change and guards against two people overwriting each other.
    """

    revision = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True


class LabelledModel(models.Model):
    """A wording shown to respondents in Kyrgyz, Russian and English."""

    label_ky = models.TextField(blank=True)
    label_ru = models.TextField(blank=True)
    label_en = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        return in_language(self, "label")

    @property
    def labels(self) -> tuple[str, str, str]:
        return self.label_ky, self.label_ru, self.label_en


class RowDecision(models.Model):
    """A row of a file that an officer takes out, why, and who decided."""

    row = models.PositiveIntegerField(help_text="Row number in the file.")
    reason = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)

    class Meta:
        abstract = True


def word_choices(enum: type[StrEnum]) -> list[tuple[str, StrOrPromise]]:
    """The values of a vocabulary enum with their words."""
    return [(member.value, word(member)) for member in enum]


def choices(enum: type[StrEnum]) -> Callable[[], list[tuple[str, StrOrPromise]]]:
    """Choices of a model field. Lazy, so that a reworded choice needs no migration."""
    return partial(word_choices, enum)


def one_of(field: str, enum: type[StrEnum], name: str) -> models.CheckConstraint:
    """Database constraint: the field holds a value of the enum."""
    values = [member.value for member in enum]
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": values}), name=name)


def both_or_neither(first: str, second: str, name: str) -> models.CheckConstraint:
    """Database constraint: two fields are filled together or not at all."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
        | models.Q(**{f"{first}__isnull": False, f"{second}__isnull": False}),
        name=name,
    )

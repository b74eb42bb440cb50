"""A project and its rules of assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from indicators.models.base import EditedModel, NamedModel

SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


@dataclass(frozen=True, slots=True)
class Limit:
    """How far a rule of a project may be set; `usual` is the value of a new project."""

    low: float
    high: float
    usual: float


# Protection of small groups may grow, never shrink below what the respondents were promised.
LIMITS: Mapping[str, Limit] = {
    "alpha": Limit(0.001, 0.2, 0.05),
    "margin_sd": Limit(0.0, 1.0, 0.20),
    "margin_share": Limit(0.0, 0.5, 0.05),
    "margin_nps": Limit(0.0, 100.0, 10.0),
    "on_track_share": Limit(0.1, 1.0, 0.8),
    "target_confidence": Limit(0.5, 0.99, 0.9),
    "class_correlation": Limit(0.0, 0.5, 0.05),
    "min_group_director": Limit(5, 1000, 5),
    "min_group_public": Limit(10, 1000, 10),
    "min_group_text": Limit(20, 1000, 20),
    "min_group_verdict": Limit(8, 1000, 8),
}


class Project(NamedModel, EditedModel):
    """One row is one evaluation: schools, waves, indicators and the rules printed in its legend."""

    code = models.SlugField(max_length=40, unique=True)
    reference_date = models.DateField(
        help_text="Dates are judged against this day, never against the machine's clock."
    )
    alpha = models.FloatField(default=0.05, validators=SHARE)
    margin_sd = models.FloatField(
        default=0.20, help_text="Smallest change that matters for means, in baseline SD."
    )
    margin_share = models.FloatField(default=0.05, help_text="The same for shares (0-1).")
    margin_nps = models.FloatField(default=10.0, help_text="The same for the recommend score.")
    on_track_share = models.FloatField(default=0.8, validators=SHARE)
    target_confidence = models.FloatField(
        default=0.9,
        validators=SHARE,
        help_text="Two-sided confidence of the range a target is judged by (0-1).",
    )
    class_correlation = models.FloatField(
        default=0.05, help_text="Correlation within classes assumed for one school's change."
    )
    min_group_director = models.PositiveSmallIntegerField(default=5)
    min_group_public = models.PositiveSmallIntegerField(default=10)
    min_group_text = models.PositiveSmallIntegerField(default=20)
    min_group_verdict = models.PositiveSmallIntegerField(default=8)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(alpha__gt=0, alpha__lt=1), name="project_alpha_inside_0_1"
            ),
            models.CheckConstraint(
                condition=models.Q(target_confidence__gt=0, target_confidence__lt=1),
                name="project_target_confidence_inside_0_1",
            ),
            models.CheckConstraint(
                condition=models.Q(margin_sd__gte=0, margin_share__gte=0, margin_nps__gte=0),
                name="project_margins_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(on_track_share__gt=0, on_track_share__lte=1),
                name="project_on_track_share_inside_0_1",
            ),
            models.CheckConstraint(
                condition=models.Q(class_correlation__gte=0, class_correlation__lt=1),
                name="project_class_correlation_inside_0_1",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code

"""A project and its rules of assessment."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from indicators.models.base import NamedModel

SHARE = [MinValueValidator(0.0), MaxValueValidator(1.0)]


class Project(NamedModel):
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
        ]

    def __str__(self) -> str:
        return self.name or self.code

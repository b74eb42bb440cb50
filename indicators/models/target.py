"""What an indicator should reach, where and when."""

from django.conf import settings
from django.db import models

from indicators.models.base import choices, one_of
from indicators.models.indicator import Indicator
from indicators.models.school import School
from indicators.models.wave import Wave
from indicators.vocabulary import TargetType


class Target(models.Model):
    """One row is the target of an indicator for the project (no school) or one school in a wave.

    Shares are 0-1 here; percent exists only on pages and in files. `low` is the limit of
    *at least* and *change*, `high` of *at most*; a range has both. `revision` grows with every
    change and guards against two officers overwriting each other.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    school = models.ForeignKey(
        School, models.CASCADE, null=True, blank=True, related_name="targets"
    )
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="targets")
    type = models.CharField(max_length=20, choices=choices(TargetType))
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    rationale = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["indicator", "school", "wave"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "wave"],
                condition=models.Q(school__isnull=True),
                name="target_once_per_project",
            ),
            models.UniqueConstraint(
                fields=["indicator", "wave", "school"],
                condition=models.Q(school__isnull=False),
                name="target_once_per_school",
            ),
            models.CheckConstraint(
                condition=models.Q(type=TargetType.AT_LEAST, low__isnull=False, high__isnull=True)
                | models.Q(type=TargetType.AT_MOST, low__isnull=True, high__isnull=False)
                | models.Q(
                    type=TargetType.RANGE,
                    low__isnull=False,
                    high__isnull=False,
                    low__lte=models.F("high"),
                )
                | models.Q(type=TargetType.CHANGE, low__isnull=False, high__isnull=True)
                | models.Q(type=TargetType.CHANGE, low__isnull=True, high__isnull=False),
                name="target_limits_fit_type",
            ),
            one_of("type", TargetType, "target_type_known"),
        ]

    def __str__(self) -> str:
        place = self.school.code if self.school else "project"
        return f"{self.indicator.code} {place} {self.wave.code}"

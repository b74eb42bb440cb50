"""Comparisons that officers asked for: two groups of a measure, or two questionnaires."""

from django.conf import settings
from django.db import models

from indicators.models.base import choices, one_of
from indicators.models.indicator import Measure
from indicators.models.run import GapFigures, Run
from indicators.models.wave import Wave
from indicators.vocabulary import RunState


class Comparison(models.Model):
    """One row is one comparison on the data of one run, which it shares with all its readers.

    Two groups of `first`: then `second` is the same measure. Two questionnaires: no groups, and
    `why` says what makes their questions comparable where they are not the same question.
    `error` names what stood in the way of computing it.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="comparisons")
    first = models.ForeignKey(Measure, models.CASCADE, related_name="+")
    second = models.ForeignKey(Measure, models.CASCADE, related_name="+")
    group_by = models.CharField(max_length=20, blank=True)
    first_group = models.CharField(max_length=40, blank=True)
    second_group = models.CharField(max_length=40, blank=True)
    why = models.TextField(blank=True)
    state = models.CharField(max_length=20, choices=choices(RunState), default=RunState.WAITING)
    error = models.CharField(max_length=30, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["run", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "first", "second", "group_by", "first_group", "second_group"],
                name="comparison_once",
            ),
            models.CheckConstraint(
                condition=models.Q(group_by="", first_group="", second_group="")
                & ~models.Q(first=models.F("second"))
                | ~models.Q(group_by="")
                & models.Q(first=models.F("second"))
                & ~models.Q(first_group=models.F("second_group")),
                name="comparison_groups_or_measures",
            ),
            one_of("state", RunState, "comparison_state_known"),
        ]

    def __str__(self) -> str:
        sides = (self.first_group, self.second_group)
        return " / ".join(sides if self.group_by else (self.first.code, self.second.code))


class ComparisonWave(GapFigures):
    """One row is what one wave says to a comparison. No word: comparisons are exploratory."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="waves")
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="+")

    class Meta:
        ordering = ["comparison", "wave"]
        constraints = [
            models.UniqueConstraint(fields=["comparison", "wave"], name="comparison_wave_once")
        ]

    def __str__(self) -> str:
        return f"{self.comparison} {self.wave.code}"

"""Whether the figures of a calculation agree with each other."""

from django.db import models

from indicators.models.base import choices, one_of
from indicators.models.indicator import Measure
from indicators.models.run import Run
from indicators.models.school import School
from indicators.models.wave import Wave
from indicators.vocabulary import Inconsistency


class ConsistencyCheck(models.Model):
    """One row says how many comparisons between its figures a calculation made, by kind.

    `checked`: kind of inconsistency -> comparisons. A run stored before there were checks has none.
    """

    run = models.OneToOneField(Run, models.CASCADE, related_name="consistency_check")
    checked = models.JSONField(default=dict)
    n_findings = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["run"]

    def __str__(self) -> str:
        return str(self.run)


class ConsistencyFinding(models.Model):
    """One row is a figure of a calculation that contradicts another, and where it stands.

    `found` differs from `expected` by more than `tolerance`; shares are 0-1.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="consistency_findings")
    kind = models.CharField(max_length=30, choices=choices(Inconsistency))
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="+")
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="+")
    school = models.ForeignKey(School, models.CASCADE, null=True, blank=True, related_name="+")
    group_by = models.CharField(max_length=20, blank=True)
    group = models.CharField(max_length=90, blank=True)
    found = models.FloatField(null=True)
    expected = models.FloatField(null=True)
    tolerance = models.FloatField(default=0.0)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["run", "kind", "id"]
        constraints = [one_of("kind", Inconsistency, "consistency_finding_kind_known")]

    def __str__(self) -> str:
        return f"{self.measure.code}: {self.kind}"

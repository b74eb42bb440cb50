"""Facts that are counted or written down, not surveyed: desk data, activity log, manual values."""

from django.conf import settings
from django.db import models

from indicators.models.base import EditedModel
from indicators.models.indicator import Indicator
from indicators.models.instrument import Item
from indicators.models.school import School
from indicators.models.upload import Upload
from indicators.models.wave import Wave


class DeskValue(models.Model):
    """One row is one number of a desk source: table, school, period, level, name of the column.

    `table` is for example "ort" or "olympiad"; `level` is empty or the olympiad stage.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="desk_values")
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="desk_values")
    school = models.ForeignKey(School, models.PROTECT, related_name="desk_values")
    table = models.CharField(max_length=40)
    period = models.CharField(max_length=20)
    level = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=40)
    value = models.FloatField(null=True, blank=True)
    row = models.PositiveIntegerField()

    class Meta:
        ordering = ["table", "school", "period", "level", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "table", "school", "period", "level", "name"],
                name="desk_value_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.table}.{self.name} {self.school.code} {self.period}"


class ActivityLog(models.Model):
    """One row is one activity of an innovative school for its cluster."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="activities")
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="activities")
    school = models.ForeignKey(School, models.PROTECT, related_name="activities")
    happened_on = models.DateField()
    kind = models.CharField(max_length=40)
    n_schools = models.PositiveIntegerField(null=True, blank=True)
    n_teachers = models.PositiveIntegerField(null=True, blank=True)
    row = models.PositiveIntegerField()

    class Meta:
        ordering = ["happened_on", "school"]
        verbose_name_plural = "activity log"

    def __str__(self) -> str:
        return f"{self.school.code} {self.kind} {self.happened_on}"


class ClusterPlan(models.Model):
    """One row is the cluster of one innovative school: its size and whether a plan is signed."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="cluster_plans")
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="cluster_plans")
    school = models.ForeignKey(School, models.PROTECT, related_name="cluster_plans")
    n_schools = models.PositiveIntegerField(null=True, blank=True)
    is_signed = models.BooleanField(null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    row = models.PositiveIntegerField()

    class Meta:
        ordering = ["school"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "school"], name="cluster_plan_once")
        ]

    def __str__(self) -> str:
        return self.school.code


class ManualValue(models.Model):
    """One row is one value of an indicator typed by hand, with the document it comes from.

    Shares are 0-1 here.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="manual_values")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="manual_values")
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="manual_values")
    value = models.FloatField(null=True, blank=True)
    numerator = models.FloatField(null=True, blank=True)
    denominator = models.FloatField(null=True, blank=True)
    dated = models.DateField(null=True, blank=True)
    document = models.TextField(blank=True)
    entered_by = models.CharField(max_length=120, blank=True)
    row = models.PositiveIntegerField()

    class Meta:
        ordering = ["indicator", "wave"]
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "indicator", "wave"], name="manual_value_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.wave.code}"


class Note(EditedModel):
    """One row is one quote or finding of the qualitative part, tied to an indicator.

    It comes from a file (`upload`) or was typed on the site (`typed_at`), never both. Readers
    outside the team see it only when an officer marked it: `is_publishable`.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, null=True, blank=True, related_name="notes")
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="notes")
    indicator = models.ForeignKey(
        Indicator, models.SET_NULL, null=True, blank=True, related_name="notes"
    )
    school = models.ForeignKey(School, models.SET_NULL, null=True, blank=True, related_name="notes")
    item = models.ForeignKey(
        Item,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="notes",
        help_text="The open question it answers, where it is an answer.",
    )
    code = models.CharField(max_length=20)
    theme = models.CharField(max_length=200, blank=True)
    quote = models.TextField()
    language = models.CharField(max_length=5, blank=True)
    source = models.CharField(max_length=60, blank=True)
    speaker = models.CharField(max_length=120, blank=True)
    is_publishable = models.BooleanField(default=False)
    typed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["wave", "code"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "code"], name="note_once"),
            models.UniqueConstraint(
                fields=["wave", "code"],
                condition=models.Q(upload__isnull=True),
                name="note_typed_once",
            ),
            models.CheckConstraint(
                condition=models.Q(upload__isnull=False, typed_at__isnull=True)
                | models.Q(upload__isnull=True, typed_at__isnull=False),
                name="note_from_file_or_typed",
            ),
        ]

    def __str__(self) -> str:
        return self.code

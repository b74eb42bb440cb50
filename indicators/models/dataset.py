"""Accepted answers, kept by column. Never edited in place."""

from django.db import models

from indicators.models.base import RowDecision
from indicators.models.instrument import InstrumentVersion, Item
from indicators.models.upload import Upload
from indicators.models.wave import Wave


class Dataset(models.Model):
    """One row is the accepted table of one survey file: immutable, one entry per used answer sheet.

    `school_codes` lists the schools named; the column `_school` points into it.
    """

    upload = models.OneToOneField(Upload, models.CASCADE, related_name="dataset")
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="datasets")
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="datasets")
    school_codes = models.JSONField(default=list)
    n_opened = models.PositiveIntegerField()
    n_consented = models.PositiveIntegerField()
    n_answered = models.PositiveIntegerField()
    n_used = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, help_text="Of all columns: names the exact data.")

    class Meta:
        ordering = ["wave", "version", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    n_opened__gte=models.F("n_consented"),
                    n_consented__gte=models.F("n_answered"),
                    n_answered__gte=models.F("n_used"),
                ),
                name="dataset_funnel_narrows",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.wave} ({self.n_used})"


class SchoolArrival(models.Model):
    """One row is what one accepted file brought from one school: rows received and used.

    `last_on` is the day of the newest answer sheet, empty where the file has no dates.
    """

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="arrivals")
    school_code = models.CharField(max_length=20)
    n_received = models.PositiveIntegerField()
    n_used = models.PositiveIntegerField()
    last_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["dataset", "school_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "school_code"], name="school_arrival_once_per_dataset"
            ),
            models.CheckConstraint(
                condition=models.Q(n_received__gte=models.F("n_used")),
                name="school_arrival_narrows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_code}: {self.n_used}"


class AnswerColumn(models.Model):
    """One row is one column of a dataset: a zlib-packed little-endian array of codes.

    `name` is the item's name, or `_school` (index into `school_codes`), `_row` (row in the file) or
    `_weight` (doubles: for how many people a respondent stands, in a weighted sample).
    """

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="columns")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=80)
    dtype = models.CharField(max_length=8)
    length = models.PositiveIntegerField()
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["dataset", "name"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "name"], name="answer_column_once")
        ]

    def __str__(self) -> str:
        return self.name


class TextColumn(models.Model):
    """One row is one column of open answers: a zlib-packed JSON list, apart from the codes.

    `n_filled` of its `length` rows hold words.
    """

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="text_columns")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=80)
    length = models.PositiveIntegerField()
    n_filled = models.PositiveIntegerField(default=0)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["dataset", "name"]
        constraints = [models.UniqueConstraint(fields=["dataset", "name"], name="text_column_once")]

    def __str__(self) -> str:
        return self.name


class Exclusion(RowDecision):
    """One row leaves one row of a dataset out of all results, with the reason and who decided."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="exclusions")

    class Meta:
        ordering = ["dataset", "row"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "row"], name="exclusion_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="exclusion_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id}: {self.row}"

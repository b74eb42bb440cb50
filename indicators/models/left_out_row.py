"""Rows that do not belong to what a file brings."""

from django.db import models

from indicators.models.base import RowDecision
from indicators.models.upload import Upload


class LeftOutRow(RowDecision):
    """One row leaves one row of a file out before it is accepted, with the reason and who decided.

    `sheet` is empty for the one sheet of a questionnaire's file. After acceptance an `Exclusion`
    takes rows out of the results instead.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="left_out_rows")
    sheet = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["upload", "sheet", "row"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "sheet", "row"], name="left_out_row_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="left_out_row_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.row}"

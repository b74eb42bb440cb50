"""What the columns of files mean, as officers decided it."""

from django.conf import settings
from django.db import models

from indicators.models.instrument import Instrument, Item


class ColumnMapping(models.Model):
    """One row says what one header means in files of one questionnaire: an item, or leave it out.

    `key` is the sha256 of the header as it is compared, since wordings may be long.
    """

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="column_mappings")
    header = models.TextField()
    key = models.CharField(max_length=64)
    item = models.ForeignKey(
        Item,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="column_mappings",
        help_text="Empty: the column is left out.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["instrument", "id"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "key"], name="column_mapping_once"),
            models.CheckConstraint(
                condition=~models.Q(header=""), name="column_mapping_has_header"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.header[:80]}: {self.item.name if self.item else '–'}"

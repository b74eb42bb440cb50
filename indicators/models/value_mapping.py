"""Odd answers in files, and what they mean as officers decided it."""

from django.conf import settings
from django.db import models

from indicators.models.instrument import Item, ScaleOption
from indicators.models.upload import Upload

LONGEST_KEY = 600  # of a shown value (200), in small letters


class ValueMapping(models.Model):
    """One row says what one odd answer means in files of one question: option, number, or nothing.

    `key` is the value as it is compared: small letters, single spaces.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="value_mappings")
    value = models.TextField()
    key = models.CharField(max_length=LONGEST_KEY)
    option = models.ForeignKey(
        ScaleOption,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="value_mappings",
        help_text="Option and number empty: it counts as no answer.",
    )
    number = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["item", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "key"], name="value_mapping_once"),
            models.CheckConstraint(condition=~models.Q(key=""), name="value_mapping_has_value"),
            models.CheckConstraint(
                condition=models.Q(option__isnull=True) | models.Q(number__isnull=True),
                name="value_mapping_one_meaning",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value[:80]}: {self.meaning or '–'}"

    @property
    def meaning(self) -> str:
        """Name of the option, or the number; empty: no answer."""
        if self.option is not None:
            return self.option.name
        return "" if self.number is None else str(self.number)


class DoubtfulValue(models.Model):
    """One row is one answer of a file not, or only nearly, understood, or read by a decision.

    `kind` is that of the problem. `suggestion` names the option (or is the number) it is read as,
    or may mean; empty without one.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="doubtful_values")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+")
    value = models.TextField()
    key = models.CharField(max_length=LONGEST_KEY)
    kind = models.CharField(max_length=60)
    suggestion = models.CharField(max_length=60, blank=True)
    n_rows = models.PositiveIntegerField()

    class Meta:
        ordering = ["upload", "-n_rows", "id"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "item", "key"], name="doubtful_value_once")
        ]

    def __str__(self) -> str:
        return f"{self.value[:80]} ({self.n_rows})"

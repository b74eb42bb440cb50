"""What was done during fieldwork to be able to trust the answers."""

from django.conf import settings
from django.db import models

from indicators.models.base import choices, one_of
from indicators.models.instrument import Instrument
from indicators.models.wave import Wave
from indicators.vocabulary import FieldLogKind


class FieldLogEntry(models.Model):
    """One row is one entry of a wave's quality log: a pilot, the back-check of one interviewer, ...

    The three counts belong to back-checks: sheets the interviewer collected, sheets asked again,
    and of those the ones with the same answers.
    """

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="field_log")
    instrument = models.ForeignKey(
        Instrument, models.CASCADE, null=True, blank=True, related_name="field_log"
    )
    kind = models.CharField(max_length=20, choices=choices(FieldLogKind))
    happened_on = models.DateField()
    who = models.CharField(max_length=200)
    what = models.TextField()
    result = models.TextField(blank=True)
    n_collected = models.PositiveIntegerField(null=True, blank=True)
    n_checked = models.PositiveIntegerField(null=True, blank=True)
    n_agreed = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["wave", "happened_on", "id"]
        verbose_name_plural = "field log entries"
        constraints = [
            one_of("kind", FieldLogKind, "field_log_kind_known"),
            models.CheckConstraint(
                condition=models.Q(n_checked__isnull=True)
                | models.Q(n_collected__gte=models.F("n_checked")),
                name="field_log_checked_among_collected",
            ),
            models.CheckConstraint(
                condition=models.Q(n_agreed__isnull=True)
                | models.Q(n_checked__gte=models.F("n_agreed")),
                name="field_log_agreed_among_checked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave} {self.happened_on}: {self.who}"

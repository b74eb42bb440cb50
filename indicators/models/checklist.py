"""A director's checklist and what happened to it."""

from django.conf import settings
from django.db import models

from indicators.models.base import choices, one_of
from indicators.models.instrument import InstrumentVersion
from indicators.models.school import School
from indicators.models.upload import Upload
from indicators.models.wave import Wave
from indicators.vocabulary import ChecklistState


class Checklist(models.Model):
    """One row is the checklist of one school in one wave: answers as typed, by item name.

    `answers` hold option codes (numbers) or text; `revision` grows with every save.
    """

    school = models.ForeignKey(School, models.CASCADE, related_name="checklists")
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="checklists")
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="checklists")
    upload = models.ForeignKey(
        Upload, models.SET_NULL, null=True, blank=True, related_name="checklists"
    )
    state = models.CharField(
        max_length=20, choices=choices(ChecklistState), default=ChecklistState.DRAFT
    )
    answers = models.JSONField(default=dict, blank=True)
    comments = models.JSONField(default=dict, blank=True)
    filled_on = models.DateField(null=True, blank=True)
    filled_by = models.CharField(max_length=200, blank=True)
    return_reason = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["wave", "school"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "wave", "version"], name="checklist_once_per_school_and_wave"
            ),
            one_of("state", ChecklistState, "checklist_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.school.code} {self.wave.code}"


class ChecklistEvent(models.Model):
    """One row is one step of a checklist: saved, sent, returned, approved, loaded from a file."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["checklist", "at"]

    def __str__(self) -> str:
        return f"{self.checklist}: {self.kind}"

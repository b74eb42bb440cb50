"""What another definition would do to the numbers, worked out in the background."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from indicators.models.base import choices, one_of
from indicators.models.indicator import CompositeIndex, Indicator
from indicators.models.instrument import Instrument
from indicators.models.project import Project
from indicators.vocabulary import RunState

SILENCE = timedelta(minutes=2)  # after which a process is taken for stopped
UNFINISHED = (RunState.WAITING, RunState.RUNNING)


class DefinitionEffect(models.Model):
    """One row is one change of a definition that somebody looks at and that is not made yet.

    Of an indicator, or of an index where `instrument` is set; neither `indicator` nor `index`: a
    new one. `typed` is the change, `form` the page as it was sent, `mark` names what was typed.
    `content` is empty until it is done. `data_mark`: as for a preview of a file.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="definition_effects")
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, null=True, blank=True, related_name="+"
    )
    instrument = models.ForeignKey(
        Instrument, models.CASCADE, null=True, blank=True, related_name="+"
    )
    index = models.ForeignKey(
        CompositeIndex, models.CASCADE, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(null=True, blank=True)
    typed = models.JSONField(default=dict)
    form = models.TextField(blank=True)
    mark = models.CharField(max_length=64)
    content = models.JSONField(default=dict, blank=True)
    data_mark = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=20, choices=choices(RunState), default=RunState.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["project", "-id"]
        constraints = [
            one_of("state", RunState, "definition_effect_state_known"),
            models.CheckConstraint(
                condition=models.Q(percent__lte=100), name="definition_effect_percent_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(instrument__isnull=True, index__isnull=True)
                | models.Q(instrument__isnull=False, indicator__isnull=True),
                name="definition_effect_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator or self.index or self.instrument or self.project} #{self.pk}"

    @property
    def is_final(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def is_silent(self) -> bool:
        """Whether the process that works on it has not been heard of for long."""
        if self.state != RunState.RUNNING:
            return False
        return self.heard_at is None or timezone.now() - self.heard_at > SILENCE

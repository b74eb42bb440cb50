"""Long steps on the way of a file, taken in the background."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from indicators.models.base import choices, one_of
from indicators.models.upload import Upload
from indicators.vocabulary import RunState, UploadStep

SILENCE = timedelta(minutes=2)  # after which a process is taken for stopped
UNFINISHED = (RunState.WAITING, RunState.RUNNING)


class UploadJob(models.Model):
    """One row is one step of a large file, asked for and carried out in the background.

    What the step stores and the state "done" are written in one transaction: a job that is not done
    has stored nothing. `percent` is how far it is, `heard_at` when its process last said so;
    `attempts` counts the processes that took it up, and `error` names why it failed.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="jobs")
    step = models.CharField(max_length=20, choices=choices(UploadStep))
    state = models.CharField(max_length=20, choices=choices(RunState), default=RunState.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    cancel_asked = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["upload", "-id"]
        constraints = [
            one_of("step", UploadStep, "upload_job_step_known"),
            one_of("state", RunState, "upload_job_state_known"),
            models.UniqueConstraint(
                fields=["upload"],
                condition=models.Q(state__in=UNFINISHED),
                name="upload_job_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(percent__lte=100), name="upload_job_percent_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.upload}"

    @property
    def is_silent(self) -> bool:
        """Whether the process that works on it has not been heard of for long."""
        if self.state != RunState.RUNNING:
            return False
        return self.heard_at is None or timezone.now() - self.heard_at > SILENCE

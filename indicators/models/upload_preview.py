"""What a decision about a file would change, worked out before it is taken."""

from django.db import models

from indicators.models.base import choices, one_of
from indicators.models.upload import Upload
from indicators.vocabulary import PreviewStep


class UploadPreview(models.Model):
    """One row is one decision that can be taken about a file, with its outcome beforehand.

    `content` is empty until `finished_at`; `error` names why there is none. `data_mark` is the last
    entry of the audit log that changed data: with a newer one the preview is out of date.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="previews")
    step = models.CharField(max_length=20, choices=choices(PreviewStep))
    replaces = models.ForeignKey(
        Upload, models.CASCADE, null=True, blank=True, related_name="replaced_in"
    )
    content = models.JSONField(default=dict, blank=True)
    error = models.CharField(max_length=60, blank=True)
    data_mark = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["upload", "step"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "step"], name="preview_once"),
            one_of("step", PreviewStep, "preview_step_known"),
            models.CheckConstraint(
                condition=models.Q(step=PreviewStep.REPLACE, replaces__isnull=False)
                | ~models.Q(step=PreviewStep.REPLACE) & models.Q(replaces__isnull=True),
                name="preview_replaces_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.upload}"

"""Who did what."""

from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    """One row is one write, recorded in the same transaction. Rows are only ever added."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    project = models.ForeignKey(
        "indicators.Project", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=60, help_text="For example upload.accepted.")
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    object_label = models.CharField(max_length=300, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["project", "-at"], name="audit_by_project")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_label}"

"""Files as received, and everything found wrong in them."""

from django.conf import settings
from django.db import models

from indicators.models.base import choices, one_of
from indicators.models.instrument import InstrumentVersion
from indicators.models.project import Project
from indicators.models.wave import Wave
from indicators.vocabulary import FileKind, Severity, UploadState


class Upload(models.Model):
    """One row is one file as it was received, with its state on the way to data.

    The file is kept unchanged under its sha256; the sender's file name is only shown.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="uploads")
    wave = models.ForeignKey(Wave, models.PROTECT, null=True, blank=True, related_name="uploads")
    version = models.ForeignKey(
        InstrumentVersion, models.PROTECT, null=True, blank=True, related_name="uploads"
    )
    kind = models.CharField(
        max_length=20,
        choices=choices(FileKind),
        blank=True,
        help_text="Empty: the content did not show it and nobody has said it yet.",
    )
    state = models.CharField(
        max_length=20, choices=choices(UploadState), default=UploadState.RECEIVED
    )
    file_name = models.CharField(max_length=255)
    stored_as = models.CharField(max_length=200, help_text="Name in the storage, by sha256.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    format = models.CharField(max_length=60, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    value_mapping = models.JSONField(
        default=dict,
        blank=True,
        help_text="Odd answers by question, and what each was decided to mean when it was read.",
    )
    left_out = models.JSONField(
        default=dict,
        blank=True,
        help_text="Unknown names of schools whose rows are left out, with the reason.",
    )
    recognition = models.JSONField(
        default=dict, blank=True, help_text="What the content was taken for, and by what."
    )
    n_rows = models.PositiveIntegerField(default=0)
    n_problems = models.PositiveIntegerField(default=0)
    n_blocking = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawal_reason = models.TextField(blank=True)
    exclusions = models.JSONField(
        default=list, blank=True, help_text="Of a withdrawn file: rows left out by decision."
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            # The same file counts once per wave, so a repeated load cannot double the answers.
            models.UniqueConstraint(
                fields=["project", "sha256", "kind"],
                condition=models.Q(state=UploadState.ACCEPTED, version__isnull=True),
                name="upload_accepted_once",
            ),
            # One file may hold the answers to several questionnaires.
            models.UniqueConstraint(
                fields=["project", "sha256", "kind", "version"],
                condition=models.Q(state=UploadState.ACCEPTED),
                name="upload_accepted_once_per_version",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["", *(kind.value for kind in FileKind)]),
                name="upload_kind_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=UploadState.ACCEPTED, kind=""),
                name="upload_accepted_has_kind",
            ),
            one_of("state", UploadState, "upload_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=UploadState.ACCEPTED, n_blocking__gt=0),
                name="upload_accepted_has_no_blocking_problem",
            ),
            # `_by` may lie empty after an account is deleted; the time may not.
            models.CheckConstraint(
                condition=~models.Q(state=UploadState.ACCEPTED, accepted_at__isnull=True),
                name="upload_accepted_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class Problem(models.Model):
    """One row is one thing found in a file: where, what, and what to do about it."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="problems")
    severity = models.CharField(max_length=20, choices=choices(Severity))
    kind = models.CharField(max_length=60)
    sheet = models.CharField(max_length=120, blank=True)
    row = models.PositiveIntegerField(null=True, blank=True)
    column = models.TextField(blank=True)
    value = models.TextField(blank=True)
    suggestion = models.TextField(blank=True)
    params = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["upload", "id"]
        constraints = [one_of("severity", Severity, "problem_severity_known")]

    def __str__(self) -> str:
        return f"{self.kind} ({self.sheet} {self.row})"

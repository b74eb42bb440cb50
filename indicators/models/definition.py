"""Workbooks that say what a project is, and what was found in them."""

from django.conf import settings
from django.db import models

from indicators.models.base import choices, one_of
from indicators.models.project import Project
from indicators.vocabulary import DefinitionPart, DefinitionState


class DefinitionFile(models.Model):
    """One row is one workbook of the definition as received: register, framework, one form, agenda.

    `slot` names what it fills ("form student 2025100101"): one file waits and one holds per slot.
    The file is kept unchanged under its sha256; the sender's file name is only shown.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="definition_files")
    part = models.CharField(max_length=20, choices=choices(DefinitionPart))
    slot = models.CharField(max_length=200)
    state = models.CharField(
        max_length=20, choices=choices(DefinitionState), default=DefinitionState.WAITING
    )
    file_name = models.CharField(max_length=255)
    stored_as = models.CharField(max_length=200, help_text="Name in the storage, by sha256.")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["project", "part", "slot", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "slot"],
                condition=models.Q(state=DefinitionState.WAITING),
                name="definition_file_waits_once_per_slot",
            ),
            models.UniqueConstraint(
                fields=["project", "slot"],
                condition=models.Q(state=DefinitionState.HOLDS),
                name="definition_file_holds_once_per_slot",
            ),
            one_of("part", DefinitionPart, "definition_file_part_known"),
            one_of("state", DefinitionState, "definition_file_state_known"),
        ]

    def __str__(self) -> str:
        return self.file_name


class DefinitionCheck(models.Model):
    """One row is what the waiting files of a project would do, worked out when they were dropped.

    `mark` names the files it was worked out for; `problems` lists everything found in them and
    `preview` what would be added, changed and left.
    """

    project = models.OneToOneField(Project, models.CASCADE, related_name="definition_check")
    mark = models.CharField(max_length=64)
    problems = models.JSONField(default=list, blank=True)
    preview = models.JSONField(default=dict, blank=True)
    checked_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["project"]

    def __str__(self) -> str:
        return f"{self.project.code} {self.mark[:12]}"

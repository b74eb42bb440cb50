"""What an indicator or a composite index was defined as, version by version."""

from django.conf import settings
from django.db import models

from indicators.models.base import choices, one_of
from indicators.models.indicator import CompositeIndex, Indicator
from indicators.models.project import Project
from indicators.vocabulary import DefinitionSource


class DefinitionVersion(models.Model):
    """One row is one state of a definition; the highest number is the present one.

    Written in the transaction of the change and never altered. A definition that was never changed
    since versions are kept may have none.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="definition_versions")
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, null=True, blank=True, related_name="versions"
    )
    index = models.ForeignKey(
        CompositeIndex, models.CASCADE, null=True, blank=True, related_name="versions"
    )
    number = models.PositiveIntegerField()
    fields = models.JSONField(help_text="All fields of the definition in this version.")
    source = models.CharField(max_length=20, choices=choices(DefinitionSource))
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["project", "indicator", "index", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "number"],
                condition=models.Q(indicator__isnull=False),
                name="version_number_once_per_indicator",
            ),
            models.UniqueConstraint(
                fields=["index", "number"],
                condition=models.Q(index__isnull=False),
                name="version_number_once_per_index",
            ),
            models.CheckConstraint(
                condition=models.Q(indicator__isnull=False, index__isnull=True)
                | models.Q(indicator__isnull=True, index__isnull=False),
                name="version_of_indicator_or_index",
            ),
            one_of("source", DefinitionSource, "version_source_known"),
        ]

    def __str__(self) -> str:
        return f"{self.fields.get('code', '')} {self.number}"

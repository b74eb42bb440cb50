"""Texts of a report."""

from django.db import models

from indicators.models.base import EditedModel, in_language
from indicators.models.project import Project


class Paragraph(EditedModel):
    """One row is one text of the report, by its place in it: "summary", "limits".

    Texts cite figures by reference (`pipeline.citation`). Only a public one is shown to donors and
    directors.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="paragraphs")
    place = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    text_ky = models.TextField(blank=True)
    text_ru = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    is_public = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["project", "position", "place"]
        constraints = [
            models.UniqueConstraint(fields=["project", "place"], name="paragraph_place_once")
        ]

    def __str__(self) -> str:
        return self.place

    @property
    def text(self) -> str:
        return in_language(self, "text")

"""What the last study was promised to answer, and what was concluded."""

from django.db import models

from indicators.models.base import EditedModel, choices, in_language, one_of
from indicators.models.indicator import Indicator
from indicators.models.project import Project
from indicators.vocabulary import AgendaStatus


class AgendaQuestion(EditedModel):
    """One row is one question of the agenda, with the officer's conclusion.

    Conclusions cite figures by reference (`pipeline.citation`). `no_figure_reason` says why a
    decision cites none. Only a conclusion marked public is shown to donors and directors.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="agenda")
    code = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField(default=0)
    section = models.CharField(max_length=120, blank=True, help_text="Where it was promised.")
    question_ky = models.TextField(blank=True)
    question_ru = models.TextField(blank=True)
    question_en = models.TextField(blank=True)
    indicators = models.ManyToManyField(Indicator, related_name="agenda", blank=True)
    status = models.CharField(
        max_length=20, choices=choices(AgendaStatus), default=AgendaStatus.OPEN
    )
    conclusion_ky = models.TextField(blank=True)
    conclusion_ru = models.TextField(blank=True)
    conclusion_en = models.TextField(blank=True)
    no_figure_reason = models.TextField(blank=True)
    is_public = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["project", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="agenda_code_once"),
            one_of("status", AgendaStatus, "agenda_status_known"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def question(self) -> str:
        return in_language(self, "question")

    @property
    def conclusion(self) -> str:
        return in_language(self, "conclusion")

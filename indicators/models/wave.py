"""Rounds of measurement and the questionnaires used in them."""

from django.db import models

from indicators.models.base import EditedModel, NamedModel, choices, one_of
from indicators.models.instrument import InstrumentVersion
from indicators.models.project import Project
from indicators.models.school import School
from indicators.vocabulary import Selection, WaveKind, WaveState


class Wave(NamedModel, EditedModel):
    """One row is one round of measurement with its field dates."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="waves")
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, choices=choices(WaveKind))
    state = models.CharField(max_length=20, choices=choices(WaveState), default=WaveState.OPEN)
    position = models.PositiveSmallIntegerField(default=0)
    field_start = models.DateField()
    field_end = models.DateField()
    school_year = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["project", "position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="wave_code_once"),
            models.UniqueConstraint(fields=["project", "position"], name="wave_position_once"),
            models.CheckConstraint(
                condition=models.Q(field_end__gte=models.F("field_start")),
                name="wave_dates_ordered",
            ),
            one_of("kind", WaveKind, "wave_kind_known"),
            one_of("state", WaveState, "wave_state_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class WaveInstrument(models.Model):
    """One row says which version of a questionnaire a wave uses and how its respondents came in."""

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="wave_instruments")
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="wave_instruments")
    selection = models.CharField(max_length=40, choices=choices(Selection))
    n_invited = models.PositiveIntegerField(
        null=True, blank=True, help_text="People asked, for the response rate."
    )

    class Meta:
        ordering = ["wave", "version"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "version"], name="version_once_per_wave"),
            one_of("selection", Selection, "wave_instrument_selection_known"),
        ]

    def __str__(self) -> str:
        return f"{self.wave}: {self.version}"


class FieldPlan(models.Model):
    """One row is how many people of one school a questionnaire of a wave is to reach."""

    use = models.ForeignKey(WaveInstrument, models.CASCADE, related_name="field_plans")
    school = models.ForeignKey(School, models.CASCADE, related_name="field_plans")
    n_expected = models.PositiveIntegerField()

    class Meta:
        ordering = ["use", "school"]
        constraints = [
            models.UniqueConstraint(fields=["use", "school"], name="field_plan_once_per_school")
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.school.code}: {self.n_expected}"

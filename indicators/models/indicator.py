"""Composite indices, measures and the register of indicators."""

from django.db import models

from indicators.models.base import EditedModel, NamedModel, choices, in_language, one_of
from indicators.models.instrument import Instrument, Item
from indicators.models.project import Project
from indicators.vocabulary import BaselinePolicy, Direction, Level, MeasureKind


class CompositeIndex(NamedModel, EditedModel):
    """One row is one index: the mean of a person's answers to related items."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="indices")
    code = models.CharField(max_length=60)
    statistic = models.CharField(
        max_length=20, choices=[("mean", "mean"), ("percent_positive", "percent_positive")]
    )
    positive_codes = models.JSONField(
        default=list, blank=True, help_text="Codes that count as positive (percent_positive only)."
    )
    scale_min = models.FloatField()
    scale_max = models.FloatField()
    min_answered_share = models.FloatField(default=0.5)
    rescaled_min = models.FloatField(null=True, blank=True)
    rescaled_max = models.FloatField(null=True, blank=True)
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["instrument", "position"]
        verbose_name_plural = "composite indices"
        constraints = [
            models.UniqueConstraint(fields=["instrument", "code"], name="index_code_once"),
            models.CheckConstraint(
                condition=models.Q(scale_max__gt=models.F("scale_min")), name="index_scale_ordered"
            ),
            models.CheckConstraint(
                condition=models.Q(min_answered_share__gt=0, min_answered_share__lte=1),
                name="index_min_share_inside_0_1",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class IndexItem(models.Model):
    """One row is one item of an index."""

    index = models.ForeignKey(CompositeIndex, models.CASCADE, related_name="index_items")
    item = models.ForeignKey(Item, models.PROTECT, related_name="index_items")
    is_reversed = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["index", "position"]
        constraints = [
            models.UniqueConstraint(fields=["index", "item"], name="item_once_per_index")
        ]

    def __str__(self) -> str:
        return f"{self.index.code}: {self.item}"


class Measure(models.Model):
    """One row is one thing computed: an index mean, a share, a gap, a count, a desk value.

    `code` names it for good, for example `index:satisfaction`, `item:s_feel_safe`,
    `share:s_feel_safe:4,5`, `gap:s_feel_safe:sex:1-2`. Which columns are filled follows `kind`.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="measures")
    code = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, choices=choices(MeasureKind))
    index = models.ForeignKey(
        CompositeIndex, models.PROTECT, null=True, blank=True, related_name="measures"
    )
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="measures")
    second_item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="second_measures"
    )
    codes = models.JSONField(default=list, blank=True, help_text="Option codes that count.")
    option = models.CharField(max_length=60, blank=True, help_text="Option of a multi item.")
    source = models.CharField(
        max_length=80, blank=True, help_text="Desk table, log field or event types."
    )

    class Meta:
        ordering = ["project", "code"]
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="measure_code_once"),
            models.CheckConstraint(
                condition=~models.Q(index__isnull=False, item__isnull=False),
                name="measure_index_or_item",
            ),
            one_of("kind", MeasureKind, "measure_kind_known"),
        ]

    def __str__(self) -> str:
        return self.code


class Indicator(NamedModel, EditedModel):
    """One row is one indicator of the register with its reference sheet."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="indicators")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="indicators")
    code = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField(default=0)
    is_headline = models.BooleanField(default=False)
    is_descriptive = models.BooleanField(default=False)
    is_context = models.BooleanField(default=False)
    definition_ky = models.TextField(blank=True)
    definition_ru = models.TextField(blank=True)
    definition_en = models.TextField(blank=True)
    level = models.CharField(max_length=20, choices=choices(Level))
    respondent = models.CharField(max_length=40, help_text="Source, for example student+teacher.")
    unit = models.CharField(max_length=60, blank=True)
    direction = models.CharField(max_length=20, choices=choices(Direction))
    disaggregation = models.JSONField(default=list, blank=True)
    responsible_ky = models.CharField(max_length=120, blank=True)
    responsible_ru = models.CharField(max_length=120, blank=True)
    responsible_en = models.CharField(max_length=120, blank=True)
    frequency = models.CharField(max_length=60, blank=True)
    baseline_policy = models.CharField(max_length=20, choices=choices(BaselinePolicy))
    decimals = models.PositiveSmallIntegerField(default=2)
    has_response_shift = models.BooleanField(
        default=False, help_text="A fall may mean higher demands on oneself, not less skill."
    )
    margin = models.FloatField(
        null=True, blank=True, help_text="Smallest change that matters; empty: the project's rule."
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["project", "position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="indicator_code_once"),
            one_of("level", Level, "indicator_level_known"),
            one_of("direction", Direction, "indicator_direction_known"),
            one_of("baseline_policy", BaselinePolicy, "indicator_baseline_policy_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def definition(self) -> str:
        return in_language(self, "definition")

"""Questionnaires: versions, blocks, scales and items whose identity lasts over the waves."""

from django.conf import settings
from django.db import models

from indicators.models.base import EditedModel, LabelledModel, NamedModel, choices, one_of
from indicators.models.project import Project
from indicators.vocabulary import ItemKind, Respondent


class Instrument(NamedModel, EditedModel):
    """One row is one questionnaire of the project, for one kind of respondent."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="instruments")
    code = models.CharField(max_length=40)
    respondent = models.CharField(max_length=20, choices=choices(Respondent))
    is_anonymous = models.BooleanField(default=True)
    allows_index = models.BooleanField(
        default=True, help_text="Off where no composite index may be built (see the limits)."
    )
    limits_ky = models.TextField(blank=True)
    limits_ru = models.TextField(blank=True)
    limits_en = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["project", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="instrument_code_once"),
            one_of("respondent", Respondent, "instrument_respondent_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class InstrumentVersion(models.Model):
    """One row is one wording of a questionnaire, as its XLSForm has it."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="versions")
    version = models.CharField(max_length=40)
    title = models.CharField(max_length=300, blank=True)
    source_name = models.CharField(max_length=200, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["instrument", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "version"], name="instrument_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.version}"


class Block(LabelledModel):
    """One row is one section of a questionnaire."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="blocks")
    code = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["instrument", "position"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "code"], name="block_code_once")
        ]

    def __str__(self) -> str:
        return self.label or self.code


class Scale(models.Model):
    """One row is one list of answer options."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="scales")
    code = models.CharField(max_length=60)

    class Meta:
        ordering = ["project", "code"]
        constraints = [models.UniqueConstraint(fields=["project", "code"], name="scale_code_once")]

    def __str__(self) -> str:
        return self.code


class ScaleOption(LabelledModel):
    """One row is one option of a scale. `code` is the number used in statistics."""

    scale = models.ForeignKey(Scale, models.CASCADE, related_name="options")
    name = models.CharField(max_length=60)
    code = models.SmallIntegerField()
    is_substantive = models.BooleanField(
        default=True, help_text="Off for don't know and refused: never scored in means."
    )
    position = models.PositiveSmallIntegerField(default=0)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["scale", "position"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "name"], name="scale_option_name_once"),
            models.UniqueConstraint(fields=["scale", "code"], name="scale_option_code_once"),
            models.CheckConstraint(
                condition=models.Q(code__gt=-128), name="scale_option_code_not_missing_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scale}: {self.label or self.name}"


class Item(LabelledModel):
    """One row is one question whose identity lasts over versions and waves."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="items")
    block = models.ForeignKey(Block, models.SET_NULL, null=True, blank=True, related_name="items")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=choices(ItemKind))
    scale = models.ForeignKey(Scale, models.PROTECT, null=True, blank=True, related_name="items")
    horizon = models.CharField(max_length=20, blank=True)
    is_opinion = models.BooleanField(
        default=False, help_text="Opinions of a director are published only as totals."
    )
    max_selected = models.PositiveSmallIntegerField(null=True, blank=True)
    exclusive_option = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    continues = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="continued_by",
        help_text="The question whose series this one carries on under a new name.",
    )

    class Meta:
        ordering = ["instrument", "position"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "name"], name="item_name_once"),
            one_of("kind", ItemKind, "item_kind_known"),
            models.CheckConstraint(
                condition=~models.Q(continues=models.F("id")), name="item_continues_another"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ItemVersion(LabelledModel):
    """One row is one item as worded and named in one version of its questionnaire."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="versions")
    version = models.ForeignKey(InstrumentVersion, models.CASCADE, related_name="item_versions")
    name_in_version = models.CharField(max_length=80)
    is_required = models.BooleanField(default=False)
    relevant = models.TextField(blank=True, help_text="Rule of the form for asking it.")
    asked = models.JSONField(
        default=dict,
        blank=True,
        help_text="How the form asks it: kind, section, valid answers, ticks, options as printed."
        " Empty where the version was stored before this was kept.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="item_once_per_version"),
            models.UniqueConstraint(
                fields=["version", "name_in_version"], name="item_name_once_per_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_in_version} ({self.version})"


class WordingDecision(models.Model):
    """One row is one decision whether answers to a question, as one version asks it, carry on the
    series of the version before. The newest decision about a question is in force.
    """

    question = models.ForeignKey(ItemVersion, models.CASCADE, related_name="decisions")
    is_comparable = models.BooleanField()
    reason = models.TextField(blank=True)
    is_from_file = models.BooleanField(
        default=False, help_text="On when the framework file says so and no person."
    )
    decided_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["question", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_from_file=True) | ~models.Q(reason=""),
                name="wording_decision_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {'comparable' if self.is_comparable else 'not comparable'}"

"""Results on the questions themselves: answers, components and reliability of indices, tests."""

from django.db import models

from indicators.models.base import both_or_neither, choices
from indicators.models.indicator import Measure
from indicators.models.instrument import Item
from indicators.models.run import Run
from indicators.models.wave import Wave
from indicators.vocabulary import Reason


class Reliability(models.Model):
    """One row says how well the items of one index hang together in one wave, all schools together.

    `n` answer sheets, `n_scored` with a score, of which `n_prorated` from fewer items than were
    asked; `n_too_few` with some answers but no score; `n_complete` with every item asked.
    `item_rest` and `item_missing` by item name; `value_complete` is the index of complete sheets.
    Two items have `alpha_std` (Spearman-Brown) and no alpha. `reason` says why there is none.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="reliabilities")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="reliabilities")
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="reliabilities")
    n = models.PositiveIntegerField()
    n_scored = models.PositiveIntegerField()
    n_prorated = models.PositiveIntegerField()
    n_too_few = models.PositiveIntegerField()
    n_complete = models.PositiveIntegerField()
    n_items = models.PositiveSmallIntegerField()
    value_complete = models.FloatField(null=True)
    alpha = models.FloatField(null=True)
    alpha_low = models.FloatField(null=True)
    alpha_high = models.FloatField(null=True)
    alpha_std = models.FloatField(null=True)
    mean_r = models.FloatField(null=True)
    omega = models.FloatField(null=True)
    item_rest = models.JSONField(null=True, blank=True)
    item_missing = models.JSONField(default=dict, blank=True)
    not_asked = models.JSONField(default=list, blank=True)
    flags = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=30, blank=True, choices=choices(Reason))

    class Meta:
        ordering = ["run", "measure", "wave"]
        constraints = [
            models.UniqueConstraint(fields=["run", "measure", "wave"], name="reliability_once"),
            both_or_neither("alpha_low", "alpha_high", "reliability_interval_has_both_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.measure.code} {self.wave.code}"


class DistributionTest(models.Model):
    """One row says whether the answers to one item are spread otherwise than in an earlier wave.

    On the schools of both waves. `f`, `ndf`, `ddf`, `p`: Rao-Scott F; `p_adjusted` among the items
    of the questionnaire, `has_changed` follows it. `end_share`: the larger share of answers at an
    end of the scale, both waves together; `rank_*`: the rank test, where that share asks for it.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="distribution_tests")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="distribution_tests")
    wave_from = models.ForeignKey(Wave, models.CASCADE, related_name="+")
    wave_to = models.ForeignKey(Wave, models.CASCADE, related_name="+")
    n_baseline = models.PositiveIntegerField()
    n_endline = models.PositiveIntegerField()
    n_schools = models.PositiveIntegerField()
    f = models.FloatField(null=True)
    ndf = models.FloatField(null=True)
    ddf = models.FloatField(null=True)
    p = models.FloatField(null=True)
    p_adjusted = models.FloatField(null=True)
    has_changed = models.BooleanField(null=True)
    end_share = models.FloatField(null=True)
    rank_difference = models.FloatField(null=True)
    rank_se = models.FloatField(null=True)
    rank_df = models.FloatField(null=True)
    rank_p = models.FloatField(null=True)
    reason = models.CharField(max_length=30, blank=True, choices=choices(Reason))

    class Meta:
        ordering = ["run", "measure", "wave_to"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "measure", "wave_from", "wave_to"], name="distribution_test_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure.code} {self.wave_from.code}-{self.wave_to.code}"


class ItemResult(models.Model):
    """One row says how one question was answered in one wave, all schools together.

    `n_sheets` asked it, `n` gave any answer ("don't know" included: the base of all shares),
    `n_scored` an answer that counts in `mean` and `sd`. `counts` by code of the option, by value or
    band of a number; of several options by option ticked, `n_mentions` being their sum. `common`:
    the mean on the scale 1 to 5. `low`, `top`: share of the two lowest and highest options. The
    last four belong to a question that recommends from 0 to 10. An open question has its `n` alone.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="item_results")
    item = models.ForeignKey(Item, models.CASCADE, related_name="results")
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="item_results")
    n_sheets = models.PositiveIntegerField()
    n = models.PositiveIntegerField()
    n_scored = models.PositiveIntegerField(default=0)
    n_mentions = models.FloatField(null=True)
    counts = models.JSONField(null=True, blank=True)
    mean = models.FloatField(null=True)
    sd = models.FloatField(null=True)
    common = models.FloatField(null=True)
    low = models.FloatField(null=True)
    top = models.FloatField(null=True)
    promoters = models.FloatField(null=True)
    passives = models.FloatField(null=True)
    detractors = models.FloatField(null=True)
    score = models.FloatField(null=True)

    class Meta:
        ordering = ["run", "item", "wave"]
        constraints = [
            models.UniqueConstraint(fields=["run", "item", "wave"], name="item_result_once"),
            models.CheckConstraint(
                condition=models.Q(n__lte=models.F("n_sheets"))
                & models.Q(n_scored__lte=models.F("n")),
                name="item_result_bases_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.wave.code}"


class IndexComponent(models.Model):
    """One row is one question as a part of an index.

    Without `wave_from` it says how `wave` stands (`endline`: mean, `share_endline`: share of the
    index), all schools together. With it both waves stand on the schools and questions the change
    rests on: `contribution` adds up to the change of the index over its questions, and
    `from_answered` is the part of it that comes from who answered which question.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="components")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="components")
    item = models.ForeignKey(Item, models.CASCADE, related_name="components")
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="components")
    wave_from = models.ForeignKey(Wave, models.CASCADE, null=True, related_name="+")
    n_baseline = models.PositiveIntegerField(null=True)
    n_endline = models.PositiveIntegerField(null=True)
    baseline = models.FloatField(null=True)
    endline = models.FloatField(null=True)
    difference = models.FloatField(null=True)
    contribution = models.FloatField(null=True)
    from_answered = models.FloatField(null=True)
    share_baseline = models.FloatField(null=True)
    share_endline = models.FloatField(null=True)

    class Meta:
        ordering = ["run", "measure", "wave", "item"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "measure", "item", "wave"], name="index_component_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure.code} {self.item} {self.wave.code}"

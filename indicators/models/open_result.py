"""What a run stored about open answers. Never edited."""

from django.db import models

from indicators.models.coding import Theme
from indicators.models.instrument import Item
from indicators.models.run import Run
from indicators.models.wave import Wave


class OpenQuestion(models.Model):
    """One row is the coding of one open question in one wave.

    `n_answers` people wrote something, `n_coded` of these answers were read by a coder, in
    `n_themed` some theme was found. `n_double` answers were read by two coders: `agreement` (share
    of decisions alike, 0-1) and `kappa` with its 95 % interval are over all themes together.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="open_questions")
    item = models.ForeignKey(Item, models.CASCADE, related_name="open_questions")
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="open_questions")
    n_used = models.PositiveIntegerField()
    n_answers = models.PositiveIntegerField()
    n_coded = models.PositiveIntegerField()
    n_themed = models.PositiveIntegerField()
    n_coders = models.PositiveIntegerField()
    n_double = models.PositiveIntegerField()
    agreement = models.FloatField(null=True)
    kappa = models.FloatField(null=True)
    kappa_low = models.FloatField(null=True)
    kappa_high = models.FloatField(null=True)

    class Meta:
        ordering = ["run", "item", "wave"]
        constraints = [
            models.UniqueConstraint(fields=["run", "item", "wave"], name="open_question_once"),
            models.CheckConstraint(
                condition=models.Q(
                    n_used__gte=models.F("n_answers"),
                    n_answers__gte=models.F("n_coded"),
                    n_coded__gte=models.F("n_themed"),
                ),
                name="open_question_narrows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.name} {self.wave.code}"


class ThemeShare(models.Model):
    """One row is how many of the coded answers of a wave speak of one theme.

    `share` = `n_with` / `n` (0-1); `n` are the coded answers, those without any theme included.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="theme_shares")
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="shares")
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="theme_shares")
    n = models.PositiveIntegerField()
    n_with = models.PositiveIntegerField()
    share = models.FloatField(null=True)
    n_double = models.PositiveIntegerField(default=0)
    agreement = models.FloatField(null=True)
    kappa = models.FloatField(null=True)
    kappa_low = models.FloatField(null=True)
    kappa_high = models.FloatField(null=True)

    class Meta:
        ordering = ["run", "theme", "wave"]
        constraints = [
            models.UniqueConstraint(fields=["run", "theme", "wave"], name="theme_share_once"),
            models.CheckConstraint(
                condition=models.Q(n__gte=models.F("n_with")), name="theme_share_among_coded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme.code} {self.wave.code}"

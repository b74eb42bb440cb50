"""Method sections 11 to 13 and 15: size, families of tests, targets, words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from indicators.presenters.method.shapes import Mark, Method
from indicators.vocabulary import Reason as R

SIZE = (
    Method(
        stem="effect-size",
        section="11",
        mark=Mark.PAGE,
        title=_("Effect size of the project: Hedges g with clusters"),
        question=_("How large is the change, whatever the scale?"),
        how=_(
            "The change divided by the pooled standard deviation of the people of both waves, "
            "corrected for small numbers. Its error takes the CR2 error of the change, so that the "
            "schools are allowed for; ordinary limits of g ignore them."
        ),
        when=_("Every tested change; printed in “How the change was judged”."),
        formulas=(
            "g = J d/s_p",
            "SE_g^2 = J^2 (SE_CR2/s_p)^2 + g^2/(2m),  m = n_1 + n_2 − 2",
        ),
        symbols=("g_eff", "d", "s_p", "J", "n1"),
        refuses=(R.NO_DATA, R.NOT_IN_BOTH_WAVES, R.TOO_FEW_CLUSTERS, R.ZERO_VARIANCE),
        sources=("Hedges 1981", "Hedges 2007", "What Works Clearinghouse 2022"),
        r=("J * d / sd_pooled",),
        code=("indicators.stats.effects.g_clustered",),
        oracles=("J01",),
    ),
    Method(
        stem="no-meaningful-change",
        section="11",
        mark=Mark.PAGE,
        title=_("Too small to matter: equivalence"),
        question=_("Can a change that matters be ruled out?"),
        how=_(
            "The smallest change that matters is set before the second wave: by the indicator, "
            "else by the project's settings, in standard deviations of the baseline for means and "
            "gaps and in points for shares and the recommend score. If the whole 90 percent range "
            "lies within it on both sides, a larger change is ruled out. That is the outcome of "
            "two one-sided tests at 5 percent."
        ),
        when=_("Every tested change. An unclear result alone never means “no change”."),
        formulas=(
            "−δ < d ± t_(.95, df) SE < δ",
            "p = max(P(T > (d + δ)/SE), P(T < (d − δ)/SE))",
        ),
        symbols=("delta", "d", "SE", "t_q"),
        sources=("Schuirmann 1987", "Lakens 2017"),
        r=("pt((d + delta) / se, df, lower.tail = FALSE)", "pt((d - delta) / se, df)"),
        code=(
            "indicators.pipeline.change.margin_for",
            "indicators.stats.verdict.verdict_change",
            "indicators.stats.verdict.tost",
        ),
        oracles=("H01",),
    ),
)

FAMILIES = (
    Method(
        stem="families",
        section="12",
        mark=Mark.PAGE,
        title=_("Many tests at once: Holm, Benjamini-Hochberg"),
        question=_("How many of so many changes are chance?"),
        how=_(
            "Tests that a reader sees together are judged together. Headline indicators: Holm, so "
            "that a single false alarm among them stays rare. The other indicators of a "
            "questionnaire, and the schools of one indicator: Benjamini-Hochberg, so that few of "
            "the changes found are false. Each pair of waves is a family of its own."
        ),
        when=_("All tested changes of the register. What is refused a test is in no family."),
        care=_(
            "The adjusted p decides the word, ranges stay unadjusted: a range without 0 beside “no "
            "clear change” is possible and right. The sign flip is not adjusted."
        ),
        formulas=(
            "Holm:  p\u0303_i = max_(j≤i) min(1, (k − j + 1) p_j)",
            "BH:  p\u0303_i = min_(j≥i) min(1, (k p_j)/j)",
        ),
        symbols=("p_adj",),
        refuses=(R.EXPLORATORY,),
        sources=("Holm 1979", "Benjamini & Hochberg 1995"),
        r=('p.adjust(p, "holm")', 'p.adjust(p, "BH")'),
        code=(
            "indicators.pipeline.families.judge_families",
            "indicators.stats.families.holm",
            "indicators.stats.families.benjamini_hochberg",
        ),
        oracles=("F06", "G01", "G02", "G03"),
    ),
)

TARGETS = (
    Method(
        stem="target",
        section="13",
        mark=Mark.PAGE,
        title=_("Target of a mean or a change"),
        question=_("Is the target reached, and beyond doubt?"),
        how=_(
            "Two statements are kept apart: did the value reach the target, and is that credible? "
            "Met: the range, of 90 percent unless the project sets another, lies wholly on the "
            "right side. Not met: wholly on the wrong side. Otherwise it is too close to call. The "
            "probability of having reached it is printed as well."
        ),
        when=_("Targets whose wave has data."),
        care=_(
            "Checklists, facts and values without spread are judged by the value alone, and marked "
            "so."
        ),
        formulas=("θ ± t_(.95, df) SE", "P = F((θ − T)/SE)"),
        symbols=("theta", "SE", "T", "F_t"),
        refuses=(R.SELF_SELECTED, R.NOT_COMPARABLE, R.TOO_FEW_RESPONDENTS, R.NO_DATA),
        r=("pt((m - target) / se, df)",),
        code=("indicators.stats.targets.target_mean", "indicators.pipeline.assess.assess"),
        oracles=("K01",),
    ),
    Method(
        stem="target-share",
        section="13",
        mark=Mark.PAGE,
        title=_("Target of a share"),
        question=_("Is the target of a share reached, and beyond doubt?"),
        how=_(
            "The same with the plausible values of a share: a Beta distribution with the effective "
            "number of answers. For the change of a share in one school the limits of Newcombe "
            "decide."
        ),
        when=_("Shares of the project, its groups and its schools."),
        formulas=("Beta(n_eff p + 1/2, n_eff (1 − p) + 1/2)",),
        symbols=("n_eff", "p"),
        refuses=(R.SELF_SELECTED, R.NOT_COMPARABLE, R.TOO_FEW_RESPONDENTS, R.NO_DATA),
        sources=("Korn & Graubard 1998",),
        r=("pbeta(target, n_eff * p + 0.5, n_eff * (1 - p) + 0.5)",),
        code=("indicators.stats.targets.target_prop",),
        oracles=("K02",),
    ),
    Method(
        stem="target-progress",
        section="13",
        mark=Mark.PAGE,
        title=_("On the way to a target"),
        question=_("Is a target that is not due within reach?"),
        how=_(
            "The share of the way gone is set against the share of the time gone. On track: the "
            "share of the way is at least that of the time, times the project's setting, and "
            "progress is beyond doubt. Off track: even its upper limit stays below. Otherwise it "
            "cannot be told yet. Counted facts have no range: their value alone decides."
        ),
        when=_("Targets whose wave is still to come, with at least one wave after the baseline."),
        care=_(
            "There is no such share for a range, for an indicator that is to be maintained, or "
            "when the baseline had reached the target."
        ),
        formulas=("s = d/(T − b)", "s ≥ κ e,  s_L > 0", "s_U < κ e"),
        symbols=("s_way", "d", "T", "b", "e_time", "o"),
        code=(
            "indicators.stats.targets.share_closed",
            "indicators.stats.targets.progress_status",
        ),
    ),
)

WORDS = (
    Method(
        stem="verdict",
        section="15",
        mark=Mark.PAGE,
        title=_("The words for a change"),
        question=_("When is a change called a change?"),
        how=_(
            "Two questions decide. Is the adjusted p below the project's limit, and with six to "
            "eleven schools the sign flip too? Then the figure increased or decreased. Does the 90 "
            "percent range lie within the smallest change that matters? Then it did so a little, "
            "or, where no change is clear, there is no meaningful change. Whether the direction is "
            "wanted is a second mark, from the register."
        ),
        when=_("Every tested change of an indicator. “No clear change” is not “no change”."),
        care=_(
            "There is no comparison group: the words say that something changed, not what caused "
            "it."
        ),
        formulas=("p\u0303 < α", "−δ < d ± t_(.95, df) SE < δ"),
        symbols=("p_adj", "alpha", "delta", "d"),
        refuses=(R.EXPLORATORY, R.NOT_COMPARABLE),
        code=("indicators.stats.verdict.verdict_change",),
        oracles=("V01", "V02", "V03", "V04", "V05", "V06", "V07", "V08", "V09", "V10"),
    ),
)

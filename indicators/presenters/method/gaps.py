"""Method sections 6 and 7: gaps between answers, and distributions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from indicators.presenters.method.shapes import Mark, Method
from indicators.vocabulary import Reason as R

GAPS = (
    Method(
        stem="gap",
        section="6",
        mark=Mark.PAGE,
        title=_("Gap inside schools"),
        question=_("Do girls and boys, or teachers and students, answer differently?"),
        how=_(
            "The difference of two means from the same schools: two groups of one question, or one "
            "question asked of two kinds of respondents. Both sides are put into one table with "
            "the school as the unit, because what a school has in common moves both. People of "
            "unknown group belong to no side."
        ),
        when=_("Indicators that are gaps, and girls minus boys of indicators shown by sex."),
        care=_(
            "A gap can come from two groups using a scale differently. Ranges of girls minus boys "
            "are not adjusted for their number and lead to no verdict."
        ),
        formulas=("θ = m_A − m_B",),
        symbols=("theta", "AB"),
        refuses=(
            R.SELF_SELECTED,
            R.CENSUS,
            R.NO_DATA,
            R.NOT_IN_BOTH_WAVES,
            R.TOO_FEW_CLUSTERS,
            R.ZERO_VARIANCE,
        ),
        sources=("Bell & McCaffrey 2002", "Pustejovsky & Tipton 2018"),
        r=("clubSandwich::coef_test(lm(y ~ side), ...)", "survey::svycontrast"),
        code=("indicators.pipeline.gap.gap_estimate", "indicators.stats.cr2.contrast_cr2"),
        oracles=("E01", "E02", "E03", "E04"),
    ),
    Method(
        stem="gap-change",
        section="6",
        mark=Mark.PAGE,
        title=_("Change of a gap (difference in differences)"),
        question=_("Did the gap close?"),
        how=_(
            "The gap of the second wave minus the gap of the first, on the schools with answers in "
            "both, with CR2 for the four means. The second look takes the gap of every school with "
            "at least five answers in each of the four cells. Stable habits of using a scale "
            "cancel out, so that a changed gap says more than a gap."
        ),
        when=_("Indicators that are gaps, with two waves."),
        care=_(
            "The words concern the signed difference. For a gap below 0 “increased” means that it "
            "closed; read it with both levels."
        ),
        formulas=("θ = (m_A2 − m_B2) − (m_A1 − m_B1)",),
        symbols=("theta", "AB"),
        refuses=(
            R.SELF_SELECTED,
            R.CENSUS,
            R.NOT_IN_BOTH_WAVES,
            R.TOO_FEW_CLUSTERS,
            R.ZERO_VARIANCE,
            R.NOT_COMPARABLE,
        ),
        sources=("Bell & McCaffrey 2002", "Pustejovsky & Tipton 2018"),
        r=("clubSandwich::coef_test(lm(y ~ side * wave), ...)",),
        code=("indicators.pipeline.gap.gap_change", "indicators.stats.cr2.contrast_cr2"),
        oracles=("E05", "E06", "E07", "E08"),
    ),
    Method(
        stem="gap-kinds",
        section="6",
        mark=Mark.PAGE,
        title=_("Gap between kinds of schools"),
        question=_("Do urban and rural schools differ?"),
        how=_(
            "Each school lies wholly on one side, so that schools are compared with schools. The "
            "degrees of freedom are one fewer; CR2 finds that itself. Six schools are asked for on "
            "each side."
        ),
        when=_("Attributes of schools with two kinds, such as urban and rural."),
        formulas=("θ = m_A − m_B,  df = n_PSU − H − 1",),
        symbols=("theta", "AB", "n_PSU", "h"),
        refuses=(R.NO_DATA, R.NOT_IN_BOTH_WAVES, R.TOO_FEW_CLUSTERS, R.ZERO_VARIANCE),
        sources=("Korn & Graubard 1998", "Pustejovsky & Tipton 2018"),
        r=("clubSandwich::coef_test(lm(y ~ settlement), ...)", "survey::svyttest"),
        code=("indicators.pipeline.gap_group.GroupGaps", "indicators.stats.cr2.contrast_cr2"),
        oracles=("E09",),
    ),
    Method(
        stem="several-groups",
        section="6",
        mark=Mark.TESTS,
        title=_("Several groups at once"),
        question=_("Are the means of all regions equal?"),
        how=_(
            "One test for all differences together, with the covariance that the schools give "
            "them. Only if it is clear are pairs worth a look."
        ),
        when=_("Breakdowns with three groups or more."),
        formulas=("F = (d^⊤ V^(−1) d)/q,  df = q, n_PSU − H − q",),
        symbols=("d_vec", "q_dim", "n_PSU", "h"),
        refuses=(
            R.NO_DATA,
            R.NOT_IN_BOTH_WAVES,
            R.TOO_FEW_CLUSTERS,
            R.SINGLE_PSU_STRATUM,
            R.CENSUS,
            R.ZERO_VARIANCE,
        ),
        sources=("Korn & Graubard 1998", "Lumley 2010"),
        r=("survey::regTermTest(svyglm(y ~ region, design), ~region)",),
        code=("indicators.stats.ftests.equal_means",),
        oracles=("E10",),
    ),
)

DISTRIBUTIONS = (
    Method(
        stem="distribution",
        section="7",
        mark=Mark.PAGE,
        title=_("Distribution of answers: Rao-Scott"),
        question=_("Did the answers to a question shift, not only their mean?"),
        how=_(
            "The usual chi-square of the table of answers by waves or groups, divided by what the "
            "grouping in schools does to it. The plain chi-square of the same table is wrong in "
            "either direction. All answers count that the page shows, “don't know” included, on "
            "the schools of both waves. The p values of all questions of a questionnaire are "
            "adjusted together (Benjamini-Hochberg), and the sentence under a question follows the "
            "adjusted one."
        ),
        when=_(
            "Every question with one answer out of several, compared between two waves. Where "
            "several answers may be ticked, each is a share of its own and there is no test over "
            "all of them."
        ),
        care=_("It does not decide the word for an indicator; the page says whether it agrees."),
        formulas=(
            "F = X^2/tr(D)",
            "df_1 = (tr D)^2/tr(D^2),  df_2 = df_1 (n_PSU − H)",
        ),
        symbols=("X2", "D_mat", "n_PSU", "h"),
        refuses=(
            R.NO_DATA,
            R.NOT_IN_BOTH_WAVES,
            R.TOO_FEW_CLUSTERS,
            R.SINGLE_PSU_STRATUM,
            R.CENSUS,
            R.SELF_SELECTED,
            R.NOT_COMPARABLE,
            R.ONE_CATEGORY,
            R.ZERO_VARIANCE,
        ),
        sources=("Rao & Scott 1984", "Thomas & Rao 1987"),
        r=('survey::svychisq(~y + wave, design, statistic = "F")',),
        code=(
            "indicators.stats.ftests.rao_scott",
            "indicators.pipeline.distribution.distribution_row",
            "indicators.pipeline.distribution.judge_distributions",
        ),
        oracles=("D01", "D02", "D03", "D04"),
    ),
)

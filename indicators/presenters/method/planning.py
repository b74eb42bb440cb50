"""Method sections 14, 16 and 17: planning, reliability, small groups."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from indicators.presenters.method.shapes import Mark, Method
from indicators.vocabulary import Reason as R

PLANNING = (
    Method(
        stem="icc",
        section="14",
        mark=Mark.PAGE,
        title=_("How alike are people of one school?"),
        question=_("What is the correlation within schools?"),
        how=_(
            "The spread between schools is compared with the spread inside them. The result says "
            "how much the answers of a school repeat each other, and with it how many answers a "
            "survey is really worth. A negative estimate is shown and planned with as 0. The page "
            "prints it for the level of every wave, beside the design effect."
        ),
        when=_("Levels of the project, and to plan the next survey."),
        formulas=(
            "ρ = (MSB − MSW)/(MSB + (n_0 − 1) MSW)",
            "n_0 = (N − Σ_j n_j^2/N)/(G − 1)",
            "deff = 1 + (n_a − 1) ρ,  n_a = (Σ_j n_j^2)/N",
        ),
        symbols=("rho", "MSB", "n_j", "N_all", "G", "deff"),
        refuses=(R.NO_DATA, R.TOO_FEW_CLUSTERS, R.ZERO_VARIANCE),
        sources=("Donner & Koval 1980",),
        r=("anova(lm(y ~ school))", "lme4::lmer(y ~ 1 + (1 | school))"),
        code=("indicators.stats.icc.icc_anova", "indicators.stats.icc.icc_reml"),
        oracles=("L01", "L02", "L03", "L04"),
    ),
    Method(
        stem="mde",
        section="14",
        mark=Mark.TESTS,
        title=_("Smallest change that a plan can show"),
        question=_("How many schools and people does the next wave need?"),
        how=_(
            "From the number of schools, the answers per school, the correlation within schools "
            "and how stable schools are over time follows the smallest change that the project can "
            "show. More people per school soon help little; more schools do."
        ),
        when=_("Before a wave, and when a target is set: a smaller change cannot be told."),
        formulas=(
            "SE^2 = s^2/G · (2 ρ (1 − r) + (1 − ρ)(1/m_1 + 1/m_2))",
            "δ = (t_(1−α/2) + t_π) SE,  df = G − 1",
        ),
        symbols=("sd2", "G", "rho", "r", "m_k_plan", "power", "alpha"),
        sources=("Murray 1998", "Hooper et al. 2016"),
        r=("(qt(0.975, G - 1) + qt(0.8, G - 1)) * se",),
        code=("indicators.stats.power.mde_change",),
        oracles=("L05",),
    ),
    Method(
        stem="max-error",
        section="14",
        mark=Mark.TESTS,
        title=_("Maximum error of a sample"),
        question=_("What does “maximum error 4.9 percent” mean?"),
        how=_(
            "The half width of the range of a share of 50 percent. The figure usually quoted takes "
            "everybody as drawn one by one. With classes and schools the design effect belongs "
            "under the root, and the error is often twice as large; both should be printed."
        ),
        when=_("Surveys described by their size."),
        formulas=("e = z √(deff p(1 − p)/n (N − n)/(N − 1))",),
        symbols=("z_q", "deff", "p", "n", "N_list"),
        sources=("Kish 1965", "Lohr 2022"),
        r=("qnorm(0.975) * sqrt(deff * p * (1 - p) / n * (N - n) / (N - 1))",),
        code=("indicators.stats.power.max_error",),
        oracles=("L06",),
    ),
)

RELIABILITY = (
    Method(
        stem="alpha",
        section="16",
        mark=Mark.PAGE,
        title=_("Reliability of an index: Cronbach's alpha"),
        question=_("Do the questions of an index belong together?"),
        how=_(
            "Alpha compares the variance of the sum of the questions with the sum of their "
            "variances, on people who answered all of them. With it come its range, the "
            "standardised alpha, the correlation of each question with the rest, and alpha without "
            "each question. A question that runs against the rest is likely to be worded in "
            "reverse. With two questions the standardised alpha stands alone (Spearman-Brown)."
        ),
        when=_(
            "Indices of several questions, each wave, all schools together. From 30 complete "
            "answer sheets on, called rough below 50. 0.70 is a convention, not a gate."
        ),
        care=_(
            "A fall by more than 0.10 since the first wave is a warning that the waves may not be "
            "comparable; it is not given where other questions were asked."
        ),
        formulas=(
            "α = k/(k − 1) (1 − tr(C)/(Σ C))",
            "α_L, α_U = 1 − (1 − α) F_q(n − 1, (n − 1)(k − 1))",
        ),
        symbols=("C", "n", "F_q"),
        refuses=(
            R.SELF_SELECTED,
            R.CENSUS,
            R.NO_DATA,
            R.TOO_FEW_RESPONDENTS,
            R.ZERO_VARIANCE,
            R.TOO_FEW_ITEMS,
        ),
        sources=("Feldt 1965",),
        r=("psych::alpha(x)$total$raw_alpha",),
        code=(
            "indicators.stats.reliability.reliability",
            "indicators.pipeline.reliability.reliability_rows",
        ),
        oracles=("I01", "I02", "I03", "I04", "I05", "I06", "R05"),
    ),
    Method(
        stem="omega",
        section="16",
        mark=Mark.PAGE,
        title=_("Reliability of an index: McDonald's omega"),
        question=_("And if the questions do not weigh alike?"),
        how=_(
            "One common factor is fitted to the questions. Omega is the share of the variance of "
            "their sum that comes from it. Unlike alpha it does not take the questions as equally "
            "good. With two questions there is no omega, nor where the factor leaves a question "
            "less than no variance of its own."
        ),
        when=_("Indices of three questions or more."),
        formulas=("ω = (Σ_i λ_i)^2/((Σ_i λ_i)^2 + Σ_i ψ_i)",),
        symbols=("loadings",),
        refuses=(R.NO_DATA, R.ZERO_VARIANCE, R.TOO_FEW_ITEMS),
        sources=("McDonald 1999",),
        r=('lavaan::cfa("f =~ x1 + x2 + x3", std.lv = TRUE)', "psych::fa"),
        code=("indicators.stats.factor.omega_ml", "indicators.stats.factor.omega_minres"),
        oracles=("I01", "I02", "I03", "I05"),
    ),
)

DISCLOSURE = (
    Method(
        stem="small-groups",
        section="17",
        mark=Mark.PAGE,
        title=_("Small groups are hidden"),
        question=_("Could somebody be recognised?"),
        how=_(
            "A figure that rests on fewer people than the reader's limit is blanked, with all that "
            "follows from it. In a distribution small counts are hidden, and the next smallest "
            "along with a single hidden one, so that it cannot be worked out. In a breakdown a "
            "single hidden group takes the smallest other one along."
        ),
        when=_("Every page. Logs and manual values name no people and are not hidden."),
        care=_("The limits are settings of the project; pages are not audited across tables."),
        formulas=("1 ≤ n < k",),
        symbols=("n", "k_min"),
        refuses=(R.SUPPRESSED,),
        sources=("Hundepool et al. 2012",),
        code=(
            "indicators.queries.small_groups.hide_small",
            "indicators.queries.small_groups.hide_beside_one",
            "indicators.queries.small_groups.hide_small_cells",
        ),
    ),
    Method(
        stem="table-suppression",
        section="17",
        mark=Mark.TESTS,
        title=_("Tables with small counts"),
        question=_("Does a table with hidden counts give them away?"),
        how=_(
            "Small counts of a two-way table are hidden, then further ones so that no row or "
            "column hides a single count. After that two linear programmes for each hidden count "
            "find the smallest and the largest value that the margins still allow. If they are "
            "equal, the table does not protect."
        ),
        when=_("Two-way tables with margins."),
        formulas=("min x, max x:  A x = b,  x ≥ 0",),
        symbols=("x_hidden",),
        refuses=(R.SUPPRESSED,),
        sources=("Hundepool et al. 2012",),
        r=("lpSolve::lp",),
        code=(
            "indicators.stats.disclosure.suppress_table",
            "indicators.stats.disclosure.feasible_ranges",
        ),
        oracles=("N01", "N02", "N03", "N04", "N05"),
    ),
)

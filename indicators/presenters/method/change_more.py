"""Method sections 5.4 to 5.7: spread of schools, several waves, ranks, notes beside a change."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from indicators.presenters.method.shapes import Mark, Method
from indicators.vocabulary import Reason as R

MORE_CHANGES = (
    Method(
        stem="spread",
        section="5.4",
        mark=Mark.PAGE,
        title=_("Do schools differ in their change?"),
        question=_("Did all schools move alike?"),
        how=_(
            "The differences of the schools are set against the chance that the few answers of a "
            "school leave. Q tests whether they spread more than that, I² is the percentage of the "
            "spread that chance does not explain."
        ),
        when=_("Every tested change; schools with at least five answers in both waves."),
        care=_(
            "Answers of a school count as independent here, so that classes make Q somewhat too "
            "large. Schools are never ranked by it."
        ),
        formulas=(
            "v_s = s_s1^2/n_s1 + s_s2^2/n_s2,  u_s = 1/v_s",
            "Q = Σ_s u_s (d_s − d_u)^2,  df = G − 1",
            "C = Σ_s u_s − (Σ_s u_s^2)/(Σ_s u_s)",
            "τ^2 = max(0, (Q − G + 1)/C),  I^2 = (100 τ^2)/(τ^2 + (G − 1)/C)",
        ),
        symbols=("v_s", "u_s", "d_s", "G", "tau2", "I2"),
        refuses=(R.NO_DATA, R.NOT_IN_BOTH_WAVES, R.TOO_FEW_CLUSTERS, R.ZERO_VARIANCE),
        sources=("DerSimonian & Laird 1986", "Higgins & Thompson 2002"),
        r=('metafor::rma(d, v, method = "DL")',),
        code=("indicators.stats.composition.change_heterogeneity",),
        oracles=("C10",),
    ),
    Method(
        stem="several-waves",
        section="5.5",
        mark=Mark.PAGE,
        title=_("More than two waves"),
        question=_("What if there are three waves or more?"),
        how=_(
            "Each later wave stands against the baseline, as a change of its own, on the schools "
            "of these two waves. There is no test of a trend. The pages show the first and the "
            "last wave with results."
        ),
        when=_("Projects with a midline or yearly monitoring."),
        code=("indicators.pipeline.calculate.calculate",),
    ),
    Method(
        stem="rank-test",
        section="5.6",
        mark=Mark.PAGE,
        title=_("Ranks of ordered answers"),
        question=_("Do the answers rank higher, whatever numbers the scale gives them?"),
        how=_(
            "Every answer gets its rank as a share of all people. The mean ranks of the two waves "
            "are compared with the error by schools, as means are. Ranks depend on the totals of "
            "the answers only. Where more than 40 percent of the answers of both waves together "
            "stand at one end of the scale, the p of this test decides the word for the change; "
            "if ranks and mean point different ways, there is no clear change. The difference and "
            "its range stay those of the mean."
        ),
        when=_("Indicators that are the mean of one question with ordered answers."),
        care=_("svyranktest of R takes one degree of freedom less."),
        formulas=("r_i = (Σ_(y_l < y_i) w_l + w_i/2)/W", "θ = r\u0304_2 − r\u0304_1"),
        symbols=("r_i", "w_i", "W_all", "theta"),
        refuses=(
            R.NO_DATA,
            R.NOT_IN_BOTH_WAVES,
            R.TOO_FEW_CLUSTERS,
            R.SINGLE_PSU_STRATUM,
            R.CENSUS,
            R.ZERO_VARIANCE,
        ),
        sources=("Lumley & Scott 2013",),
        r=("survey::svyranktest(y ~ wave, design)",),
        code=(
            "indicators.stats.ranks_survey.rank_counts",
            "indicators.stats.ranks_survey.rank_survey",
            "indicators.pipeline.distribution.with_ranks",
        ),
        oracles=("C09",),
    ),
    Method(
        stem="little-room",
        section="5.7",
        mark=Mark.PAGE,
        title=_("Little room to rise"),
        question=_("Could the figure have risen at all?"),
        how=_(
            "A note stands beside the change of a question when at least 40 percent of its "
            "baseline answers are in the top category, and of an index when its mean lies within "
            "15 percent of the top of the scale. The change itself stays as it is."
        ),
        when=_("Indices and means of questions."),
        formulas=("n_H/n ≥ 0.40", "H − m_1 ≤ 0.15 (H − L)"),
        symbols=("n_H", "n", "m_1", "H_L"),
        code=("indicators.pipeline.change_parts.with_parts",),
    ),
    Method(
        stem="response-shift",
        section="5.7",
        mark=Mark.PAGE,
        title=_("Self-ratings that fall"),
        question=_("Did competence fall, or did people become stricter?"),
        how=_(
            "People who learn often see better what they cannot do yet, and rate themselves more "
            "strictly than before. So a fall of a self-rating is no proof that competence fell. "
            "The note stands beside such a result; look at observed practice and at what students "
            "report. A rise can be what people think is expected after a well-known project."
        ),
        when=_("Indicators of self-rated competence."),
        sources=("Howard 1980",),
        code=("indicators.presenters.sentences.response_shift",),
    ),
)

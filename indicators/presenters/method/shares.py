"""Method section 4: shares."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from indicators.presenters.method.shapes import Mark, Method
from indicators.vocabulary import Reason as R

SHARES = (
    Method(
        stem="share",
        section="4",
        mark=Mark.PAGE,
        title=_("Share of the project: Korn-Graubard"),
        question=_("How sure is a share?"),
        how=_(
            "The exact limits of a share, with the effective number of answers in place of their "
            "number: as many answers drawn one by one as would have the error of this survey, and "
            "never more than there are. The limits stay between 0 and 100 percent and exist at "
            "both ends, so that equal answers are no reason to refuse."
        ),
        when=_("Shares of the project and of its groups."),
        care=_(
            'svyciprop(method = "beta") of R does not cap the effective number and has no limits '
            "at 0 and 1."
        ),
        formulas=(
            "n_eff = min(n, p(1 − p)/V · (t_(n−1)/t_df)^2)",
            "p_L = B_(.025)(n_eff p, n_eff (1 − p) + 1)",
            "p_U = B_(.975)(n_eff p + 1, n_eff (1 − p))",
        ),
        symbols=("p", "n", "V", "t_q", "n_eff", "p_L", "B_q"),
        refuses=(R.SELF_SELECTED, R.CENSUS, R.NO_DATA, R.SINGLE_PSU_STRATUM),
        sources=("Korn & Graubard 1998", "Parker et al. 2017"),
        r=('survey::svyciprop(method = "beta")',),
        code=("indicators.stats.shares.korn_graubard", "indicators.stats.shares.share_level"),
        oracles=("B08", "B09", "B10", "B11"),
    ),
    Method(
        stem="share-logit",
        section="4",
        mark=Mark.TESTS,
        title=_("Share on the logit scale"),
        question=_("Which other range of a share is in use?"),
        how=_(
            "The range is taken on the logit scale and turned back, so that it stays between 0 and "
            "100 percent. It does not exist at 0 and 100 percent, which is why Korn-Graubard is "
            "used."
        ),
        when=_("For comparison with figures that were made that way."),
        formulas=(
            "λ = ln(p/(1 − p)) ± t_df SE/(p(1 − p))",
            "p_L, p_U = 1/(1 + exp(−λ))",
        ),
        symbols=("p", "SE", "t_q", "p_L"),
        refuses=(R.NO_DATA, R.ZERO_VARIANCE),
        sources=("Lumley 2010",),
        r=('survey::svyciprop(method = "xlogit")',),
        code=("indicators.stats.shares.logit_limits",),
        oracles=("B08", "B10"),
    ),
    Method(
        stem="share-school",
        section="4",
        mark=Mark.STORED,
        title=_("Share of one school: Wilson"),
        question=_("How sure is the share of one school?"),
        how=_(
            "Wilson's limits without continuity correction. Where the length of the list of people "
            "is known, n(N−1)/(N−n) takes the place of n."
        ),
        when=_("The level of one school; it decides on the targets of schools."),
        care=_(
            "The calculation is given no list, and the answers count as independent: the effect of "
            "classes is not in this range."
        ),
        formulas=(
            "p_L, p_U = (p + z^2/(2n) ± z √(p(1 − p)/n + z^2/(4n^2)))/(1 + z^2/n)",
            "n^∗ = n(N − 1)/(N − n)",
        ),
        symbols=("p", "n", "N_list", "z_q", "p_L"),
        refuses=(R.NO_DATA, R.SUPPRESSED, R.CENSUS),
        sources=("Wilson 1927",),
        r=("prop.test(x, n, correct = FALSE)$conf.int",),
        code=("indicators.stats.shares.wilson", "indicators.stats.school.share_interval"),
        oracles=("B12",),
    ),
)

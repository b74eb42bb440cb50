"""Method section 3: levels, their errors, and the design of the survey."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from indicators.presenters.method.shapes import Mark, Method
from indicators.vocabulary import Reason as R

LEVELS = (
    Method(
        stem="level",
        section="3",
        mark=Mark.PAGE,
        title=_("Level of the project: linearised variance"),
        question=_("What is the level, and how sure is it?"),
        how=_(
            "The level is the mean of the respondents, as a reader would compute it. Its error "
            "comes from the schools: each adds up the deviations of its answers from the mean, and "
            "these sums are set against each other. However alike the people of a school are, the "
            "error allows for it. The same computation serves any combination of means."
        ),
        when=_("Means, indices and the recommend score, for the project and its groups."),
        care=_(
            "In R, confint() of a svymean uses the normal distribution unless df is given; here it "
            "is always t."
        ),
        formulas=(
            "θ = Σ_k c_k m_k",
            "z_j = Σ_k c_k (t_jk − m_k n_jk)/N_k",
            "V = G/(G − 1) Σ_j z_j^2",
            "θ ± t_(.975, df) SE,  df = g − 1",
        ),
        symbols=("theta", "c_k", "N_k", "n_jk", "z_j", "G", "g", "V", "t_q"),
        refuses=(R.SELF_SELECTED, R.CENSUS, R.NO_DATA, R.SINGLE_PSU_STRATUM, R.ZERO_VARIANCE),
        sources=("Binder 1983", "Lohr 2022"),
        r=(
            "survey::svymean(~y, svydesign(ids = ~school, weights = ~1, data = d))",
            "confint(m, df = degf(design))",
        ),
        code=("indicators.stats.linear.contrast_taylor", "indicators.stats.moments.mean_sd"),
        oracles=("B01", "B02", "B03", "B04", "B05"),
    ),
    Method(
        stem="groups",
        section="3",
        mark=Mark.PAGE,
        title=_("Groups (domains)"),
        question=_("What is the level of girls, of a language, of a region?"),
        how=_(
            "A group is a part of the survey and not a survey of its own: a school without anyone "
            "of the group stays in the count of schools with a sum of 0. People whose group is "
            "unknown belong to none."
        ),
        when=_("All breakdowns. Ranges are printed for the project, values for its groups."),
        formulas=("z_j = (t_jD − m_D n_jD)/N_D",),
        symbols=("D_cell", "n_jk", "z_j"),
        refuses=(R.NO_DATA, R.SUPPRESSED, R.SINGLE_PSU_STRATUM, R.ZERO_VARIANCE),
        sources=("Lumley 2010",),
        r=("survey::svymean(~y, subset(design, sex == 1))", "survey::svyby"),
        code=("indicators.pipeline.estimate.estimates", "indicators.stats.linear.contrast_taylor"),
        oracles=("B07", "B18"),
    ),
    Method(
        stem="degrees-of-freedom",
        section="3",
        mark=Mark.PAGE,
        title=_("Degrees of freedom"),
        question=_("How many independent pieces of information are there?"),
        how=_(
            "They are counted in schools, never in people: with few schools a range is wider than "
            "a normal one even if thousands answered. Each stratum takes one away, and so does a "
            "comparison between kinds of schools. CR2 finds its own number from the sizes of the "
            "schools."
        ),
        when=_("Every range and every test across schools."),
        formulas=(
            "df = g − 1",
            "df = n_PSU − H,  df = n_PSU − H − 1",
            "df = (tr O)^2/tr(O^2)",
        ),
        symbols=("g", "n_PSU", "h", "O"),
        sources=("Korn & Graubard 1998", "Pustejovsky & Tipton 2018"),
        r=("survey::degf(design)",),
        code=("indicators.stats.design.Design", "indicators.stats.cr2.contrast_cr2"),
    ),
    Method(
        stem="weights-strata",
        section="3",
        mark=Mark.PAGE,
        title=_("Weights, strata and finite populations"),
        question=_("What is the level in a country when schools were drawn from a register?"),
        how=_(
            "Means are weighted. The variance is taken within the strata and shrinks by the share "
            "of schools drawn, where the number of all schools is known. With a second stage the "
            "variance between the people of a school is added. Where everything was drawn there is "
            "no sampling error."
        ),
        when=_("Samples of schools, such as a national study."),
        formulas=(
            "m = (Σ_i w_i y_i)/(Σ_i w_i)",
            "V = Σ_h (1 − f_h) n_h/(n_h − 1) Σ_j (z_hj − z\u0304_h)^2",
            "+ Σ_h f_h Σ_j (1 − f_hj) m_hj/(m_hj − 1) Σ_i (z_hji − z\u0304_hj)^2",
            "df = n_PSU − H",
        ),
        symbols=("w_i", "y", "h", "f_h", "n_h", "z_hj", "f_hj", "n_PSU"),
        refuses=(R.NO_DATA, R.TOO_FEW_CLUSTERS, R.SINGLE_PSU_STRATUM, R.CENSUS, R.ZERO_VARIANCE),
        sources=("Binder 1983", "Särndal, Swensson & Wretman 1992", "Lohr 2022"),
        r=(
            "survey::svydesign(ids = ~school, strata = ~stratum, weights = ~w, fpc = ~N)",
            "survey::svymean",
            "survey::svycontrast",
        ),
        code=(
            "indicators.pipeline.sampling.levels",
            "indicators.stats.survey.contrast_survey",
            "indicators.stats.design.make_design",
            "indicators.stats.design.covariance",
        ),
        oracles=("B06", "B14", "B15", "B16", "B17", "C05", "C06"),
    ),
    Method(
        stem="lonely-stratum",
        section="3",
        mark=Mark.PAGE,
        title=_("A stratum with one school"),
        question=_("What if a stratum has one school only?"),
        how=_(
            "One school cannot show how the schools of its stratum differ. The figure is refused "
            "until the stratum is merged with a similar one in the table of strata. The usual "
            "makeshifts (the mean of all schools, the average of the other strata, nothing at all) "
            "are in the code and checked, but no page uses them."
        ),
        when=_("Samples with strata; a stratum of which every school was drawn is no problem."),
        refuses=(R.SINGLE_PSU_STRATUM,),
        sources=("Lumley 2010",),
        r=('options(survey.lonely.psu = "fail")  # "adjust", "average", "remove"',),
        code=("indicators.stats.design.Lonely",),
        oracles=("B21",),
    ),
    Method(
        stem="calibration",
        section="3",
        mark=Mark.TESTS,
        title=_("Post-stratification and raking"),
        question=_("How is a sample brought to totals that are known?"),
        how=_(
            "The weights are changed as little as possible so that they reproduce the known totals "
            "of one margin (post-stratification) or of several (raking). The variance comes from "
            "what the margins do not explain, so that known totals make a range narrower."
        ),
        when=_("Samples whose population is known by region, sex or the like."),
        care=_(
            "The reference is calibrate() of R; rake() gives the same weights and another error. "
            "Small categories should be merged first."
        ),
        formulas=(
            "Σ_i g_i w_i x_i = T",
            "g_i = 1 + x_i^⊤ λ,  g_i = exp(x_i^⊤ λ)",
            "z_i = g_i w_i e\u0303_i",
        ),
        symbols=("g_i", "w_i", "T_tot", "lambda_i", "e_res"),
        refuses=(R.NO_DATA, R.SINGLE_PSU_STRATUM, R.ZERO_VARIANCE),
        sources=("Deville & Särndal 1992",),
        r=("survey::postStratify", 'survey::calibrate(calfun = "raking")'),
        code=(
            "indicators.stats.calibration.calibrate",
            "indicators.stats.calibration.mean_calibrated",
        ),
        oracles=("B19", "B20"),
    ),
    Method(
        stem="design-effect",
        section="3",
        mark=Mark.PAGE,
        title=_("Design effect"),
        question=_("What does it cost that people were asked by schools?"),
        how=_(
            "The variance of the figure divided by the one that as many people drawn one by one "
            "would give. A design effect of 2 means that two answers say as much as one."
        ),
        when=_("Levels of the project, under “How the change was judged”; and to plan a survey."),
        formulas=("deff = (n V)/s^2",),
        symbols=("n", "V", "sd2"),
        refuses=(R.NO_DATA, R.ZERO_VARIANCE),
        sources=("Kish 1965",),
        r=('survey::svymean(deff = "replace")',),
        code=("indicators.stats.linear.design_effect",),
        oracles=("B01",),
    ),
)

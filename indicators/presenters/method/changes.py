"""Method section 5: the change of the project, its test and the second look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from indicators.presenters.method.shapes import Mark, Method
from indicators.vocabulary import Reason as R

CHANGES = (
    Method(
        stem="composition",
        section="5.1",
        mark=Mark.PAGE,
        title=_("Change inside schools, and of the mix of schools"),
        question=_("Did schools change, or did other schools send the answers?"),
        how=_(
            "The difference is split in two. The first part is the change inside the schools, each "
            "with its average share of the answers of both waves. The second is what remains: more "
            "answers from schools that are higher or lower anyway. Where the second part is large, "
            "a note says so; the headline stays the whole difference."
        ),
        when=_("Every change of the project that was tested."),
        formulas=(
            "d = d_in + d_mix",
            "d_in = Σ_s (w_s1 + w_s2)/2 d_s",
            "d_mix = Σ_s (m_s1 + m_s2)/2 (w_s2 − w_s1)",
            "SE_in^2 = G/(G − 1) Σ_s w\u0304_s^2 (d_s − d_in)^2,  df = G − 1",
            "|d_mix| > max(0.25 |d|, 0.05 s_1)",
        ),
        symbols=("d", "d_in", "d_s", "w_sk", "m_s", "G", "s_1"),
        refuses=(R.NO_DATA, R.NOT_IN_BOTH_WAVES, R.TOO_FEW_CLUSTERS, R.ZERO_VARIANCE),
        code=("indicators.stats.composition.change_composition",),
        oracles=("C08",),
    ),
    Method(
        stem="change",
        section="5.2",
        mark=Mark.PAGE,
        title=_("Change between two waves: CR2 and Satterthwaite"),
        question=_("Did the figure change between the waves?"),
        how=_(
            "The change is the difference of the respondents' means on the schools with usable "
            "answers in both waves: what a reader gets from the two printed levels of these "
            "schools. Both waves are put into one table and the deviations are summed by school, "
            "so that what a school keeps from wave to wave is allowed for. CR2 corrects the error "
            "for few and unequal schools, Satterthwaite's formula gives the degrees of freedom. "
            "The difference over all schools stands beside it."
        ),
        when=_("Every change of the project from the baseline to a later wave."),
        care=_(
            "In simulated surveys without any change this test finds one in 5 to 6 of 100, as it "
            "should. Taking people as independent finds one in 18 to 28 of 100."
        ),
        formulas=(
            "θ = Σ_k c_k m_k = m_2 − m_1",
            "a_jk = (1 − n_jk/N_k)^(−1/2),  u_jk = (a_jk c_k)/N_k",
            "v_j = Σ_k u_jk (t_jk − m_k n_jk),  V = Σ_j v_j^2",
            "O = diag(Σ_k n_jk u_jk^2) − Σ_k (g_k g_k^⊤)/N_k,  g_jk = n_jk u_jk",
            "df = (tr O)^2/tr(O^2)",
        ),
        symbols=("theta", "c_k", "n_jk", "N_k", "a_jk", "u_jk", "V", "O"),
        refuses=(
            R.SELF_SELECTED,
            R.CENSUS,
            R.NO_DATA,
            R.NOT_IN_BOTH_WAVES,
            R.TOO_FEW_CLUSTERS,
            R.ZERO_VARIANCE,
            R.NOT_COMPARABLE,
        ),
        sources=("Bell & McCaffrey 2002", "Imbens & Kolesár 2016", "Pustejovsky & Tipton 2018"),
        r=(
            "clubSandwich::coef_test(lm(y ~ I(wave == 2), data = both), "
            'vcov = "CR2", cluster = both$school, test = "Satterthwaite")',
        ),
        code=(
            "indicators.pipeline.change.project_change",
            "indicators.stats.cr2.contrast_cr2",
            "indicators.stats.linear.contrast_taylor",
        ),
        oracles=("C01", "C02", "C11", "R03", "R06"),
    ),
    Method(
        stem="change-weighted",
        section="5.2",
        mark=Mark.TESTS,
        title=_("Change with weights"),
        question=_("Did the figure change when the answers carry weights?"),
        how=_(
            "The same test in a weighted regression. People of a school may then have different "
            "weights, so that the correction of a school is a matrix; it needs the sums of the "
            "weights and of their squares only. With equal weights it gives the test above."
        ),
        when=_("The same schools in both waves, with weights."),
        formulas=("v_j = Σ_k c_k/W_k w_jk^⊤ A_jk (y_jk − m_k),  V = Σ_j v_j^2",),
        symbols=("c_k", "W_k", "w_i", "A_jk", "y", "V"),
        refuses=(R.NO_DATA, R.NOT_IN_BOTH_WAVES, R.TOO_FEW_CLUSTERS, R.ZERO_VARIANCE),
        sources=("Pustejovsky & Tipton 2018",),
        r=("clubSandwich::coef_test(lm(y ~ wave, weights = w), ...)",),
        code=("indicators.stats.cr2_weighted.contrast_cr2_weighted",),
        oracles=("C07",),
    ),
    Method(
        stem="second-look",
        section="5.3",
        mark=Mark.PAGE,
        title=_("Second look: every school counts once"),
        question=_("Does the answer depend on the large schools?"),
        how=_(
            "Every school with at least five answers in both waves gives one number, its "
            "difference. Their plain mean is tested by t and by exact sign flips: if nothing had "
            "changed, each difference might as well have had the other sign. All combinations of "
            "signs are counted up to 24 schools, beyond that 99,999 drawn ones. The page says how "
            "many schools rose and fell, and whether this look agrees with a clear change."
        ),
        when=_("Beside every tested change of the project and of a gap."),
        formulas=(
            "d_s = m_s2 − m_s1,  t = (d\u0304 √G)/s_d,  df = G − 1",
            "p = (#{ε: |Σ_s ε_s d_s| ≥ |Σ_s d_s|})/2^G",
        ),
        symbols=("d_s", "m_s", "s_d", "G", "eps"),
        refuses=(R.NO_DATA, R.NOT_IN_BOTH_WAVES, R.TOO_FEW_CLUSTERS, R.ZERO_VARIANCE),
        sources=(
            "Ibragimov & Müller 2010",
            "Canay, Romano & Shaikh 2017",
            "Wilcoxon 1945",
        ),
        r=("t.test(d)", "wilcox.test(d, exact = FALSE)"),
        code=(
            "indicators.stats.paired.paired_schools",
            "indicators.stats.paired.sign_flip",
            "indicators.stats.ranks.signed_rank",
        ),
        oracles=("C03", "C12"),
    ),
    Method(
        stem="few-schools",
        section="5.3",
        mark=Mark.PAGE,
        title=_("Few schools"),
        question=_("How many schools does a verdict need?"),
        how=_(
            "With fewer than six schools, or with fewer than four degrees of freedom because a few "
            "schools are very large, there is no verdict: the difference is shown, and the schools "
            "one by one. With six to eleven schools a clear change needs both tests, CR2 and the "
            "sign flip."
        ),
        when=_("Changes and gaps across schools."),
        care=_("With five schools even five equal signs have a p of 0.0625."),
        formulas=("2/2^5 = 0.0625",),
        refuses=(R.TOO_FEW_CLUSTERS,),
        sources=("Canay, Romano & Shaikh 2017",),
        code=(
            "indicators.stats.cr2.contrast_cr2",
            "indicators.stats.verdict.verdict_change",
        ),
        oracles=("R03",),
    ),
    Method(
        stem="wild-bootstrap",
        section="5.3",
        mark=Mark.TESTS,
        title=_("Wild cluster bootstrap"),
        question=_("Does a third test for few schools agree?"),
        how=_(
            "Deviations around the mean of both waves, that is under no change, get a sign per "
            "school. All combinations of signs are computed, and the share of them with at least "
            "the t observed is the p. In this design it answers like the sign flip."
        ),
        when=_("As a check of the sign flip, up to 20 schools; no page rests on it."),
        formulas=(
            "SE^2 = G/(G − 1) (N − 1)/(N − 2) Σ_j v_j^2",
            "p = (#{ε: |t^∗| ≥ |t|})/2^G",
        ),
        symbols=("G", "N_all", "u_jk", "eps", "stars"),
        refuses=(R.NO_DATA, R.NOT_IN_BOTH_WAVES, R.TOO_FEW_CLUSTERS, R.ZERO_VARIANCE),
        sources=("Cameron, Gelbach & Miller 2008",),
        code=("indicators.stats.wild.change_wild",),
        oracles=("C04",),
    ),
)

"""Method sections 8 to 10: one school, self-selected answers, checklists and counted facts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from indicators.presenters.method.shapes import Mark, Method
from indicators.vocabulary import Reason as R

FEW = (R.NO_DATA, R.NOT_IN_BOTH_WAVES, R.SUPPRESSED, R.TOO_FEW_RESPONDENTS)

ONE_SCHOOL = (
    Method(
        stem="school-change",
        section="8",
        mark=Mark.PAGE,
        title=_("Change of one school: Welch, widened for classes"),
        question=_("Did this school change?"),
        how=_(
            "The difference of the two means of the school, from its own answers. Students sit in "
            "classes and classmates are alike, so the error is widened by the design effect of the "
            "classes (next method). For teachers there is no such effect. Shares of students are "
            "treated in the same way."
        ),
        when=_("Means of every school, and shares of students."),
        care=_("If classmates are more alike than taken here, the ranges are too narrow."),
        formulas=(
            "SE^2 = s_1^2/n_1 + s_2^2/n_2",
            "df = SE^4/((s_1^2/n_1)^2/(n_1 − 1) + (s_2^2/n_2)^2/(n_2 − 1))",
            "deff = 1 + (m\u0304_c − 1) ρ",
            "SE → SE √deff,  df → max(1, df/deff)",
        ),
        symbols=("s_1", "n1", "SE", "df", "deff", "m_c", "rho_c"),
        refuses=(*FEW, R.ZERO_VARIANCE),
        sources=("Welch 1947",),
        r=("t.test(y2, y1)",),
        code=(
            "indicators.stats.school.welch_change",
            "indicators.stats.school.class_deff",
            "indicators.pipeline.change_school.school_changes",
        ),
        oracles=("F01", "F07"),
    ),
    Method(
        stem="class-correlation",
        section="8",
        mark=Mark.PAGE,
        title=_("How alike are students of one class?"),
        question=_("By how much are the ranges of a school widened for its classes?"),
        how=_(
            "Where a questionnaire names the classes and at least ten schools have two or more, "
            "the correlation is estimated: the spread between the classes of a school against the "
            "spread inside them, over all schools, each wave apart. A negative estimate counts as "
            "0. Elsewhere it is a setting of the project (0.05), and the grade stands for the "
            "class where class sizes are needed. The page says which of the two was used."
        ),
        when=_("Measures of students with results of single schools."),
        care=_("A grade is never taken for a class in the estimate: that would measure grades."),
        formulas=(
            "ρ = (MSB − MSW)/(MSB + (n_0 − 1) MSW)",
            "df = Σ_s (C_s − 1),  n_0 = (N − Σ_s Σ_c n_sc^2/n_s)/df",
        ),
        symbols=("rho_c", "MSB_c", "C_s", "N_all"),
        refuses=(R.NO_DATA, R.TOO_FEW_CLUSTERS, R.ZERO_VARIANCE),
        sources=("Donner & Koval 1980",),
        r=("anova(lm(y ~ school/class))",),
        code=("indicators.stats.icc.icc_nested", "indicators.pipeline.clusters.class_rules"),
    ),
    Method(
        stem="school-share",
        section="8",
        mark=Mark.PAGE,
        title=_("Change of a share in one school: Newcombe and Fisher"),
        question=_("Did a share among the teachers of this school change?"),
        how=_(
            "The limits combine the Wilson limits of the two shares, so that they never leave what "
            "is possible; the p is Fisher's exact one. Both exist when everybody gave the same "
            "answer."
        ),
        when=_("Shares of teachers. Students sit in classes; for them see the method above."),
        formulas=(
            "d_L = d − √((p_2 − l_2)^2 + (u_1 − p_1)^2)",
            "d_U = d + √((u_2 − p_2)^2 + (p_1 − l_1)^2)",
            "p = Σ_(P(x) ≤ P(x_0)) P(x)",
        ),
        symbols=("d", "l_u", "hyper"),
        refuses=FEW,
        sources=("Newcombe 1998", "Fisher 1935"),
        r=("fisher.test(table(y, wave))$p.value",),
        code=(
            "indicators.stats.school.newcombe_change",
            "indicators.stats.shares.newcombe",
            "indicators.stats.fisher.fisher_p",
        ),
        oracles=("F05",),
    ),
    Method(
        stem="school-detectable",
        section="8",
        mark=Mark.PAGE,
        title=_("What one school could have shown"),
        question=_("How large must a change be to be seen in one school?"),
        how=_(
            "The smallest change that 80 of 100 surveys of this size would find, tested at 5 "
            "percent. Without classes it is 1.32 standard deviations with 10 answers in each wave, "
            "1.06 with 15 and 0.62 with 42. That is why most schools read “no clear change”, and "
            "why the page prints this number."
        ),
        when=_("Beside every change of one school."),
        formulas=(
            "P(|T_(df, λ)| > t_(.975, df)) = 0.80",
            "δ = λ s_p √(deff (1/n_1 + 1/n_2)),  df = (n_1 + n_2 − 2)/deff",
        ),
        symbols=("delta_min", "lambda_nc", "s_p", "deff", "n1", "t_q"),
        r=("power.t.test(n = 42, power = 0.8)",),
        code=("indicators.stats.power.detectable_change",),
        oracles=("L07",),
    ),
    Method(
        stem="school-level",
        section="8",
        mark=Mark.STORED,
        title=_("Level of one school"),
        question=_("How sure is the mean of one school?"),
        how=_(
            "The usual t range. Where the length of the list of people is known, the error shrinks "
            "by the share of them that answered. It is not printed as a range; it decides on the "
            "targets of schools."
        ),
        when=_("Means of one school."),
        care=_(
            "The calculation is given no list. For students the range is widened for classes, as "
            "the change of one school is."
        ),
        formulas=("SE = s/√n √(1 − n/N)", "m ± t_(.975, n−1) SE"),
        symbols=("n", "N_list", "SE", "t_q"),
        refuses=(R.NO_DATA, R.SUPPRESSED, R.CENSUS, R.ZERO_VARIANCE),
        sources=("Lohr 2022",),
        r=("t.test(y)$conf.int",),
        code=("indicators.stats.school.mean_interval",),
        oracles=("B13", "R04"),
    ),
    Method(
        stem="school-ranks",
        section="8",
        mark=Mark.TESTS,
        title=_("Ranks in one school: Mann-Whitney, CLES, Cliff's delta"),
        question=_("How often is an answer of the second wave the higher one?"),
        how=_(
            "All pairs of one answer of each wave are compared. CLES is the share of pairs in "
            "which the later answer is higher, ties counting half; Cliff's delta is the share of "
            "higher minus the share of lower ones. The test is corrected for ties and continuity."
        ),
        when=_("Single ordered answers of one school, or many answers at one end of the scale."),
        care=_("Answers count as independent; for students, who sit in classes, p is too small."),
        formulas=(
            "U = #{y_2 > y_1} + (#{y_2 = y_1})/2",
            "CLES = U/(n_1 n_2),  δ = 2 CLES − 1",
        ),
        symbols=("U", "n1", "y"),
        refuses=(*FEW, R.ZERO_VARIANCE),
        sources=("Mann & Whitney 1947", "Cliff 1996", "Vargha & Delaney 2000"),
        r=("wilcox.test(y2, y1, exact = FALSE)", "effectsize::cliffs_delta(y2, y1)"),
        code=("indicators.stats.ranks.mann_whitney", "indicators.stats.ranks.cliff_delta"),
        oracles=("F02", "F04"),
    ),
    Method(
        stem="school-effect",
        section="8",
        mark=Mark.TESTS,
        title=_("Effect size of one school: Hedges g"),
        question=_("How large is the change of one school in standard deviations?"),
        how=_(
            "The difference divided by the pooled standard deviation of the people, corrected for "
            "small numbers. The limits come from the noncentral t distribution."
        ),
        when=_("For reports that ask for effect sizes of single schools."),
        care=_("Answers count as independent, so the limits are too narrow for students."),
        formulas=(
            "g = J (m_2 − m_1)/s_p",
            "J = Γ(m/2)/(√(m/2) Γ((m − 1)/2)),  m = n_1 + n_2 − 2",
        ),
        symbols=("g_eff", "J", "s_p", "n1"),
        refuses=(*FEW, R.ZERO_VARIANCE),
        sources=("Hedges 1981",),
        r=("effectsize::hedges_g(y2, y1)",),
        code=("indicators.stats.effects.hedges_g",),
        oracles=("F03",),
    ),
)

OTHER_ANSWERS = (
    Method(
        stem="self-selected",
        section="9",
        mark=Mark.PAGE,
        title=_("Answers of people who chose themselves"),
        question=_("What do parents' answers say?"),
        how=_(
            "Nobody knows how likely anyone was to answer, so nothing is said about those who did "
            "not. Values, numbers of answers, distributions and differences are shown under a "
            "permanent label. There is no error, range, p, verdict or target, and schools up and "
            "down are not counted."
        ),
        when=_("Questionnaires declared as self-selected; parents in this project."),
        care=_("A difference between the waves can be a difference of who answered."),
        refuses=(R.SELF_SELECTED,),
        sources=("Baker et al. 2013", "Elliott & Valliant 2017"),
        code=("indicators.pipeline.estimate.refusal",),
        oracles=("R01",),
    ),
    Method(
        stem="counts",
        section="10",
        mark=Mark.PAGE,
        title=_("Checklists, activity logs, desk and manual values"),
        question=_("How is something counted and not asked?"),
        how=_(
            "Checklists give counts and shares of schools: 14 of 22, then 19 of 22. Events and "
            "participations are counted or summed. Desk means are weighted with the number of "
            "takers, rates are per 100 students. A checklist counts when at least half of its "
            "questions are answered; schools without a value stand in neither part of a fraction."
        ),
        when=_("Everything that is a fact about all schools and not the answer of a sample."),
        formulas=("m = (Σ_s n_s x_s)/(Σ_s n_s)",),
        symbols=("n_s",),
        refuses=(R.CENSUS, R.NOT_A_SAMPLE, R.ZERO_BASELINE, R.NO_DATA),
        code=(
            "indicators.pipeline.facts.fact_estimates",
            "indicators.pipeline.facts.fact_changes",
            "indicators.pipeline.estimate.level_rows",
        ),
    ),
    Method(
        stem="mcnemar",
        section="10",
        mark=Mark.TESTS,
        title=_("Schools that gained and lost: McNemar"),
        question=_("Did more schools gain something than lost it?"),
        how=_(
            "Directors are known, so each school is its own pair. Only schools that changed "
            "count: if gaining and losing were equally likely, as uneven a split as this one would "
            "be as rare as p."
        ),
        when=_("An annex for yes-or-no questions of the checklist; the pages print the counts."),
        formulas=("p = min(1, 2 P(X ≤ min(b, c))),  X ∼ Bin(b + c, 1/2)",),
        symbols=("bc",),
        refuses=(R.NO_DATA, R.NOT_IN_BOTH_WAVES),
        sources=("McNemar 1947",),
        r=("binom.test(min(b, c), b + c)",),
        code=("indicators.stats.pairs.mcnemar_exact",),
        oracles=("M01",),
    ),
)

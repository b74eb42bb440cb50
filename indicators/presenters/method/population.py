"""Method sections 1 and 2: who answered, and the scores of a person."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from indicators.presenters.method.shapes import Mark, Method
from indicators.vocabulary import Reason as R

POPULATION = (
    Method(
        stem="selection",
        section="1",
        mark=Mark.PAGE,
        title=_("How the respondents came in"),
        question=_("What may be said about these answers at all?"),
        how=_(
            "Every questionnaire of a wave declares how its respondents came in. All schools, with "
            "everyone present or with people drawn at random: ranges, tests and verdicts, with the "
            "school as the unit. Schools drawn from a register: by the design of the survey, "
            "described under weights and strata. People who chose themselves: values, numbers of "
            "answers and differences, nothing more. Directors' checklists: counts of schools."
        ),
        when=_("Before anything else. Two waves count as self-selected when one of them is."),
        refuses=(R.SELF_SELECTED, R.CENSUS),
        sources=("Baker et al. 2013", "Elliott & Valliant 2017"),
        code=(
            "indicators.pipeline.estimate.refusal",
            "indicators.stats.refusals.selection_refusal",
        ),
        oracles=("R01", "R02"),
    ),
    Method(
        stem="all-schools-asked",
        section="1",
        mark=Mark.PAGE,
        title=_("A range although every school was asked"),
        question=_("Why is there a range when all schools took part?"),
        how=_(
            "For these schools on that day nothing was left to chance. The question put to the "
            "data is another one: take the schools as draws of a process that goes on, with other "
            "classes, other teachers, good and bad years. Do they show more than its usual ups and "
            "downs? So the differences between schools are used in full, as if few of many schools "
            "had been drawn."
        ),
        when=_("Levels, changes, gaps and targets of students and teachers."),
        care=_(
            "The range speaks about such schools in such years, not about the other schools of the "
            "country."
        ),
        formulas=("f = 0",),
        symbols=("f",),
        sources=("Hartley & Sielken 1975", "Graubard & Korn 2002"),
        code=("indicators.stats.linear.contrast_taylor",),
    ),
    Method(
        stem="response-rate",
        section="1",
        mark=Mark.PAGE,
        title=_("Response rate"),
        question=_("How many of those asked answered?"),
        how=_(
            "Answer sheets used, divided by the people asked, where somebody counted them. Below "
            "70 percent in a wave, or when the share moved by more than 10 points, a caution "
            "stands beside the change. Below half no target is judged."
        ),
        when=_("Every questionnaire of a wave whose number of people asked is typed in."),
        refuses=(R.LOW_RESPONSE,),
        code=("indicators.pipeline.response.response_rate",),
    ),
    Method(
        stem="mix-of-people",
        section="1",
        mark=Mark.PAGE,
        title=_("Other people in the second wave"),
        question=_("Would the change be the same with the same grades and sexes?"),
        how=_(
            "The students of the second wave are others. Where the share of a grade and sex moved "
            "by more than 5 points, the second wave is weighted inside each school to the first "
            "wave's mix, and that change is printed beside the plain one, without a test."
        ),
        when=_("Changes of students' answers."),
        care=_("A kind of people that one wave of a school does not have cannot be weighted."),
        code=("indicators.stats.composition.change_same_mix",),
    ),
)

SCORES = (
    Method(
        stem="half-rule",
        section="2",
        mark=Mark.PAGE,
        title=_("Index of a person: the half rule"),
        question=_("What is the score of somebody who skipped a question?"),
        how=_(
            "The mean of the questions answered, if at least half of all questions of the index "
            "were answered (or the share that the index sets); otherwise there is no score. "
            "Reversed questions are turned round first. A question that the form of a wave did not "
            "have counts as unanswered. In an index in percent a positive answer counts 100 and "
            "any other answer 0, “undecided” included. Nothing else is filled in."
        ),
        when=_("Every composite index."),
        care=_("It takes the questions of an index as interchangeable."),
        formulas=("y = (Σ_i x_i)/a,  a ≥ q k", "x_i → L + H − x_i"),
        symbols=("y", "x_i", "a_k", "q_min"),
        refuses=(R.NO_DATA,),
        sources=("Fairclough & Cella 1996",),
        r=("ifelse(rowMeans(!is.na(x)) >= 0.5, rowMeans(x, na.rm = TRUE), NA)",),
        code=("indicators.pipeline.score.score", "indicators.stats.scores.completeness"),
        oracles=("A01", "A02", "A03", "A04", "A05", "A06", "A07", "A10", "A11"),
    ),
    Method(
        stem="left-out",
        section="2",
        mark=Mark.PAGE,
        title=_("Questions that people left out"),
        question=_("How many scores rest on some of the questions only?"),
        how=_(
            "Counted per index and wave: scores from fewer questions than were asked, and answer "
            "sheets with too few answers for a score. Where more than 20 percent of the scores are "
            "of the first kind, or the share that left a question out moved by more than 10 points "
            "since the first wave, the page warns and prints the index on complete answers too. A "
            "question that nobody answered in a wave is named; if the form of a wave did not have "
            "it, the change is computed on the common questions."
        ),
        when=_("Every composite index."),
        formulas=("n_+/n_y > 0.20", "|μ_2 − μ_1| > 0.10"),
        symbols=("n_part", "miss"),
        sources=("Fairclough & Cella 1996",),
        code=(
            "indicators.stats.scores.completeness",
            "indicators.pipeline.tally_items.index_rows",
            "indicators.pipeline.reliability.reliability_rows",
        ),
    ),
    Method(
        stem="bases",
        section="2",
        mark=Mark.PAGE,
        title=_("Shares, means of questions, recommend score"),
        question=_("Of whom is this share, and what does the mean leave out?"),
        how=_(
            "A share is of everyone who chose any option, “don't know” included. A mean uses "
            "the options with a score only. Where several options may be ticked, each has its "
            "share of the people who ticked something. The recommend score counts 9 and 10 as 100, "
            "7 and 8 as 0, and 0 to 6 as −100; its mean is the NPS, so that all methods for means "
            "hold for it."
        ),
        when=_("Every question and option."),
        formulas=("NPS = 100 (p_+ − p_−)",),
        symbols=("p_plus",),
        refuses=(R.NO_DATA,),
        r=("prop.table(table(x))",),
        code=(
            "indicators.pipeline.score.score",
            "indicators.stats.scores.distribution",
            "indicators.stats.scores.multi_select",
        ),
        oracles=("A08", "A09", "A12", "A13"),
    ),
    Method(
        stem="rewording",
        section="2",
        mark=Mark.PAGE,
        title=_("Reworded questions"),
        question=_("May the two waves be compared?"),
        how=_(
            "A question is comparable when it was asked in all waves of its questionnaire and "
            "asked alike, or when an officer decided, with a reason, that both wordings compare. "
            "A change that nobody has decided about counts as not comparable; spaces, quotes, "
            "punctuation and letter case are no change. A question that is not comparable shows "
            "both levels and no difference. An index with such a question has its levels on all "
            "questions, its change and verdict on the questions that compare."
        ),
        when=_("Before any change or gap. The questions and an officer decide, not the answers."),
        refuses=(R.NOT_COMPARABLE,),
        code=(
            "indicators.pipeline.wording.compare_versions",
            "indicators.pipeline.wording.comparability",
            "indicators.pipeline.change.uses_common_items",
            "indicators.pipeline.change.not_comparable",
        ),
    ),
)

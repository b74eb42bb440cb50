"""Three kinds of check for every statistic: R's answers, a plain loop, identities of our own.

A name is module.function of `indicators/stats`; the steps of the pipeline that make numbers stand
with them. R's answers are named by the methods of the reference set, the others by file and test.
`test_three_checks` holds the table against the code.
"""

from tests.stats.three_checks.answers import ANSWERS
from tests.stats.three_checks.steps import STEPS
from tests.stats.three_checks.survey import SURVEY

__all__ = ["CALLED_BY", "HELPERS", "NOT_IN_R", "STEPS", "TABLE"]

TABLE = {**ANSWERS, **SURVEY}

# Helpers of the tests that call a step.
CALLED_BY = {"tally_all": "totals_of", "tally_items": "totals", "judge_families": "judged"}

# What has no reference answer, and why.
NOT_IN_R = {
    "agreement.cohen_kappa": "the reference set has no coders; base R's numbers stand in its test",
    "agreement.pooled_kappa": "the same, over all themes at once",
    "agreement.theme_kappas": "the same, for each theme by itself",
    "pipeline.tally.tally_all": "adds up; the reference answers come with respondents, not totals",
    "pipeline.tally_items.tally_items": "adds up, as tally_all does",
    "icc.icc_nested": "the reference set has no classes; R's anova of some stands in test_icc",
    "pipeline.families.judge_families": "sorts tests into families; the adjustment is p_adjust",
    "ranks_survey.rank_survey": "equals rank_counts, which R checks, on the counts of its rows",
    "composition.change_same_mix": "direct standardisation, arithmetic on means without an error",
    "targets.share_closed": "a rule of the product: a change divided by the way to the target",
}

# Public functions that state nothing about numbers, and why.
HELPERS = {
    "cells.by_psu": "adds up the units of a school",
    "cells.summarise": "checks shapes and adds up; its sums are those of the contrasts",
    "cr2.refuse_cr2": "makes a refusal of CR2 contrasts",
    "design.make_design": "numbers the units of a survey; what follows is in covariance",
    "design.check_units": "checks a length",
    "reliability.correlations": "divides a covariance matrix by its standard deviations",
    "refusals.selection_refusal": "a rule on how respondents came in: a reason, no number",
    "refusals.pair_refusal": "a rule on how many answered: a reason, no number",
    "results.refused": "makes a refusal",
    "results.first_reason": "picks the first of several reasons",
    "results.school_results": "blanks out what was refused",
    "targets.progress_status": "a rule on two numbers: a word, no number",
}

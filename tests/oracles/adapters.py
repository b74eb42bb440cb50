"""From an oracle entry to our public functions and back to the names the entry uses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from indicators.stats.refusals import selection_refusal
from indicators.vocabulary import Selection
from tests.oracles import across, questions, several, single, surveys
from tests.oracles.names import Answer, Inputs

# The names of the reference set for the selections that forbid a margin of error.
SELECTIONS = {"self_selected": Selection.SELF_SELECTED, "census": Selection.CENSUS}


def answer(directory: Path, entry: dict[str, Any]) -> Answer:
    """Our values under the names of the entry, or our refusal."""
    declared = entry["inputs"].get("design", {}).get("selection")
    if declared in SELECTIONS:
        reason = selection_refusal(SELECTIONS[declared])
        if reason is not None:
            return reason
    return METHODS[entry["method"]](directory, entry["inputs"])


METHODS: dict[str, Callable[[Path, Inputs], Answer]] = {
    "mean_taylor": across.mean_taylor,
    "mean_taylor_domain": across.mean_taylor,
    "prop_taylor": across.prop_taylor,
    "mean_simple": single.mean_simple,
    "prop_simple": single.prop_simple,
    "change_taylor": across.change_taylor,
    "change_cr2": across.cr2,
    "change_paired_schools": across.change_paired_schools,
    "signflip": across.signflip,
    "gap_taylor": across.gap_taylor,
    "gap_cr2": across.cr2,
    "gapchange_taylor": across.gapchange_taylor,
    "gapchange_cr2": across.cr2,
    "gapchange_schools": across.gapchange_schools,
    "school_change_welch": single.school_change_welch,
    "school_change_family": single.school_change_family,
    "school_change_prop": single.school_change_prop,
    "school_change_deff": single.school_change_deff,
    "target_mean": single.mean_target,
    "target_prop": single.prop_target,
    "tost": single.equivalence,
    "verdict_change": single.verdict,
    "mde_two_groups": single.mde_two_groups,
    "p_adjust": several.p_adjust,
    "change_composition": several.change_mix,
    "change_heterogeneity": several.heterogeneity,
    "school_change_mwu": several.school_change_mwu,
    "hedges_g": several.effect_of_one_school,
    "cliff_delta": several.dominance,
    "g_clustered": several.effect_across_schools,
    "mcnemar_exact": several.mcnemar,
    "icc": several.icc,
    "icc_reml": several.reml,
    "mde_change": several.detectable,
    "max_error": several.margin,
    "score_summary": questions.score_summary,
    "item_distribution": questions.item_distribution,
    "multi_select": questions.multi,
    "dist_raoscott": surveys.dist_raoscott,
    "multi_group_wald": surveys.multi_group_wald,
    "rank_taylor": surveys.rank_taylor,
    "mean_calibrated": surveys.calibrated_mean,
    "change_wcr_exact": surveys.change_wcr_exact,
    "reliability": questions.index_reliability,
    "suppress_table": questions.suppression,
}

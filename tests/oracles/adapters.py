"""From an oracle entry to our public functions and back to the names the entry uses.

METHODS holds the methods implemented so far; entries of other methods are not collected.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from indicators.stats.results import refused
from indicators.vocabulary import Reason
from tests.oracles import across, single
from tests.oracles.names import Answer, Inputs, values

# Keys of implemented methods that are not compared yet, or never: the answers of mistakes.
NOT_COMPARED = {
    "change_taylor": {"svyttest_df", "svyttest_p"},  # a known mistake (README, "Contrasts")
    "change_paired_schools": {"p_wilcoxon"},  # no Wilcoxon test yet
    "prop_taylor": {"logit_low", "logit_high"},  # no logit interval yet
    "school_change_family": {"p_bh", "n_significant_bh"},  # no adjustment for families yet
}

REFUSED_SELECTIONS = {"self_selected": Reason.SELF_SELECTED, "census": Reason.CENSUS}


def answer(directory: Path, entry: dict[str, Any]) -> Answer:
    """Our values under the names of the entry, or our refusal."""
    selection = entry["inputs"].get("design", {}).get("selection")
    if selection in REFUSED_SELECTIONS:
        result = refused(REFUSED_SELECTIONS[selection], n=0, n_clusters=0, method="none")
        return values(result)
    return METHODS[entry["method"]](directory, entry["inputs"])


def is_implemented(entry: dict[str, Any]) -> bool:
    """Implemented so far: no weights, strata or finite population in the design."""
    design = entry["inputs"].get("design", {})
    if entry["method"] not in METHODS:
        return False
    if design.get("selection") in REFUSED_SELECTIONS:
        return True
    is_plain = not {"strata", "weights", "fpc", "psu2"} & {k for k, v in design.items() if v}
    return is_plain and design.get("psu", "school_id") == "school_id"


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
}

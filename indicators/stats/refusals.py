"""Refusals that do not depend on the numbers: how the respondents came in, and how many there are.

The order is that of `Reason`. What depends on the numbers is refused where they are computed.
"""

from indicators.vocabulary import Reason, Selection

MIN_SHOWN = 5  # fewer answers are not shown at all (method section 17)
MIN_JUDGED = 8  # fewer answers in a survey: no statement about one school (method section 8)


def selection_refusal(selection: Selection, *, as_process: bool = False) -> Reason | None:
    """Why no uncertainty may be shown for a survey with this selection, or None.

    SELF_SELECTED: respondents chose themselves. CENSUS: everybody of every school was asked, so
    that there is no sampling error; not when the schools are taken as draws of a process that goes
    on (as_process), which is the view for changes, gaps and targets.
    Source: method sections 1 and 9 (R01, R02).
    """
    if selection is Selection.SELF_SELECTED:
        return Reason.SELF_SELECTED
    if selection is Selection.CENSUS and not as_process:
        return Reason.CENSUS
    return None


def pair_refusal(
    n1: float, n2: float, min_n: int = MIN_JUDGED, min_shown: int = MIN_SHOWN
) -> Reason | None:
    """Why two surveys of one school cannot be compared; n: usable answers of each.

    NO_DATA, NOT_IN_BOTH_WAVES, SUPPRESSED (fewer than min_shown), TOO_FEW_RESPONDENTS (fewer than
    min_n).
    Source: method section 8.
    """
    least = min(n1, n2)
    if max(n1, n2) == 0:
        return Reason.NO_DATA
    if least == 0:
        return Reason.NOT_IN_BOTH_WAVES
    if least < min_shown:
        return Reason.SUPPRESSED
    return Reason.TOO_FEW_RESPONDENTS if least < min_n else None

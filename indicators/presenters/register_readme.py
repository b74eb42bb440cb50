"""What a person should know before changing the workbook of the register."""

from __future__ import annotations

from django.utils.translation import gettext


def readme() -> tuple[str, ...]:
    """One line per row of the sheet; the sheet is not read back."""
    return (
        gettext("This workbook is the register of the project: change it and load it again."),
        gettext(
            "Load it at “Set up”, “Register, questionnaires, framework”. Before anything changes, "
            "the page shows every difference; a workbook without changes changes nothing."
        ),
        gettext("The first row of each sheet and the codes stay as they are."),
        gettext(
            "A row that is taken out here stays in the project: nothing is deleted by a workbook."
        ),
        gettext("Names and definitions stand in three columns: Kyrgyz, Russian, English."),
        gettext("Shares among the targets are in percent; margins of shares are from 0 to 1."),
        gettext(
            "Targets: at_least, at_most, range (low..high), change_abs (change from the own "
            "baseline). A value outside the scale needs “yes” under “confirmed” and a reason "
            "under “note”."
        ),
    )

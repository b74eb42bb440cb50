"""When a director's checklist counts: the one place that decides it."""

from collections.abc import Collection, Mapping

from indicators.pipeline.shapes import MISSING

NO_ANSWER = (None, "", MISSING)


def is_complete(
    answers: Mapping[str, object], scored_items: Collection[str]
) -> tuple[bool, int, int]:
    """(complete, answered, scored): at least half of the scored items have an answer.

    "Don't know" is an answer; a skipped question is not. Without scored items nothing can be
    missing, so the checklist is complete.
    """
    scored = len(scored_items)
    answered = sum(answers.get(name) not in NO_ANSWER for name in scored_items)
    return 2 * answered >= scored, answered, scored

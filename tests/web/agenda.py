"""An agenda and report paragraphs for the made-up project."""

from __future__ import annotations

from indicators.models import AgendaQuestion, Paragraph
from tests.web.world import World

ANSWER = "Climate rose from {S01.baseline} to {S01@W1} ({S01.change}; n = {S01.endline.n})."


def agenda_of(world: World) -> list[AgendaQuestion]:
    """E01 answered in public, E02 answered for officers only, E03 open without indicators."""
    rows = AgendaQuestion.objects.bulk_create(
        [
            AgendaQuestion(
                project=world.project,
                code=code,
                position=position,
                question_en=f"Question {code}?",
                question_ky=f"Суроо {code}?",
                status=status,
                conclusion_en=conclusion,
                is_public=is_public,
            )
            for position, (code, status, conclusion, is_public) in enumerate(
                [
                    ("E01", "answered", ANSWER, True),
                    ("E02", "answered", "The gap is {G01.gap}.", False),
                    ("E03", "open", "", False),
                ]
            )
        ]
    )
    rows[0].indicators.set([world.indicators["S01"], world.indicators["S08"]])
    rows[1].indicators.set([world.indicators["G01"]])
    Paragraph.objects.bulk_create(
        [
            Paragraph(
                project=world.project, place="summary", text_en=ANSWER, is_public=True, position=0
            ),
            Paragraph(project=world.project, place="draft", text_en="Not yet said.", position=1),
        ]
    )
    return rows

"""The demo's texts cite figures that are there, and are written once."""

from __future__ import annotations

import pytest

from indicators.actions.demo import DEMO_DIR
from indicators.actions.demo_texts import load_demo_texts
from indicators.actions.paragraphs import remove_paragraph
from indicators.models import AgendaQuestion, AuditEvent, Paragraph, User
from indicators.pipeline.citation import citations_of
from indicators.queries.lost_citations import lost_citations
from indicators.vocabulary import AgendaStatus


@pytest.fixture
def officer() -> User:
    return User.objects.create_user("olga")


def test_every_figure_is_there_in_every_language(demo_project, officer):
    load_demo_texts(project=demo_project, directory=DEMO_DIR, by=officer)
    answered = AgendaQuestion.objects.filter(project=demo_project, status=AgendaStatus.ANSWERED)
    assert {one.code for one in answered} == {"E02", "E05"}
    texts = [
        *((one.conclusion_ky, one.conclusion_ru, one.conclusion_en) for one in answered),
        *((one.text_ky, one.text_ru, one.text_en) for one in Paragraph.objects.all()),
    ]
    for in_languages in texts:
        cited = {frozenset(citations_of(text)) for text in in_languages}
        assert len(cited) == 1, "each language cites the same figures"
        assert cited != {frozenset()}
    assert not lost_citations(demo_project)


def test_what_was_removed_does_not_come_back(demo_project, officer):
    load_demo_texts(project=demo_project, directory=DEMO_DIR, by=officer)
    paragraph = Paragraph.objects.get(project=demo_project)
    remove_paragraph(paragraph=paragraph, reason="Demo", revision=paragraph.revision, by=officer)
    known = AuditEvent.objects.count()
    load_demo_texts(project=demo_project, directory=DEMO_DIR, by=officer)
    assert not Paragraph.objects.exists()
    assert AuditEvent.objects.count() == known

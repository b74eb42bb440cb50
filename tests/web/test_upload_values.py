"""Odd answers of a file: decided in the page, remembered for the question, undone at will."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone, translation

from indicators.actions.uploads import import_file
from indicators.forms.values import chosen_values
from indicators.models import AuditEvent, DoubtfulValue, Item, Upload, ValueMapping, Wave
from indicators.presenters.values import values_view
from indicators.queries.answers import answers_of
from indicators.queries.values import AskedQuestion, AskedValue, AskedValues
from indicators.vocabulary import FileKind, UploadState
from tests.actions.upload_cases import teachers
from tests.pipeline.import_cases import DEMO, DIRTY
from tests.web.test_upload_content import client, drop, officer, project, text_of, url

__all__ = ["client", "officer", "project"]
ICT = "t_comp_ict"


@pytest.fixture(autouse=True)
def no_calculation(monkeypatch):
    monkeypatch.setattr("indicators.views.run.enqueue_calculation", lambda run_id: None)


def send(client, project, data: bytes, name: str = "t.csv") -> Upload:
    client.post(url(project, "upload-new"), {"file": SimpleUploadedFile(name, data)})
    return Upload.objects.get(file_name=name)


@pytest.fixture
def upload(client, project) -> Upload:
    return send(
        client, project, teachers(t_comp_ict=("excellent", "99", "excellent", "Excellent "))
    )


def decide(client, project, upload, **said):
    """ "excellent" -> "5" as `decide(..., excellent="5")`."""
    fields = {
        "item": [ICT] * len(said),
        "value": [name.removeprefix("n") for name in said],
        "meaning": list(said.values()),
    }
    return client.post(url(project, "upload-values", upload.pk), fields, follow=True)


def stored(upload) -> list[int]:
    return answers_of(upload.dataset, [ICT])[ICT].tolist()


def test_odd_answers_are_listed_by_question_the_most_frequent_first(client, project, upload):
    page = client.get(url(project, "upload-detail", upload.pk))
    (question,) = page.context["values"].questions
    assert (question.name, question.is_number, len(question.options)) == (ICT, False, 5)
    assert [(v.text, v.where, v.chosen) for v in question.values] == [
        ("excellent", "3 rows", ""),
        ("99", "1 row", ""),
    ]
    assert question.values[0].suggested is None
    assert question.values[1].suggested.value == "-"
    assert "usually means no answer" in question.values[1].note
    assert page.context["values"].n_open == 2


def test_several_are_decided_at_once_and_undone(client, project, upload, officer):
    page = decide(client, project, upload, excellent="5", n99="-")
    upload.refresh_from_db()
    assert "Remembered" in text_of(page)
    assert upload.value_mapping == {ICT: {"excellent": "5", "99": ""}}
    kept = {row.key: (row.meaning, row.created_by) for row in ValueMapping.objects.all()}
    assert kept == {"excellent": ("5", officer), "99": ("", officer)}
    event = AuditEvent.objects.get(kind="value.mapped")
    places = (f"{ICT}: excellent", f"{ICT}: 99")
    assert (event.by, event.before) == (officer, dict.fromkeys(places))
    assert event.after == dict(zip(places, ("5", ""), strict=True))
    listed = upload.problems.filter(kind="value_mapped").order_by("value")
    assert [(p.severity, p.value, p.params["n"], p.row) for p in listed] == [
        ("warning", "99", "1", None),
        ("warning", "excellent", "3", None),
    ]
    (question,) = page.context["values"].questions
    assert [(v.text, v.chosen) for v in question.values] == [("excellent", "5"), ("99", "-")]
    assert page.context["values"].n_open == 0

    decide(client, project, upload, excellent="")
    upload.refresh_from_db()
    assert upload.value_mapping == {ICT: {"99": ""}}
    assert [row.key for row in ValueMapping.objects.all()] == ["99"]
    assert not upload.problems.filter(kind="value_mapped", value="excellent").exists()


def test_what_was_decided_is_what_is_stored(client, project, upload):
    decide(client, project, upload, excellent="5", n99="-")
    client.post(url(project, "upload-accept", upload.pk))
    upload.refresh_from_db()
    assert upload.state == UploadState.ACCEPTED
    assert stored(upload)[:4] == [5, -128, 5, 5]


def test_the_next_file_needs_no_decision(client, project, upload, officer):
    decide(client, project, upload, excellent="5", n99="-")
    following = send(client, project, teachers(t_comp_ict=("EXCELLENT", "4"), n_rows=8), "next.csv")
    assert following.value_mapping == {ICT: {"excellent": "5", "99": ""}}
    assert [p.value for p in following.problems.filter(kind="value_mapped")] == ["EXCELLENT"]
    for dry_run in (True, False):
        report = import_file(
            project=project,
            wave=Wave.objects.get(code="W1"),
            kind=FileKind.SURVEY,
            file_name="third.csv",
            content=teachers(t_comp_ict=("excellent",), n_rows=7),
            instrument="teacher",
            by=officer,
            dry_run=dry_run,
        )
        assert [p.kind for p in report.problems if p.column.endswith(ICT)] == ["value_mapped"]
    assert report.upload is not None
    assert stored(report.upload)[0] == 5


def test_a_later_decision_does_not_change_a_file_that_counts(client, project, upload):
    decide(client, project, upload, excellent="5")
    client.post(url(project, "upload-accept", upload.pk))
    upload.refresh_from_db()
    sha256 = upload.dataset.sha256
    other = send(client, project, teachers(t_comp_ict=("excellent",), n_rows=6), "other.csv")
    decide(client, project, other, excellent="1")
    client.post(url(project, "upload-withdraw", upload.pk), {"reason": "a look"})
    client.post(url(project, "upload-accept", upload.pk))
    upload = Upload.objects.get(pk=upload.pk)
    assert upload.dataset.sha256 == sha256
    assert stored(upload)[0] == 5
    assert ValueMapping.objects.get().meaning == "1"


def test_every_suggestion_at_once(client, project):
    page = drop(client, project, DIRTY / "director_IS-03.xlsx")
    upload = Upload.objects.get()
    suggested = page.context["values"].n_suggested
    assert suggested > 1
    assert f"Accept all suggestions ({suggested} answers)" in text_of(page)
    page = client.post(url(project, "upload-values", upload.pk), follow=True)
    assert ValueMapping.objects.count() == suggested
    assert page.context["values"].n_suggested == 0
    assert upload.problems.filter(kind="value_mapped").count() == suggested
    page = client.post(url(project, "upload-values", upload.pk), follow=True)
    assert "Nothing was changed" in text_of(page)


@pytest.mark.parametrize("language", ["en", "ky"], indirect=True)
def test_a_suggestion_is_named_in_the_readers_language(client, project, language):
    drop(client, project, DIRTY / "director_IS-03.xlsx")
    page = client.get(
        url(project, "upload-detail", Upload.objects.get().pk),
        headers={"accept-language": language},
    )
    values = [v for q in page.context["values"].questions for v in q.values]
    (share,) = [v for v in values if v.text == "0.23"]
    with translation.override(language):
        assert share.suggested.label in share.note
    assert ("21% and more" in share.note) is (language == "en")


@pytest.mark.parametrize(
    "fields",
    [
        {"item": [ICT], "value": ["excellent"], "meaning": ["no such option"]},
        {"item": [ICT], "value": ["excellent"], "meaning": ["\x005x"]},
        {"item": [ICT], "value": ["never typed"], "meaning": ["5"]},
        {"item": ["t_sex"], "value": ["excellent"], "meaning": ["5"]},
        {"item": [ICT], "value": ["excellent"], "meaning": []},
        {"item": [], "value": ["excellent"], "meaning": ["5"]},
    ],
)
def test_a_choice_that_does_not_fit_changes_nothing(client, project, upload, fields):
    page = client.post(url(project, "upload-values", upload.pk), fields, follow=True)
    assert "Nothing was changed" in text_of(page)
    upload.refresh_from_db()
    assert upload.value_mapping == {}
    assert not ValueMapping.objects.exists()
    assert not AuditEvent.objects.filter(kind="value.mapped").exists()


def test_an_unchanged_choice_writes_no_event(client, project, upload):
    decide(client, project, upload, excellent="", n99="")
    assert not AuditEvent.objects.filter(kind="value.mapped").exists()


def test_after_the_decision_nothing_is_mapped(client, project, upload):
    Upload.objects.update(state=UploadState.WITHDRAWN, withdrawn_at=timezone.now())
    page = decide(client, project, upload, excellent="5")
    assert "present state" in text_of(page)
    assert "values" not in page.context


def test_too_long_a_list_is_refused():
    fields = "&".join("item=a&value=b&meaning=-" for _ in range(301))
    assert chosen_values(QueryDict(fields)) is None


@pytest.mark.parametrize(("typed", "meaning"), [("", None), ("–", ""), (" - ", ""), (" 7 ", "7")])
def test_what_is_typed_for_a_number(typed, meaning):
    query = QueryDict(mutable=True)
    query.update({"item": "n", "value": "seven", "meaning": typed})
    assert chosen_values(query) == {("n", "seven"): meaning}


def test_a_number_is_typed_into_a_box():
    asked = AskedQuestion(
        "age", "age", "", (), (AskedValue("ten", "text_in_numeric", None, "10", 2),)
    )
    view = values_view(AskedValues((asked,), 0, 0, 0))
    assert view is not None
    (question,) = view.questions
    assert (question.is_number, question.title, question.values[0].chosen) == (True, "age", "10")


def test_a_file_of_records_has_no_answers_to_decide(client, project):
    page = drop(client, project, DEMO / "baseline" / "desk_data.xlsx")
    assert page.context["values"] is None


def test_many_values_cost_no_more_queries(client, project, upload, django_assert_max_num_queries):
    items = list(Item.objects.filter(instrument__code="teacher", scale__isnull=False)[:10])
    for number in range(120):
        DoubtfulValue.objects.create(
            upload=upload, item=items[number % 10], value=f"odd {number}", key=f"odd {number}",
            kind="unknown_answer_label", n_rows=1000 - number,
        )  # fmt: skip
    with django_assert_max_num_queries(24):
        page = client.get(url(project, "upload-detail", upload.pk))
    shown = [v.text for q in page.context["values"].questions for v in q.values]
    assert len(shown) == 50
    assert set(shown) == {f"odd {number}" for number in range(50)}
    assert "and 72 more answers" in text_of(page)
    assert len(re.findall(r'name="meaning"', page.content.decode())) == 50

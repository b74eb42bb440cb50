"""The quality log: written by officers, printed with the limits of the results."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import AuditEvent, FieldLogEntry, Instrument, Project, Wave
from tests.web.factories import build_world, member

pytestmark = pytest.mark.django_db
CHECK = {
    "kind": "back_check",
    "happened_on": "2027-10-20",
    "instrument": "student",
    "who": "Aida",
    "what": "Five sheets asked again by telephone",
    "result": "One answer differed",
    "n_collected": "20",
    "n_checked": "5",
    "n_agreed": "4",
}
PILOT = {
    "kind": "pilot",
    "happened_on": "2027-09-10",
    "instrument": "",
    "who": "Field team",
    "what": "Two schools outside the project",
}


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def client(world) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member(world, "officer"))
    return client


def url(name, *args):
    return reverse(f"field-log-{name}", args=["demo", *args])


def add(client, **fields):
    return client.post(url("new", "W1"), fields)


def page(client, code="S01"):
    return client.get(reverse("indicator-detail", args=["demo", code])).content.decode()


def test_an_entry_is_kept_and_on_record(client, world):
    answer = add(client, **CHECK)
    assert answer.url == url("list") + "?wave=W1"
    entry = FieldLogEntry.objects.get()
    assert (entry.wave.code, entry.instrument.code, entry.n_checked) == ("W1", "student", 5)
    (view,) = client.get(answer.url).context["lines"]
    assert view.counts.startswith("5 of 20 sheets asked again (25")
    assert not view.is_short
    event = AuditEvent.objects.get(kind="field_log.added")
    assert (event.after["who"], event.after["instrument"]) == ("Aida", "student")


def test_an_entry_can_be_changed_and_the_old_one_stays_on_record(client, world):
    add(client, **CHECK)
    entry = FieldLogEntry.objects.get()
    same = client.post(url("edit", entry.pk), CHECK)
    assert same.status_code == 302
    assert not AuditEvent.objects.filter(kind="field_log.changed").exists()
    client.post(url("edit", entry.pk), CHECK | {"n_checked": "3", "n_agreed": ""})
    entry.refresh_from_db()
    assert (entry.n_checked, entry.n_agreed) == (3, None)
    event = AuditEvent.objects.get(kind="field_log.changed")
    assert (event.before["n_checked"], event.after["n_checked"]) == (5, 3)
    (view,) = client.get(url("list") + "?wave=W1").context["lines"]
    assert view.is_short


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "party"},
        {"happened_on": "soon"},
        {"who": ""},
        {"what": " "},
        {"instrument": "nobody"},
        {"n_checked": "21"},
        {"n_agreed": "6"},
        {"n_collected": ""},
        {"n_checked": ""},
        {"n_collected": "0"},
    ],
)
def test_bad_input_is_explained(client, world, bad):
    answer = add(client, **CHECK | bad)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not FieldLogEntry.objects.exists()


def test_counts_belong_to_back_checks_only(client, world):
    add(client, **PILOT, n_collected="20", n_checked="5", n_agreed="5")
    entry = FieldLogEntry.objects.get()
    assert (entry.n_collected, entry.n_checked, entry.n_agreed) == (None, None, None)


@pytest.mark.parametrize("counts", [(5, 6, None), (5, 4, 5)])
def test_the_database_refuses_impossible_counts(world, counts):
    names = ("n_collected", "n_checked", "n_agreed")
    with pytest.raises(IntegrityError), transaction.atomic():
        FieldLogEntry.objects.create(
            wave=world.waves[1],
            kind="back_check",
            happened_on=date(2027, 10, 20),
            who="Aida",
            what="x",
            **dict(zip(names, counts, strict=True)),
        )


def test_results_print_the_checks_with_their_limits_and_without_names(client, world):
    assert "back-check" not in page(client)
    add(client, **PILOT)
    add(client, **CHECK)
    add(client, **CHECK | {"who": "Bakyt", "n_collected": "50", "n_checked": "4"})
    text = page(client)
    assert "Endline: the questionnaire was piloted on Sept. 10, 2027" in text
    assert "9 of 70 sheets were asked again as a check" in text
    assert "8 of them had the same answers" in text
    assert "for 1 interviewer fewer than 20 percent were checked" in text
    assert "Bakyt" not in text
    assert "Baseline: the questionnaire" not in text
    # Teachers have the pilot of all questionnaires, and no back-check of theirs.
    assert "no back-checks are on record" in page(client, "T03")
    assert "piloted" not in page(client, "C03")


def test_unknown_waves_and_entries_do_not_exist(client, world):
    assert client.get(url("new", "W9")).status_code == 404
    other = build_world(code="other")
    entry = FieldLogEntry.objects.create(
        wave=other.waves[0], kind="note", happened_on=date(2025, 10, 1), who="x", what="x"
    )
    assert client.get(url("edit", entry.pk)).status_code == 404
    assert client.post(url("edit", entry.pk), PILOT).status_code == 404


def test_empty_states_say_what_comes(client, world):
    assert "no pilot, no back-checks" in client.get(url("list")).content.decode()
    empty = Project.objects.create(code="empty", reference_date=date(2027, 12, 1))
    user = member(world, "officer")
    user.memberships.create(project=empty, role="officer")
    client.force_login(user)
    text = client.get(reverse("field-log-list", args=["empty"])).content.decode()
    assert "The project has no wave yet" in text


def test_few_queries_however_many_entries(client, world):
    def counted():
        with CaptureQueriesContext(connection) as caught:
            client.get(url("list") + "?wave=W1")
        return len(caught)

    client.get(url("list"))
    add(client, **CHECK)
    first = counted()
    student = Instrument.objects.get(code="student")
    FieldLogEntry.objects.bulk_create(
        FieldLogEntry(
            wave=Wave.objects.get(code="W1"),
            instrument=student,
            kind="note",
            happened_on=date(2027, 10, 1),
            who=f"Person {n}",
            what="x",
        )
        for n in range(30)
    )
    assert counted() == first <= 8

"""The wiring in mel/: reading of the environment, sessions, headers, sign-up."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.utils import translation
from django.utils.formats import date_format, number_format

from mel import environment
from mel.middleware import RENEW_AFTER, renew_session


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("True", True), ("0", False), ("", False)]
)
def test_a_switch_is_on_or_off(monkeypatch, value, expected):
    monkeypatch.setenv("HTTPS", value)
    assert environment.switch("HTTPS", default=not expected) is expected


def test_a_misspelt_value_stops_the_start_and_says_what_to_write(monkeypatch):
    monkeypatch.setenv("HTTPS", "yess")
    monkeypatch.setenv("PROXIES", "-1")
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(ImproperlyConfigured, match="HTTPS='yess': write 1 or 0"):
        environment.switch("HTTPS")
    with pytest.raises(ImproperlyConfigured, match="PROXIES='-1': write a whole number"):
        environment.whole("PROXIES", 0)
    with pytest.raises(ImproperlyConfigured, match="write one of console, json"):
        environment.one_of("LOG_FORMAT", "console", "json")
    with pytest.raises(ImproperlyConfigured, match="NO_SUCH is not set: because"):
        environment.required("NO_SUCH", "because")


def test_the_database_is_sqlite_unless_named(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    found = environment.database(tmp_path / "db.sqlite3")
    assert found["NAME"] == str(tmp_path / "db.sqlite3")
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_has_a_pool(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://mel:p%40ss@db:5432/mel")
    monkeypatch.setenv("DATABASE_POOL", "3")
    found = environment.database(tmp_path)
    assert (found["HOST"], found["PASSWORD"]) == ("db", "p@ss")
    assert found["OPTIONS"]["pool"]["max_size"] == 3
    assert found["CONN_MAX_AGE"] == 0


@pytest.mark.parametrize("url", ["nonsense", "mysql://a:b@c/d"])
def test_another_database_is_refused(monkeypatch, tmp_path, url):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        environment.database(tmp_path)


def test_the_secret_key_is_made_once_and_kept_private(tmp_path):
    path = tmp_path / "var" / "secret_key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(environment.embedded_secret_key, [path] * 8))
    assert len(keys) == 1
    assert len(keys.pop()) > 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("language", "number", "day"),
    [("ky", "12,5", "2026-11-22"), ("ru", "12,5", "22.11.2026"), ("en", "12.5", "11/22/2026")],
    indirect=["language"],
)
def test_numbers_and_dates_follow_the_language(language, number, day):
    import datetime

    assert translation.get_language() == language
    assert number_format(12.5) == number
    assert date_format(datetime.date(2026, 11, 22), "SHORT_DATE_FORMAT") == day


def test_a_kyrgyz_thousand_has_a_narrow_space():
    with translation.override("ky"):
        assert number_format(12345, force_grouping=True) == "12\u202f345"


class User:
    is_authenticated = True


def test_a_session_in_use_is_renewed_once_per_quarter_of_an_hour(rf, time_machine):
    request = rf.get("/")
    request.user, request.session = User(), {}
    visit = renew_session(lambda request: HttpResponse())
    time_machine.move_to(1_000_000, tick=False)
    visit(request)
    time_machine.shift(RENEW_AFTER - 1)
    visit(request)
    assert request.session == {"renewed_at": 1_000_000}
    time_machine.shift(1)
    visit(request)
    assert request.session == {"renewed_at": 1_000_000 + RENEW_AFTER}


@pytest.mark.django_db
def test_the_sign_in_page_is_open_and_sends_a_strict_content_policy(client):
    response = client.get("/accounts/login/")
    policy = response["Content-Security-Policy"]
    assert response.status_code == 200
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_nobody_signs_up_by_themselves(client, django_user_model):
    answers = {
        "username": "stranger",
        "password1": "a long Passw0rd",
        "password2": "a long Passw0rd",
    }
    response = client.post("/accounts/signup/", answers | {"email": "stranger@example.org"})
    assert response.templates[0].name == "account/signup_closed.html"
    assert not django_user_model.objects.exists()


@pytest.mark.django_db
def test_the_admin_is_entered_through_the_same_door(client):
    response = client.get("/admin/login/", follow=True)
    assert response.redirect_chain[0][0].startswith("/accounts/login/")


def test_the_language_can_be_changed_by_anybody(client):
    response = client.post("/i18n/setlang/", {"language": "ru", "next": "/accounts/login/"})
    assert response.cookies["django_language"].value == "ru"

"""Limits on files and templates, and the lock files."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import APP, ROOT, python_files

CODE = [
    path
    for folder in ("indicators", "mel", "tests", "tools", "bench")
    for path in python_files(ROOT / folder)
]
TEMPLATES = sorted([*(ROOT / "templates").rglob("*.html"), *APP.rglob("templates/**/*.html")])
VIEWS = [*python_files(APP / "views"), *python_files(APP / "presenters")]

IN_TEMPLATES = {
    r"<script(?![^>]*\ssrc=)[^>]*>": "an inline script, which the content policy blocks",
    r"<style\b": "a style sheet of its own, which the content policy blocks",
    r"\sstyle\s*=": "an inline style, which the content policy blocks",
    r"\son[a-z]+\s*=": "an inline event handler, which the content policy blocks",
    r"javascript:": "a script in a link",
    r"\.objects\b|\.all\b|\.count\b": "a query; hand the template what it shows",
    r"\|\s*safe\b|\{%\s*autoescape off": "unescaped text; build it with format_html",
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", CODE, ids=name)
def test_no_file_is_longer_than_500_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def test_settings_stay_readable():
    assert len((ROOT / "mel" / "settings.py").read_text().splitlines()) <= 250


@pytest.mark.parametrize("path", VIEWS, ids=name)
def test_views_and_presenters_do_no_queries_of_their_own(path):
    assert not re.search(r"\.objects\b", path.read_text(encoding="utf-8"))


def without_comments(text: str) -> str:
    text = re.sub(r"\{%\s*comment\b.*?endcomment\s*%\}", "", text, flags=re.DOTALL)
    return re.sub(r"\{#.*?#\}", "", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_is_short_and_only_shows(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    text = without_comments(text)
    found = {
        match.group(0).strip(): why
        for pattern, why in IN_TEMPLATES.items()
        for match in re.finditer(pattern, text, re.IGNORECASE)
    }
    assert not found


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ('<script src="/a.js" defer></script>', False),
        ("<script>alert(1)</script>", True),
        ('<script type="module">x</script>', True),
        ('<p class="style">', False),
        ('<p\n style="color:red">', True),
        ('<a onclick="x()">', True),
        ('<option value="only">', False),
        ("{{ schools.all }}", True),
        ("{{ allowed }} {{ n_count }}", False),
        ("{# style= #}", False),
        ("{{ text|safe }}", True),
    ],
)
def test_the_template_rules_find_what_they_should(text, bad):
    text = without_comments(text)
    assert any(re.search(pattern, text, re.IGNORECASE) for pattern in IN_TEMPLATES) is bad


def pins(file: str) -> set[str]:
    lines = (ROOT / file).read_text().splitlines()
    return {line.rstrip(" \\") for line in lines if re.match(r"\w", line)}


def test_both_lock_files_pin_the_same():
    assert pins("requirements.txt") <= pins("requirements-dev.txt")


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_file_has_hashes_and_no_address(file):
    text = (ROOT / file).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    assert text.count("==") > 20
    assert all("--hash=sha256:" in part for part in re.split(r"\n(?=\w)", text) if part.strip())

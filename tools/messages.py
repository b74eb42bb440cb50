"""Translations: `messages.py update` writes .po and .mo files, `messages.py check` compares them.

The compiled files are committed, since a machine that only runs the product has no gettext.
"""

import gettext
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ky", "ru")
SOURCES = ("indicators", "mel", "templates")
MAKEMESSAGES = ["makemessages", "--no-obsolete", "--add-location=file", "--keep-pot"]


def po_file(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


@contextmanager
def extracted() -> Iterator[Path]:
    """A copy of the sources, its .po files merged with all their strings, and locale/django.pot."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        (copy / "locale").mkdir()
        for name in (*SOURCES, "locale"):
            if (ROOT / name).exists():
                shutil.copytree(ROOT / name, copy / name, dirs_exist_ok=True)
        options = [f"--locale={language}" for language in LANGUAGES]
        # Outside any project, so that strings can be collected while the code does not start.
        command = [sys.executable, "-m", "django", *MAKEMESSAGES, *options]
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
        for language in LANGUAGES:
            tidy(po_file(copy, language), one_plural=language == "ky")
        yield copy


def tidy(po: Path, *, one_plural: bool) -> None:
    """Put right what gettext writes."""
    text = po.read_text(encoding="utf-8")
    # A fuzzy header is not compiled, and the encoding is named there.
    text = re.sub(r'#, fuzzy\n(?=msgid ""\nmsgstr ""\n"Project-Id)', "", text)
    if one_plural:
        text = re.sub(r'^msgstr\[1\] ".*"\n(?:".*"\n)*', "", text, flags=re.MULTILINE)
    po.write_text(text, encoding="utf-8")


def compile_one(po: Path, mo: Path) -> str:
    """Compile, with gettext's own checks of placeholders; return its complaints."""
    command = ["msgfmt", "--check-format", "--check-domain", "-o", str(mo), str(po)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def catalogue(mo: Path) -> dict[object, str]:
    with mo.open("rb") as file:
        entries: dict[object, str] = dict(vars(gettext.GNUTranslations(file))["_catalog"])
    entries.pop("", None)  # the header holds dates
    return entries


def update() -> int:
    complaints = ""
    with extracted() as copy:
        for language in LANGUAGES:
            po = po_file(ROOT, language)
            po.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(po_file(copy, language), po)
            complaints += compile_one(po, po.with_suffix(".mo"))
    print(complaints or "Translations compiled.")
    return bool(complaints)


def check() -> int:
    with extracted() as copy:
        problems = [line for language in LANGUAGES for line in check_language(language, copy)]
    for problem in problems:
        print(problem)
    print(
        "Run `make messages`, translate, run it again." if problems else "Translations are whole."
    )
    return bool(problems)


def check_language(language: str, scratch: Path) -> list[str]:
    po = po_file(ROOT, language)
    if not po.exists():
        return [f"{language}: {po.relative_to(ROOT)} is missing"]
    # msgcmp names every string of the template that is missing, untranslated or fuzzy in the .po.
    command = ["msgcmp", str(po), str(scratch / "locale" / "django.pot")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stderr.splitlines() if done.returncode else []
    problems = [f"{language}: {readable(line)}" for line in lines if "warning:" not in line]
    compiled = scratch / f"{language}.mo"
    if complaints := compile_one(po, compiled):
        return [*problems, f"{language}: {complaints}"]
    committed = po.with_suffix(".mo")
    if not committed.exists() or catalogue(committed) != catalogue(compiled):
        problems.append(f"{language}: {committed.relative_to(ROOT)} was not compiled from its .po")
    return problems


def readable(complaint: str) -> str:
    """The complaint with the string it means instead of a place in a file."""
    match = re.match(r"(.+?):(\d+): (.+?)(?: in \S+)?$", complaint)
    if not match:
        return complaint
    path, line, text = match.groups()
    above = Path(path).read_text(encoding="utf-8").splitlines()[: int(line)]
    # The place named is the end of the msgid.
    entry = takewhile(lambda part: part and not part.startswith("#"), reversed(above))
    words = [part for part in entry if not part.startswith("msgstr")]
    return f"{text}: {' '.join(reversed(words))}"


if __name__ == "__main__":
    sys.exit({"update": update, "check": check}[sys.argv[1]]())

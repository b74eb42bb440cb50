"""Translations: `messages.py update` writes .po and .mo files, `messages.py check` compares them.

The compiled files are committed, since a machine that only runs the product has no gettext.
"""

import gettext
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ky", "ru")
SOURCES = ("indicators", "mel", "templates")
MAKEMESSAGES = ["makemessages", "--no-obsolete", "--add-location=file", "--keep-pot"]


def po_file(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def extract(root: Path) -> Path:
    """Merge the strings of the sources into the .po files under root; return the template."""
    (root / "locale").mkdir(exist_ok=True)
    options = [f"--locale={language}" for language in LANGUAGES]
    # Outside any project, so that strings can be collected while the code does not start.
    command = [sys.executable, "-m", "django", *MAKEMESSAGES, *options]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    # Kyrgyz has one plural form; xgettext offers two.
    path = po_file(root, "ky")
    text = path.read_text(encoding="utf-8")
    text = re.sub(r'^msgstr\[1\] ".*"\n(?:".*"\n)*', "", text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
    return root / "locale" / "django.pot"


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
    extract(ROOT).unlink(missing_ok=True)
    complaints = ""
    for language in LANGUAGES:
        po = po_file(ROOT, language)
        complaints += compile_one(po, po.with_suffix(".mo"))
    print(complaints or "Translations compiled.")
    return bool(complaints)


def check() -> int:
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in (*SOURCES, "locale"):
            if (ROOT / name).exists():
                shutil.copytree(ROOT / name, copy / name)
        template = extract(copy)
        for language in LANGUAGES:
            problems += check_language(language, template, copy)
    for problem in problems:
        print(problem)
    print(
        "Run `make messages`, translate, run it again." if problems else "Translations are whole."
    )
    return bool(problems)


def check_language(language: str, template: Path, scratch: Path) -> list[str]:
    po = po_file(ROOT, language)
    if not po.exists():
        return [f"{language}: {po.relative_to(ROOT)} is missing"]
    # msgcmp names every string of the template that is missing, untranslated or fuzzy in the .po.
    command = ["msgcmp", str(po), str(template)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    problems = (
        [f"{language}: {line}" for line in done.stderr.splitlines()] if done.returncode else []
    )
    compiled = scratch / f"{language}.mo"
    if complaints := compile_one(po, compiled):
        return [*problems, f"{language}: {complaints}"]
    committed = po.with_suffix(".mo")
    if not committed.exists() or catalogue(committed) != catalogue(compiled):
        problems.append(f"{language}: {committed.relative_to(ROOT)} was not compiled from its .po")
    return problems


if __name__ == "__main__":
    sys.exit({"update": update, "check": check}[sys.argv[1]]())

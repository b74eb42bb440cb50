"""The coding frame of the demo, and the codes of one coder."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from indicators.actions.coding_files import accept_codes, preview_codes
from indicators.actions.themes import add_theme
from indicators.models import Item, Project, Theme, User, Wave

FRAME = "open_answers.toml"


def load_demo_codes(*, project: Project, directory: Path, by: User) -> None:
    """Themes and codes of every question, each question whole or not at all.

    A question that has themes is left as it is: they may have been changed since.
    """
    frame = tomllib.loads((directory / FRAME).read_text(encoding="utf-8"))
    for question in frame["question"]:
        item = Item.objects.get(
            instrument__project=project,
            instrument__code=question["instrument"],
            name=question["item"],
        )
        if not Theme.objects.filter(item=item).exists():
            _load_question(item, question, directory, by)


@transaction.atomic
def _load_question(item: Item, question: dict[str, Any], directory: Path, by: User) -> None:
    for position, theme in enumerate(question["theme"]):
        values = {**theme, "position": position, "is_active": True}
        add_theme(item=item, code=values.pop("code"), values=values, by=by)
    for code, path in question["codes"].items():
        wave = Wave.objects.get(project=item.instrument.project, code=code)
        name = Path(path).name
        content = (directory / path).read_bytes()
        preview = preview_codes(item=item, wave=wave, file_name=name, content=content, by=by)
        place = {"file_name": name, "sha256": preview.sha256}
        read, _ = accept_codes(item=item, wave=wave, **place, by=by)
        if not read.is_acceptable:
            raise ValueError(f"{path}: {read.problems[:3]}")

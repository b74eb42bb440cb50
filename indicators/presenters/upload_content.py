"""What a file was recognised as, how sure that is, and by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from indicators.presenters.numbers import whole
from indicators.vocabulary import FileKind
from indicators.words import word


@dataclass(frozen=True, slots=True)
class ContentView:
    """`lines` say by what; `asks` is set when a person has to say what the file is."""

    lines: tuple[str, ...]
    asks: bool


def content_view(content: Any) -> ContentView:
    found: Mapping[str, Any] = content.recognition
    candidates = found.get("candidates", [])
    lines = [_candidate(one, content.instruments) for one in candidates[: 1 if content.kind else 9]]
    if found and not candidates:
        lines.append(gettext("No known column or question was found in it."))
    if len(candidates) > 1 and not content.kind:
        lines.insert(0, gettext("It may be several things:"))
    if content.kind and found.get("wave") == content.wave_code:
        lines.append(_wave(found))
    if found.get("first") and not found["wave"]:
        lines.append(gettext("The dates in it (%(days)s) fit no wave.") % {"days": _days(found)})
    if candidates and candidates[0]["instrument"] and content.kind:
        lines.append(_language(found["language"]))
    return ContentView(tuple(filter(None, lines)), asks=content.is_incomplete)


def _candidate(one: Mapping[str, Any], instruments: Mapping[str, str]) -> str:
    values = {"n": whole(one["n_found"]), "of": whole(one["n_expected"])}
    if one["instrument"]:
        name = instruments.get(one["instrument"], one["instrument"])
        text = gettext("%(n)s of %(of)s questions of “%(name)s” stand in the file.")
        return text % (values | {"name": name})
    text = ngettext(
        "%(n)s column of this sort of table was found: %(kind)s.",
        "%(n)s columns of this sort of table were found: %(kind)s.",
        one["n_found"],
    )
    return text % (values | {"kind": word(FileKind(one["kind"]))})


def _wave(found: Mapping[str, Any]) -> str:
    texts = {
        "dates": gettext(
            "%(n)s of %(of)s dates looked at (%(days)s) lie in the fieldwork of this wave."
        ),
        "period": gettext(
            "%(n)s of %(of)s dates or years looked at lie in the time up to this wave."
        ),
        "questionnaire": gettext("Only this wave uses this version of the questionnaire."),
        "only_open": gettext("There is no date in it; this wave is the only open one."),
    }
    text = texts.get(found["why"], "")
    values = {"n": whole(found["n_fitting"]), "of": whole(found["n_dates"])}
    return text % (values | {"days": _days(found)}) if "%(" in text else text


def _days(found: Mapping[str, Any]) -> str:
    days = [date_format(date.fromisoformat(found[end]), "DATE_FORMAT") for end in ("first", "last")]
    return " – ".join(dict.fromkeys(days))


def _language(language: str) -> str:
    return {
        "ky": gettext("Its wordings are Kyrgyz."),
        "ru": gettext("Its wordings are Russian."),
        "en": gettext("Its wordings are English."),
    }.get(language, gettext("It holds names of questions and codes instead of wordings."))

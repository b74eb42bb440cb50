"""What a file is, from its content: kind, questionnaire and version, wave, language.

Nothing is guessed: what two readings explain about equally well stays open for the officer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from indicators.pipeline.checklist_sheets import n_questions_named
from indicators.pipeline.columns import least_matched, ranked_tables
from indicators.pipeline.headers import FormIndex
from indicators.pipeline.matching import normalise
from indicators.pipeline.recognise_wave import WaveFound, days_of, wave_of
from indicators.pipeline.records import Table, find_table
from indicators.pipeline.shapes import FormSpec, Known, KnownForm, RawFile, RawTable
from indicators.pipeline.validate_activity import CLUSTERS, EVENTS
from indicators.pipeline.validate_desk import OLYMPIAD, ORT
from indicators.pipeline.validate_manual import MANUAL, NOTES
from indicators.pipeline.validate_register import CHANGES, REGISTER
from indicators.vocabulary import FileKind, ItemKind, Respondent

CLEARLY = 1.5  # so many times more columns than any other reading has
WHOLE = 0.8  # share of its questions from which a questionnaire is in the file as a whole
FEWEST_WORDINGS = 3  # from which the file has a language
ROWS_READ = 400  # rows of a sheet that are looked at
LANGUAGES = ("ky", "ru", "en")
TABLES: Mapping[FileKind, tuple[Table, ...]] = {
    FileKind.DESK: (ORT, OLYMPIAD),
    FileKind.ACTIVITY: (EVENTS, CLUSTERS),
    FileKind.MANUAL: (MANUAL,),
    FileKind.NOTES: (NOTES,),
    FileKind.REGISTER: (CHANGES, REGISTER),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of a file: so many of the expected columns or questions were found."""

    kind: FileKind
    n_found: int
    n_expected: int
    instrument: str = ""
    versions: tuple[KnownForm, ...] = ()  # that explain the headers equally well


@dataclass(frozen=True, slots=True)
class Recognition:
    """`kind`, `version` and `wave` are None where the content does not decide."""

    candidates: tuple[Candidate, ...] = ()  # the best first
    kind: FileKind | None = None
    version: int | None = None
    wave: WaveFound = field(default_factory=WaveFound)
    language: str = ""  # of the wordings; empty: question names and codes


def recognise(raw: RawFile, known: Known) -> Recognition:
    """The readings of a file and the one that clearly fits best."""
    raw = replace(raw, tables=tuple(map(_top, raw.tables)))
    candidates = tuple(sorted(_candidates(raw, known), key=lambda one: -one.n_found))
    if not candidates:
        return Recognition()
    best = candidates[0]
    if any(_is_rival(other, best) for other in candidates[1:]):
        return Recognition(candidates)
    used = _versions(best, known)
    waves = frozenset[str]().union(*(one.waves for one in best.versions))
    days = days_of(raw, best.kind, used[0].form if used else None, TABLES.get(best.kind, ()))
    wave = wave_of(best.kind, days, known.waves, used_in=waves, open_waves=known.open_waves)
    version = _version(best, used, wave.code)
    language = _language(raw, used[0].form) if used else ""
    return Recognition(candidates, best.kind, version, wave, language)


def _is_rival(other: Candidate, best: Candidate) -> bool:
    """Nearly as many columns, or a second questionnaire that is there as a whole."""
    is_whole = bool(other.instrument) and other.n_found >= WHOLE * other.n_expected
    return is_whole or best.n_found < CLEARLY * other.n_found


def _top(table: RawTable) -> RawTable:
    return replace(table, rows=table.rows[:ROWS_READ], row_numbers=table.row_numbers[:ROWS_READ])


def _candidates(raw: RawFile, known: Known) -> Iterable[Candidate]:
    by_instrument: dict[str, list[tuple[int, KnownForm]]] = {}
    for one in known.forms:
        n_found = n_named(raw, one.form)
        if n_found >= least_matched(n_expected(one.form)):
            by_instrument.setdefault(one.form.instrument, []).append((n_found, one))
    for instrument, found in by_instrument.items():
        best = max(_fit(*pair) for pair in found)
        versions = tuple(one for n, one in found if _fit(n, one) == best)
        form = versions[0].form
        yield Candidate(kind_of(form), best[0], n_expected(form), instrument, versions)
    for kind, tables in TABLES.items():
        sheets = (find_table(raw, table) for table in tables)
        places = [sheet[1] for sheet in sheets if sheet is not None]
        if places:
            expected = max(sum(one.is_needed for one in table.fields) for table in tables)
            n_found = max(map(len, places))
            yield Candidate(kind, n_found, max(expected, n_found))


def _fit(n_found: int, one: KnownForm) -> tuple[int, int]:
    """Most questions found, then fewest missing."""
    return n_found, n_found - n_expected(one.form)


def kind_of(form: FormSpec) -> FileKind:
    is_checklist = form.respondent is Respondent.DIRECTOR
    return FileKind.CHECKLIST if is_checklist else FileKind.SURVEY


def n_expected(form: FormSpec) -> int:
    """Questions by which a form is known."""
    if kind_of(form) is FileKind.SURVEY:
        return len(form.items)
    return sum(item.kind not in (ItemKind.SCHOOL, ItemKind.DATE) for item in form.items)


def n_named(raw: RawFile, form: FormSpec) -> int:
    """Questions of a form that the headers of the file name, on its best sheet."""
    if not raw.tables:
        return 0
    index = FormIndex(form, {})
    if kind_of(form) is FileKind.SURVEY:
        return ranked_tables(raw.tables, index)[0][1]
    return max(n_questions_named(table, index) for table in raw.tables)


def _versions(best: Candidate, known: Known) -> tuple[KnownForm, ...]:
    """Every version of the questionnaire, those that fit the headers best first."""
    same = (
        one for one in known.forms if best.instrument and one.form.instrument == best.instrument
    )
    return tuple(sorted(same, key=lambda one: one not in best.versions))


def _version(best: Candidate, used: tuple[KnownForm, ...], wave: str) -> int | None:
    """The version the wave uses; where it uses several, the one whose questions are here."""
    in_wave = [one for one in used if not wave or wave in one.waves]
    if len(in_wave) > 1:
        in_wave = [one for one in in_wave if one in best.versions]
    return in_wave[0].key if len(in_wave) == 1 else None


def _language(raw: RawFile, form: FormSpec) -> str:
    """The language in which most headers and answers are worded."""
    counts = dict.fromkeys(LANGUAGES, 0)
    texts = {normalise(text) for table in raw.tables for text in _texts(table)}
    texts -= {normalise(option.name) for item in form.items for option in item.options}
    wordings = [item.labels for item in form.items]
    wordings += [option.labels for item in form.items for option in item.options]
    for labels in wordings:
        for language, label in zip(LANGUAGES, labels, strict=True):
            counts[language] += bool(label) and normalise(label) in texts
    best, second = sorted(counts.values(), reverse=True)[:2]
    is_clear = best >= FEWEST_WORDINGS and best > CLEARLY * second
    return max(counts, key=lambda language: counts[language]) if is_clear else ""


def _texts(table: RawTable) -> Iterable[str]:
    for row in (table.header, *table.rows):
        for cell in row:
            if isinstance(cell, str) and cell:
                yield cell
                if cell.endswith("]"):  # a grid: question [row]
                    yield cell.rpartition("[")[2][:-1]
    for labels in table.value_labels.values():
        yield from labels.values()
    yield from table.labels.values()

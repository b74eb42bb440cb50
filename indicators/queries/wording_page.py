"""The page of the questions over the waves, and what other pages say about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Max

from indicators.models import AuditEvent, Instrument, Item, Project, Run
from indicators.queries.wording import (
    VersionPair,
    VersionUse,
    pairs_of,
    version_pairs,
    versions_in_use,
)
from indicators.vocabulary import RunState

EVENTS = ("wording.decided", "question.linked", "question.unlinked")


@dataclass(frozen=True, slots=True)
class WordingPage:
    """The questions of one questionnaire over the waves.

    `indicators`: codes of those that rest on a question, by its key. `is_newer`: something was
    decided since the newest calculation started.
    """

    instruments: tuple[Instrument, ...]
    instrument: Instrument | None
    uses: tuple[VersionUse, ...]
    pairs: tuple[VersionPair, ...]
    indicators: Mapping[int, tuple[str, ...]]
    is_newer: bool


def wording_page(project: Project, instrument_code: str) -> WordingPage:
    """Seven queries, whatever the number of questions."""
    instruments = tuple(Instrument.objects.filter(project=project).order_by("position", "code"))
    uses = versions_in_use(project)
    several = [one for one in instruments if len(uses.get(one.code, ())) > 1]
    chosen = next((one for one in instruments if one.code == instrument_code), None)
    chosen = chosen or next(iter(several or instruments), None)
    own = uses.get(chosen.code, ()) if chosen else ()
    return WordingPage(
        instruments=instruments,
        instrument=chosen,
        uses=own,
        pairs=pairs_of({chosen.code: own}) if chosen else (),
        indicators=_indicators(chosen) if chosen else {},
        is_newer=_is_newer(project),
    )


def _indicators(instrument: Instrument) -> dict[int, tuple[str, ...]]:
    """A linked question stands for the one it carries on, too."""
    rows = Item.objects.filter(instrument=instrument).values_list(
        "pk",
        "continues",
        "measures__indicators__code",
        "second_measures__indicators__code",
        "index_items__index__measures__indicators__code",
    )
    found: dict[int, set[str]] = defaultdict(set)
    for item, earlier, *codes in rows:
        for place in filter(None, (item, earlier)):
            found[place].update(filter(None, codes))
    for item, earlier, *_codes in rows:
        if earlier:
            found[item] |= found[earlier]
    return {item: tuple(sorted(codes)) for item, codes in found.items()}


def _is_newer(project: Project) -> bool:
    events = AuditEvent.objects.filter(project=project, kind__in=EVENTS).order_by("-at")
    decided_at = events.values_list("at", flat=True).first()
    if decided_at is None:
        return False
    runs = Run.objects.filter(project=project, state=RunState.DONE)
    started_at = runs.aggregate(last=Max("started_at"))["last"]  # databases order NULLs apart
    return started_at is None or started_at < decided_at


@dataclass(frozen=True, slots=True)
class WordingNote:
    """What differs in the questions of a version or a wave from the version before.

    `instrument`: code of the questionnaire where most waits, for the link.
    """

    instrument: str = ""
    n_changed: int = 0
    n_undecided: int = 0
    n_proposed: int = 0  # new questions that resemble one no longer asked


def version_note(project: Project, version: int | None) -> WordingNote:
    """Three queries; one where no questionnaire has a second version, none without a version."""
    if version is None:
        return WordingNote()
    return _note([pair for pair in version_pairs(project) if pair.new.pk == version])


def wave_note(project: Project, wave: int | None) -> WordingNote:
    """Three queries at most, none without a wave."""
    if wave is None:
        return WordingNote()
    return _note([pair for pair in version_pairs(project) if wave in pair.new.wave_ids])


def _note(pairs: list[VersionPair]) -> WordingNote:
    if not pairs:
        return WordingNote()
    return WordingNote(
        instrument=max(pairs, key=lambda pair: (pair.n_undecided, pair.n_changed)).instrument,
        n_changed=sum(pair.n_changed for pair in pairs),
        n_undecided=sum(pair.n_undecided for pair in pairs),
        n_proposed=sum(len(pair.links()) for pair in pairs),
    )

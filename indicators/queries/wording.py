"""Questions as the versions of a questionnaire ask them, compared in the order of the waves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from indicators.models import (
    ItemVersion,
    Project,
    Wave,
    WaveInstrument,
    WordingDecision,
)
from indicators.pipeline.wording import (
    ComparedQuestion,
    OptionAsked,
    ProposedLink,
    QuestionAsked,
    comparability,
    compare_versions,
    proposed_links,
)
from indicators.vocabulary import Comparability, ItemKind

NO_QUESTIONS = (ItemKind.SCHOOL, ItemKind.WEIGHT)


@dataclass(frozen=True, slots=True)
class VersionUse:
    """One version of a questionnaire and the waves that ask it, by their order."""

    pk: int
    version: str
    waves: tuple[str, ...]
    wave_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    pk: int
    is_comparable: bool
    reason: str
    is_from_file: bool
    decided_at: datetime
    decided_by: str


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One question in two versions. `question`: key of its wording in the later one, in the
    earlier one where it is gone; `item`: key of the question asked there.

    `decisions`: newest first; the first one is in force. `is_linked`: an officer made it carry on
    a question of another name.
    """

    question: int
    item: int
    compared: ComparedQuestion
    decisions: tuple[DecisionRow, ...]
    status: Comparability
    is_linked: bool

    @property
    def is_listed(self) -> bool:
        """Whether there is something to see: a difference, a decision or a link."""
        is_same = self.compared.is_in_both and not self.compared.differences
        return not is_same or bool(self.decisions) or self.is_linked


@dataclass(frozen=True, slots=True)
class VersionPair:
    """Two versions of one questionnaire that follow one another in the waves."""

    instrument: str
    instrument_name: str
    old: VersionUse
    new: VersionUse
    rows: tuple[ComparedRow, ...]

    @property
    def n_undecided(self) -> int:
        return sum(row.status is Comparability.UNDECIDED for row in self.rows)

    @property
    def n_changed(self) -> int:
        """Questions of both versions with a difference that is more than typing."""
        return sum(row.compared.is_real for row in self.rows)

    def added(self) -> dict[str, ComparedRow]:
        """New questions by name."""
        return {r.compared.name: r for r in self.rows if r.compared.old is None}

    def gone(self) -> dict[str, ComparedRow]:
        """Questions no longer asked by name."""
        return {r.compared.name: r for r in self.rows if r.compared.new is None}

    def links(self) -> tuple[ProposedLink, ...]:
        return proposed_links(row.compared for row in self.rows)


def version_pairs(project: Project) -> tuple[VersionPair, ...]:
    """Three queries; one where no questionnaire has a second version."""
    return pairs_of(versions_in_use(project))


def comparable_items(project: Project) -> set[tuple[str, str]]:
    """(questionnaire, question) asked in every version in use, with answers that are one series.

    A question that carries on another under a new name counts under the earlier name. Two queries,
    four where a questionnaire has several versions.
    """
    uses = versions_in_use(project)
    asked: dict[tuple[str, str], set[int]] = defaultdict(set)
    rows = ItemVersion.objects.filter(item__instrument__project=project).values_list(
        "item__instrument__code", "item__name", "item__continues__name", "version_id"
    )
    for instrument, name, earlier, version in rows:
        asked[instrument, name].add(version)
        if earlier:
            asked[instrument, earlier].add(version)
    broken = {
        (pair.instrument, row.compared.name)
        for pair in pairs_of(uses)
        for row in pair.rows
        if row.status is not Comparability.COMPARABLE
    }
    return {
        key
        for key, versions in asked.items()
        if {use.pk for use in uses.get(key[0], ())} <= versions
    } - broken


def versions_in_use(project: Project) -> dict[str, tuple[VersionUse, ...]]:
    """Versions by questionnaire, in the order of the first wave that asks them."""
    waves: dict[str, dict[int, list[Wave]]] = defaultdict(lambda: defaultdict(list))
    names: dict[int, str] = {}
    rows = WaveInstrument.objects.filter(wave__project=project)
    for row in rows.select_related("wave", "version__instrument").order_by(
        "wave__position", "version__version"
    ):
        waves[row.version.instrument.code][row.version_id].append(row.wave)
        names[row.version_id] = row.version.version
    return {
        code: tuple(_use(pk, names[pk], asked) for pk, asked in found.items())
        for code, found in waves.items()
    }


def _use(pk: int, version: str, waves: list[Wave]) -> VersionUse:
    named = tuple(wave.name or wave.code for wave in waves)
    return VersionUse(pk, version, named, frozenset(wave.pk for wave in waves))


def pairs_of(uses: Mapping[str, tuple[VersionUse, ...]]) -> tuple[VersionPair, ...]:
    follow = [(old, new) for found in uses.values() for old, new in pairwise(found)]
    if not follow:
        return ()
    versions = {use.pk for pair in follow for use in pair}
    asked: dict[int, list[ItemVersion]] = defaultdict(list)
    for row in (
        ItemVersion.objects.filter(version__in=versions)
        .exclude(item__kind__in=NO_QUESTIONS)
        .select_related("item__continues", "item__block", "version__instrument")
        .order_by("position", "id")
    ):
        asked[row.version_id].append(row)
    decisions = _decisions({new.pk for _old, new in follow})
    return tuple(
        _pair(old, new, asked[old.pk], asked[new.pk], decisions)
        for old, new in follow
        if asked[old.pk] and asked[new.pk]
    )


def _decisions(versions: Iterable[int]) -> dict[int, list[DecisionRow]]:
    """By question, newest first."""
    found: dict[int, list[DecisionRow]] = defaultdict(list)
    rows = WordingDecision.objects.filter(question__version__in=versions)
    for row in rows.select_related("decided_by").order_by("-id"):
        person = row.decided_by
        found[row.question_id].append(
            DecisionRow(
                pk=row.pk,
                is_comparable=row.is_comparable,
                reason=row.reason,
                is_from_file=row.is_from_file,
                decided_at=row.decided_at,
                decided_by=(person.get_full_name() or person.get_username()) if person else "",
            )
        )
    return found


def _pair(
    old: VersionUse,
    new: VersionUse,
    before: list[ItemVersion],
    after: list[ItemVersion],
    decisions: Mapping[int, list[DecisionRow]],
) -> VersionPair:
    earlier = {_line_name(row): row for row in before}
    later = {_line_name(row): row for row in after}
    rows = []
    for compared in compare_versions(_all_asked(before), _all_asked(after)):
        row = later.get(compared.name) or earlier[compared.name]
        made = tuple(decisions.get(row.pk, ()))
        rows.append(
            ComparedRow(
                question=row.pk,
                item=row.item_id,
                compared=compared,
                decisions=made,
                status=comparability(compared, made[0].is_comparable if made else None),
                is_linked=compared.is_in_both and row.item_id != earlier[compared.name].item_id,
            )
        )
    instrument = after[0].version.instrument
    return VersionPair(instrument.code, instrument.name, old, new, tuple(rows))


def _all_asked(rows: Iterable[ItemVersion]) -> list[QuestionAsked]:
    return [question_asked(row) for row in rows]


def _line_name(row: ItemVersion) -> str:
    return (row.item.continues or row.item).name


def question_asked(row: ItemVersion) -> QuestionAsked:
    """A stored wording. Where it was stored without its form, the question's own form stands."""
    form, item = row.asked, row.item
    options = form.get("options")
    return QuestionAsked(
        name=_line_name(row),
        file_name=row.name_in_version,
        labels=row.labels,
        kind=form.get("kind", item.kind),
        block=form.get("block", item.block.code if item.block else ""),
        rule=row.relevant,
        limits=form.get("limits"),
        max_selected=form.get("max_selected", item.max_selected),
        exclusive_option=form.get("exclusive_option", item.exclusive_option),
        options=None
        if options is None
        else tuple(OptionAsked(one["name"], one["code"], tuple(one["labels"])) for one in options),
    )

"""Questionnaires put together from their forms: one item per question, through all versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from indicators.pipeline.framework_cells import Problems, Sheet, nearest
from indicators.pipeline.framework_shapes import (
    NOT_ANONYMOUS,
    OPINION_SCALES,
    BlockDefinition,
    FormDefinition,
    FormItem,
    InstrumentDefinition,
    ItemDefinition,
    ItemVersionDefinition,
)
from indicators.pipeline.shapes import Labels
from indicators.pipeline.wording import OptionAsked, QuestionAsked
from indicators.vocabulary import Respondent

ITEM_VERSION_COLUMNS = ("item", "instrument", "version", "name_in_version", "comparable")
# "base" names the wording that others are compared with: nothing to decide.
COMPARABLE = {word: word for word in ("base", "yes", "no")}
DECIDED = {"yes": True, "no": False}
ORDER = (Respondent.STUDENT, Respondent.TEACHER, Respondent.PARENT, Respondent.DIRECTOR)

# (instrument, version, name in the version) -> identity
Identities = Mapping[tuple[str, str, str], "Identity"]


@dataclass(frozen=True, slots=True)
class Identity:
    """Which item a question of one version is, and whether its answers can be compared."""

    item: str
    is_comparable: bool | None  # None: the file does not say
    note: str


def read_identities(sheet: Sheet, forms: Iterable[FormDefinition]) -> Identities:
    """Sheet `item_versions`: only reworded or renamed questions need a row."""
    by_version = {(form.instrument, form.version): form for form in forms}
    found: dict[tuple[str, str, str], Identity] = {}
    for row in sheet.rows:
        instrument, version = row.text("instrument"), row.text("version")
        item, name = row.text("item", required=True, longest=80), row.text("name_in_version")
        comparable = row.one_of("comparable", COMPARABLE)
        form = by_version.get((instrument, version))
        if form is None:
            known = ", ".join(" ".join(pair) for pair in sorted(by_version))
            row.report("form_unknown", "version", value=f"{instrument} {version}", allowed=known)
            continue
        names = [question.name for question in form.items]
        if name not in names:
            row.report("item_unknown", "name_in_version", suggestion=nearest(name, names))
        elif (instrument, version, name) in found:
            row.report("repeated", "name_in_version", first_row="")
        elif comparable is not None and item:
            is_comparable = DECIDED.get(comparable)
            found[instrument, version, name] = Identity(item, is_comparable, row.text("note"))
    return found


def build_instruments(
    forms: Iterable[FormDefinition],
    identities: Identities,
    limits: Mapping[str, Labels],
    problems: Mapping[str, Problems],
) -> tuple[InstrumentDefinition, ...]:
    """`limits`: why no index may be built, by instrument. `problems`: by form file."""
    by_instrument: dict[str, list[FormDefinition]] = {}
    for form in sorted(forms, key=lambda form: form.version):
        if form.instrument in set(Respondent):
            by_instrument.setdefault(form.instrument, []).append(form)
    order = {respondent.value: position for position, respondent in enumerate(ORDER)}
    built: list[InstrumentDefinition] = []
    for code in sorted(by_instrument, key=lambda code: (order.get(code, 99), code)):
        built.append(
            _instrument(code, by_instrument[code], identities, limits, problems, len(built))
        )
    return tuple(built)


def _instrument(
    code: str,
    forms: list[FormDefinition],
    identities: Identities,
    limits: Mapping[str, Labels],
    problems: Mapping[str, Problems],
    position: int,
) -> InstrumentDefinition:
    respondent = Respondent(code)
    items: list[ItemDefinition] = []
    versions: list[ItemVersionDefinition] = []
    seen: set[str] = set()
    for form in forms:
        if form.version in seen:
            problems[form.file].add("version_repeated", sheet="settings", row=2, value=form.version)
            continue
        seen.add(form.version)
        _add_form(form, identities, items, versions, problems[form.file])
    return InstrumentDefinition(
        code=code,
        respondent=respondent,
        names=forms[-1].names,
        is_anonymous=respondent not in NOT_ANONYMOUS,
        allows_index=code not in limits,
        limits=limits.get(code, ("", "", "")),
        position=position,
        forms=tuple(forms),
        blocks=_all_blocks(forms),
        items=tuple(replace(item, position=place) for place, item in enumerate(items)),
        item_versions=tuple(versions),
    )


def _add_form(
    form: FormDefinition,
    identities: Identities,
    items: list[ItemDefinition],
    versions: list[ItemVersionDefinition],
    problems: Problems,
) -> None:
    """Add one version: known questions are checked, new ones placed after their predecessor."""
    known = {item.name: item for item in items}
    asked: dict[str, FormItem] = {}
    after = -1
    for position, question in enumerate(form.items):
        identity = identities.get((form.instrument, form.version, question.name))
        identity = identity or Identity(question.name, None, question.note)
        first = asked.setdefault(identity.item, question)
        if first is not question:
            place = {"sheet": "survey", "row": question.row, "column": "name"}
            problems.add("repeated", value=question.name, first_row=str(first.row), **place)  # type: ignore[arg-type]
            continue
        versions.append(_item_version(form, question, identity, position))
        if identity.item in known:
            _check_same(known[identity.item], question, problems)
            after = [item.name for item in items].index(identity.item)
        else:
            after += 1
            items.insert(after, _item(form, question, identity.item))


def _item(form: FormDefinition, question: FormItem, name: str) -> ItemDefinition:
    is_opinion = form.instrument in NOT_ANONYMOUS and question.scale in OPINION_SCALES
    return ItemDefinition(
        instrument=form.instrument,
        name=name,
        kind=question.kind,
        labels=question.labels,
        scale=question.scale,
        block=question.block,
        horizon=question.horizon,
        is_opinion=is_opinion,
        max_selected=question.max_selected,
        exclusive_option=question.exclusive_option,
    )


def _item_version(
    form: FormDefinition, question: FormItem, identity: Identity, position: int
) -> ItemVersionDefinition:
    return ItemVersionDefinition(
        instrument=form.instrument,
        version=form.version,
        item=identity.item,
        name_in_version=question.name,
        is_required=question.is_required,
        is_comparable=identity.is_comparable,
        position=position,
        note=identity.note,
        asked=_asked(form, question, identity.item),
    )


def _asked(form: FormDefinition, question: FormItem, name: str) -> QuestionAsked:
    """Everything a later version may change."""
    return QuestionAsked(
        name=name,
        file_name=question.name,
        labels=question.labels,
        kind=question.kind,
        block=question.block,
        rule=question.relevant,
        limits=question.limits,
        max_selected=question.max_selected,
        exclusive_option=question.exclusive_option,
        options=tuple(
            OptionAsked(option.name, option.code, option.labels)
            for option in form.choices.get(question.scale, ())
        ),
    )


def _check_same(item: ItemDefinition, question: FormItem, problems: Problems) -> None:
    """A question may be reworded from version to version, but not change its kind or scale."""
    if (question.kind, question.scale) != (item.kind, item.scale):
        problems.add(
            "item_changed",
            sheet="survey",
            row=question.row,
            column="type",
            value=f"{question.kind} {question.scale}".strip(),
            suggestion=f"{item.kind} {item.scale}".strip(),
            name=question.name,
        )


def _all_blocks(forms: list[FormDefinition]) -> tuple[BlockDefinition, ...]:
    """Blocks in the order of the newest form, then those only older forms have."""
    found: dict[str, BlockDefinition] = {}
    for form in reversed(forms):
        for block in form.blocks:
            found.setdefault(block.code, block)
    return tuple(found.values())

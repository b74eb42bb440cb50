"""Give themes to open answers, one answer at a time or a file of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction

from indicators.actions.audit import record
from indicators.models import Coding, Item, Theme, User
from indicators.queries.open_answers import OpenAnswer


@dataclass
class StaleCoding(Exception):
    """This coder's code of the answer was changed meanwhile, in another window or by a file.

    `themes` are the codes of the themes stored now, `revision` theirs.
    """

    themes: tuple[str, ...]
    revision: int


class ThemeUnknown(Exception):
    """A theme of another question, or one that is out of use."""


@transaction.atomic
def code_answer(
    *, answer: OpenAnswer, item: Item, themes: Collection[str], revision: int | None, by: User
) -> Coding:
    """Store what this coder says about an answer; no theme at all means that none fits.

    `revision` is the one read, None for an answer this coder had not coded. Raises StaleCoding or
    ThemeUnknown; nothing is stored then.
    """
    # The question's row serialises two windows that code the same answer for the first time.
    Item.objects.select_for_update().get(pk=item.pk)
    stored = Coding.objects.filter(coder=by, **place_of(answer)).first()
    before = _codes(stored) if stored else None
    # A code of words that were corrected since is no longer shown, so nobody read its revision.
    is_current = stored is not None and stored.text_sha256 == answer.sha256
    if (stored.revision if stored and is_current else None) != revision:
        raise StaleCoding(tuple(before or ()), stored.revision if stored else 0)
    chosen = _themes(item, themes, kept=before or ())
    if stored is not None and is_current and before == sorted(one.code for one in chosen):
        return stored
    if stored is None:
        stored = Coding(coder=by, revision=0, **place_of(answer))
    stored.text_sha256, stored.is_from_file = answer.sha256, False
    stored.revision += 1
    stored.save()
    stored.themes.set(chosen)
    record(
        "coding.changed",
        stored,
        by=by,
        project=item.instrument.project,
        before={"themes": before} if before is not None else {},
        after={"themes": sorted(one.code for one in chosen)},
    )
    return stored


@transaction.atomic
def import_codes(
    *, item: Item, given: Mapping[OpenAnswer, tuple[str, ...]], file_name: str, by: User
) -> dict[str, int]:
    """Store a file's codes as those of `by`. Says how many are new, changed and the same.

    A changed code is kept in the audit log with what stood there. Raises ThemeUnknown.
    """
    Item.objects.select_for_update().get(pk=item.pk)
    themes = {one.code: one for one in Theme.objects.filter(item=item)}
    waves = {answer.wave for answer in given}
    stored = {
        (one.upload_id, one.row, one.school_id): one
        for one in Coding.objects.filter(item=item, coder=by).prefetch_related("themes")
        if one.wave_id in waves
    }
    _demand_offered(given, themes, stored)
    new: list[Coding] = []
    changed: list[Coding] = []
    was: dict[str, list[str]] = {}
    wanted: dict[tuple[int | None, int | None, int | None], tuple[str, ...]] = {}
    for answer, codes in given.items():
        old = stored.get(answer.key)
        wanted[answer.key] = codes
        if old is None:
            new.append(
                Coding(coder=by, is_from_file=True, text_sha256=answer.sha256, **place_of(answer))
            )
            continue
        before = _codes(old)
        if before == sorted(codes) and old.text_sha256 == answer.sha256:
            continue
        was[str(answer.row or answer.label)] = before
        old.text_sha256, old.is_from_file, old.revision = answer.sha256, True, old.revision + 1
        changed.append(old)
    Coding.objects.bulk_create(new, batch_size=1000)
    Coding.objects.bulk_update(
        changed, ["text_sha256", "is_from_file", "revision", "updated_at"], batch_size=500
    )
    _link([*new, *changed], changed, wanted, themes)
    counts = {"new": len(new), "changed": len(changed)}
    counts["same"] = len(given) - sum(counts.values())
    record(
        "coding.imported",
        item,
        by=by,
        project=item.instrument.project,
        before={"rows": was} if was else {},
        after={"file": file_name, **counts},
    )
    return counts


def _link(
    codings: list[Coding],
    changed: list[Coding],
    wanted: Mapping[tuple[int | None, int | None, int | None], tuple[str, ...]],
    themes: Mapping[str, Theme],
) -> None:
    links = Coding.themes.through
    links.objects.filter(coding__in=[one.pk for one in changed]).delete()
    links.objects.bulk_create(
        (
            links(coding_id=one.pk, theme_id=themes[code].pk)
            for one in codings
            for code in wanted[one.upload_id, one.row, one.school_id]
        ),
        batch_size=2000,
    )


@transaction.atomic
def carry_codes(*, earlier: int, later: int, answers: Collection[OpenAnswer]) -> tuple[int, int]:
    """A corrected file takes the place of another: codes follow the answers they were given to.

    An answer is the same when the question and the words are; the same row is taken first, then
    the next row with these words. What fits nowhere stays with the earlier file. Returns how many
    codes went along and how many stay behind.
    """
    open_rows: dict[tuple[int, str], list[int]] = defaultdict(list)
    for answer in answers:
        if answer.row is not None and answer.upload == later:
            open_rows[answer.item, answer.sha256].append(answer.row)
    codings = list(Coding.objects.filter(upload=earlier).order_by("row", "pk"))
    taken: dict[tuple[int, int], set[int]] = defaultdict(set)  # (item, coder) -> rows
    moved = []
    for is_second in (False, True):
        for one in codings:
            rows = open_rows.get((one.item_id, one.text_sha256), [])
            used = taken[one.item_id, one.coder_id]
            free = [row for row in rows if row not in used and (is_second or row == one.row)]
            if one.upload_id == later or not free:
                continue
            used.add(free[0])
            one.upload_id, one.row = later, free[0]
            moved.append(one)
    Coding.objects.bulk_update(moved, ["upload", "row"], batch_size=500)
    return len(moved), len(codings) - len(moved)


def place_of(answer: OpenAnswer) -> dict[str, int | None]:
    """The fields of a code that name its answer."""
    return {
        "item_id": answer.item,
        "wave_id": answer.wave,
        "upload_id": answer.upload,
        "row": answer.row,
        "school_id": answer.school,
    }


def _codes(coding: Coding) -> list[str]:
    return sorted(theme.code for theme in coding.themes.all())


def _demand_offered(
    given: Mapping[OpenAnswer, tuple[str, ...]],
    themes: Mapping[str, Theme],
    stored: Mapping[tuple[int | None, int | None, int | None], Coding],
) -> None:
    """Themes in use, and those out of use that the answer carried before."""
    offered = {code for code, theme in themes.items() if theme.is_active}
    for answer, codes in given.items():
        if unknown := set(codes) - offered:
            old = stored.get(answer.key)
            if unknown := unknown - set(_codes(old) if old else ()):
                raise ThemeUnknown(", ".join(sorted(unknown)))


def _themes(item: Item, codes: Collection[str], *, kept: Collection[str]) -> list[Theme]:
    """Themes in use, and those out of use that the answer carried before."""
    known = {
        one.code: one
        for one in Theme.objects.filter(item=item)
        if one.is_active or one.code in kept
    }
    if unknown := set(codes) - known.keys():
        raise ThemeUnknown(", ".join(sorted(unknown)))
    return [known[code] for code in dict.fromkeys(codes)]

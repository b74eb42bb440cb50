"""What the header of a column names: an item of the form, one option of it, or metadata."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from indicators.pipeline.matching import How, Matcher, fold, normalise, words
from indicators.pipeline.shapes import FormSpec, ItemSpec
from indicators.vocabulary import ItemKind

TINY_DIFFERENCE = 92.0  # similarity from which a reworded header is used and listed
LONGEST_PATH = 12  # parts of a header joined by "/"
SHORTEST_WORDING = 12  # a shorter header is never taken for a similar one


META = {
    "timestamp": "timestamp",
    "отметкавремени": "timestamp",
    "убакытбелгиси": "timestamp",
    "int_date": "date",
    "interview_date": "date",
    "today": "today",
    "start": "start",
    "starttime": "start",
    "end": "end",
    "endtime": "end",
    "_submission_time": "submitted",
    "submissiondate": "submitted",
    "completiondate": "submitted",
    "_uuid": "uuid",
    "key": "uuid",
    "instanceid": "uuid",
    "meta_instanceid": "uuid",
    "metainstanceid": "uuid",
    "resp_id": "respondent",
    "respondent_id": "respondent",
    "_id": "number",
    "_index": "index",
    "__version__": "version",
    "formdef_version": "version",
    "formversion": "version",
}
IGNORED_META = words(
    "form_lang _validation_status _notes _status _submitted_by _tags _xform_id_string deviceid "
    "device_id username phonenumber subscriberid simserial submitterid submittername "
    "attachmentspresent attachmentsexpected status reviewstate edits meta_instancename "
    "instancename _parent_table_name _parent_index _attachments _geolocation formhub_uuid "
    "review_status review_quality review_comments caseid duration audit meta_audit _duration "
    "metarootuuid meta_rootuuid rootuuid metainstancename simid devicephonenum text_audit "
    "audio_audit set_of speed_violations_count speed_violations_list comments"
)


def header_key(text: str) -> str:
    """A variable name as compared: lower case, without spaces and invisible signs."""
    return re.sub(r"[^\w]+", "", normalise_name(text))


def normalise_name(text: str) -> str:
    return text.replace("\u200b", "").replace("\ufeff", "").strip().casefold()


@dataclass(frozen=True, slots=True)
class Place:
    """What a header names: an item, one option of a multi item, or metadata."""

    item: ItemSpec | None = None
    option: str = ""
    meta: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.item.name if self.item else "", self.option, self.meta)


class FormIndex:
    """The ways in which headers can name the parts of one form."""

    def __init__(self, form: FormSpec, mapping: Mapping[str, str]) -> None:
        self.form = form
        self._names: dict[str, ItemSpec] = {}
        for item in form.items:
            self._names.setdefault(header_key(item.name), item)
        for item in form.items:  # the name in this version wins
            self._names[header_key(item.file_name)] = item
        self._labels = Matcher(
            (label, item.name) for item in form.items for label in item.labels if label
        )
        self._by_name = {item.name: item for item in form.items}
        self._placed: dict[tuple[str, str], Place | None] = {}
        self._multi = [item for item in form.items if item.kind is ItemKind.MULTI]
        self._used: Counter[int] = Counter()  # languages of the wordings met as headers
        self._mapping = {normalise(header): name for header, name in mapping.items()}

    def place(self, header: str, label: str = "") -> Place | None:
        """What a header certainly names. `label`: the question text a .sav keeps beside it."""
        if (header, label) not in self._placed:
            self._placed[header, label] = self._place(header, label)
        return self._placed[header, label]

    def _place(self, header: str, label: str) -> Place | None:
        if (mapped := self._mapping.get(normalise(header))) is not None and header.strip():
            item = self._names.get(header_key(mapped))
            return Place(item) if item else Place(meta="ignored")
        found = self._by_item_name(header) or self._meta(header) or self._by_label(header)
        return found or (self._by_label(label) if label else None)

    def _by_item_name(self, header: str) -> Place | None:
        if item := self._names.get(header_key(header)):
            return Place(item)
        parts = [part for part in re.split(r"[/:]", header) if part.strip()]
        if len(parts) > 1:
            if item := self._names.get(header_key(parts[-1])):
                return Place(item)
            return self._split(parts[-2], parts[-1])
        after_dash = header.rpartition("-")[2]
        if item := self._names.get(header_key(after_dash)):
            return Place(item)
        return self._joined_by_underscore(header)

    def _split(self, item_part: str, option_part: str) -> Place | None:
        after_dash = header_key(item_part.rpartition("-")[2])
        item = (
            self._names.get(header_key(item_part))
            or self._names.get(after_dash)
            or self._item_of_label(item_part)
        )
        if item is None or item.kind is not ItemKind.MULTI:
            return None
        for option in item.options:
            texts = (option.name, *option.labels)
            if normalise(option_part) in {normalise(text) for text in texts if text}:
                return Place(item, option=option.name)
        return None

    def _joined_by_underscore(self, header: str) -> Place | None:
        key = header_key(header)
        for item in self._multi:
            name = header_key(item.file_name)
            if key.startswith(f"{name}_") and (found := self._split(name, key[len(name) + 1 :])):
                return found
        return None

    def _meta(self, header: str) -> Place | None:
        for part in (header, re.split(r"[/:]", header)[-1]):
            key = header_key(part)
            if key in META:
                return Place(meta=META[key])
            if key in IGNORED_META:
                return Place(meta="ignored")
        return None

    def _item_of_label(self, text: str) -> ItemSpec | None:
        name = self._labels.same(text)
        if name is None:
            return None
        item = self._by_name[name]
        self._used.update(place for place, label in enumerate(item.labels) if label == text.strip())
        return item

    def header_of(self, item: ItemSpec) -> str:
        """How this file would call the column of an item: by name, or in its language."""
        if not self._used:
            return item.file_name
        return item.labels[self._used.most_common(1)[0][0]] or item.file_name

    def _by_label(self, header: str) -> Place | None:
        if item := self._item_of_label(header):
            return Place(item)
        if grid := re.search(r"\[(.+)\]\s*$", header, re.DOTALL):
            item = self._item_of_label(grid[1])
            if item:
                return Place(item)
        return self._by_path(header.split("/"))

    def _by_path(self, parts: list[str]) -> Place | None:
        """Wordings joined by "/": groups, the question, perhaps one option of it."""
        if not 1 < len(parts) <= LONGEST_PATH:
            return None
        for start in range(1, len(parts)):
            if item := self._item_of_label("/".join(parts[start:])):
                return Place(item)
        for start in range(len(parts) - 1):
            for end in range(start + 1, len(parts)):
                question, option = "/".join(parts[start:end]), "/".join(parts[end:])
                if found := self._split(question, option):
                    return found
        return None

    def proposal(self, header: str) -> tuple[ItemSpec, bool] | None:
        """The item a header nearly names, and whether the difference is tiny."""
        from rapidfuzz import fuzz

        grid = re.search(r"\[(.+)\]\s*$", header, re.DOTALL)
        text = grid[1] if grid else header
        match = self._labels.find(text)
        if match.how is How.NONE or match.target is None or len(normalise(text)) < SHORTEST_WORDING:
            return None
        item = self._by_name[match.target]
        score = max(fuzz.ratio(fold(normalise(text)), fold(normalise(w))) for w in item.labels)
        has_lost_letters = "?" in text.strip().rstrip("?") or "\ufffd" in text
        return item, score >= TINY_DIFFERENCE or has_lost_letters

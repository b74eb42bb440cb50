"""A cell with several answers -> a bit mask, whichever way the options are joined."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from indicators.pipeline.cells import is_blank, is_missing_token
from indicators.pipeline.choices import SEPARATORS, shown_label
from indicators.pipeline.doubtful import VALUE_MAPPED, Decisions, value_key
from indicators.pipeline.matching import How, Matcher, normalise
from indicators.pipeline.shapes import MISSING, ItemSpec
from indicators.vocabulary import Severity

LONGEST_LABEL = 6  # commas inside one option's wording
LONGEST_JOINED = 200  # words of wordings with only spaces between them
OTHER = "other"
TICKED = frozenset(["1", "1.0", "true", "yes", "ооба", "да", "x", "✓", "+", "v"])

# Kinds of findings about which a person may decide; the others name no wording.
DOUBTFUL = frozenset(
    ["unknown_option_in_multi_select", "misspelt_label", "exclusive_option_combined", VALUE_MAPPED]
)

Finding = tuple[Severity, str, str, str]  # severity, kind, value, suggestion


@dataclass(frozen=True, slots=True)
class MultiReading:
    mask: int = MISSING
    findings: tuple[Finding, ...] = ()
    free_text: str = ""


@dataclass(slots=True)
class MultiChoices:
    """The options of one multi item, ready to be recognised in a joined cell.

    `decisions` are about a whole cell or one of the answers in it, and come before any reading.
    """

    item: ItemSpec
    decisions: Decisions = field(default_factory=dict)
    _bits: dict[str, int] = field(init=False)
    _names: dict[str, int] = field(init=False)
    _labels: Matcher[int] = field(init=False)
    _other: int | None = field(init=False)

    def __post_init__(self) -> None:
        options = self.item.options
        self._names = {option.name.casefold(): bit for bit, option in enumerate(options)}
        self._bits = {}
        for bit, option in enumerate(options):
            for text in (option.name, *option.labels):
                if text:
                    self._bits.setdefault(normalise(text), bit)
        self._labels = Matcher(
            (text, bit) for bit, option in enumerate(options) for text in option.labels if text
        )
        self._other = self._names.get(OTHER)

    def bit_of(self, option: str) -> int:
        return self._names[option.casefold()]

    def read(self, cell: Any) -> MultiReading:
        if is_blank(cell):
            return MultiReading()
        text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
        bits: list[int] = []
        findings: list[Finding] = []
        free: list[str] = []
        if self._is_decided(text, bits, findings):
            return self._checked(bits, findings, free, text)
        if normalise(text) not in self._bits and is_missing_token(text):
            return MultiReading()
        for piece in self._pieces(text):
            self._read_piece(piece, bits, findings, free)
        return self._checked(bits, findings, free, text)

    def _is_decided(self, text: str, bits: list[int], findings: list[Finding]) -> bool:
        """Take what an officer decided about a text, if it was decided and its option is there."""
        meaning = self.decisions.get(value_key(text)) if self.decisions else None
        bit = self._names.get(meaning.casefold()) if meaning else None
        if meaning is None or (meaning and bit is None):
            return False
        if bit is not None:
            bits.append(bit)
        label = "" if bit is None else shown_label(self.item.options[bit])
        findings.append((Severity.WARNING, VALUE_MAPPED, text, label))
        return True

    def proposal(self, finding: Finding) -> str:
        """Name of the option a finding was taken for; empty without one."""
        bit = self._bits.get(normalise(finding[3])) if finding[3] else None
        return "" if bit is None else self.item.options[bit].name

    def _pieces(self, text: str) -> list[str]:
        """Parts between separators; parts that only together are an option stay together."""
        parts = [part for part in SEPARATORS.split(text) if part.strip()]
        pieces, start = [], 0
        while start < len(parts):
            end = min(len(parts), start + LONGEST_LABEL)
            while end > start + 1 and normalise(" ".join(parts[start:end])) not in self._bits:
                end -= 1
            pieces.append(", ".join(parts[start:end]))
            start = end
        return pieces

    def _read_piece(
        self, piece: str, bits: list[int], findings: list[Finding], free: list[str]
    ) -> None:
        if self._is_decided(piece, bits, findings):
            return
        if (bit := self._bits.get(normalise(piece))) is not None:
            bits.append(bit)
            return
        tokens = piece.split()
        known = [self._names[t.casefold()] for t in tokens if t.casefold() in self._names]
        if known and len(tokens) > 1:
            bits.extend(known)
            unknown = [token for token in tokens if token.casefold() not in self._names]
            for token in unknown:
                if self._is_decided(token, bits, findings):
                    continue
                findings.append((Severity.WARNING, "unknown_option_in_multi_select", token, ""))
            return
        if worded := self._side_by_side(piece):
            bits.extend(worded)
            return
        match = self._labels.find(piece)
        if match.how is How.NEAR and match.target is not None:
            bits.append(match.target)
            label = next(w for w in self.item.options[match.target].labels if w)
            findings.append((Severity.WARNING, "misspelt_label", piece, label))
        elif self._other is not None:
            bits.append(self._other)
            free.append(piece)
        else:
            findings.append((Severity.WARNING, "unknown_option_in_multi_select", piece, ""))

    def _side_by_side(self, piece: str) -> list[int]:
        """Wordings with only spaces between them, as KoBo joins labels; all words must fit."""
        tokens, found, start = normalise(piece).split(), [], 0
        while start < len(tokens) <= LONGEST_JOINED:
            ends = range(len(tokens), start, -1)
            end = next((e for e in ends if " ".join(tokens[start:e]) in self._bits), None)
            if end is None:
                return []
            found.append(self._bits[" ".join(tokens[start:end])])
            start = end
        return found

    def _checked(
        self, bits: list[int], findings: list[Finding], free: list[str], text: str
    ) -> MultiReading:
        mask = 0
        for bit in bits:
            mask |= 1 << bit
        if len(bits) > len(set(bits)) and not free:
            findings.append((Severity.WARNING, "duplicate_option", text, ""))
        mask, more = self.check(mask, text)
        return MultiReading(mask, (*findings, *more), ", ".join(free))

    def check(self, mask: int, text: str) -> tuple[int, tuple[Finding, ...]]:
        """A mask against the form's rules: an exclusive option, the most options allowed."""
        if mask <= 0:
            return MISSING, ()
        exclusive = self._names.get(self.item.exclusive_option.casefold(), -1)
        if exclusive >= 0 and mask >> exclusive & 1 and mask != 1 << exclusive:
            return MISSING, ((Severity.CELL, "exclusive_option_combined", text, ""),)
        most = self.item.max_selected
        if most and mask.bit_count() > most:
            return mask, ((Severity.WARNING, "too_many_options", text, str(most)),)
        return mask, ()


def is_ticked(cell: Any) -> bool:
    return cell is True or str(cell).strip().casefold() in TICKED

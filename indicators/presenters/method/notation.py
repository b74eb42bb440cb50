"""Formulas, written once as plain text, drawn as MathML.

A formula is one readable line, as docs/method.md prints it: `V = G/(G−1) Σ_j z_j^2`. Browsers
draw MathML without a library, so `mathml` turns that line into MathML Core. One text for both, so
that they cannot say different things; by hand the same formulas are 50 kB of tags nobody reads.

    a_jk  a_(n−1)  x^2  x^(−1/2)   index and power; brackets that hold them together are dropped
    a/b  (a + b)/c                 a fraction of the two neighbours
    √n  √(1 − n/N)                 a root
    f(x)                           a function keeps its brackets
    z̄  p̃  ê                       a letter with a mark above (U+0304, U+0303, U+0302)
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from html import escape

from django.utils.safestring import SafeString

TOKENS = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>\d*\.\d+|\d+)"
    r"|(?P<name>(?:[^\W\d_][\u0302\u0303\u0304]?)+)"
    r"|(?P<sign>[-=+−·×±≥≤<>,;:|∈→≠∼≈#{}\[\]∗⊤…?])"
    r"|(?P<mark>[()_^/√])"
)
INDEX = re.compile(r"\w+|[+−∗⊤]")
ACCENTS = {"\u0304": "¯", "\u0303": "˜", "\u0302": "^"}
SUMS = {"Σ": "∑", "Π": "∏"}
TIGHT = frozenset("|#{}[]")  # signs without the space that operators have
INDICES = re.compile(r"(?:[a-zABD]|\d)+")  # n_jk, m_A2: letters that count, each for itself
WORDS = frozenset(("df", "eff", "in", "mix", "max", "min"))
GAP = '<mspace width="0.25em"/>'
WIDE_GAP = '<mspace width="1.5em"/>'  # two spaces: another formula on the same line


@dataclass(frozen=True, slots=True)
class Node:
    """A drawn part. `bare`: the same without the brackets around it, for indices and fractions."""

    xml: str
    bare: str
    is_operand: bool = True


@cache
def mathml(formula: str) -> SafeString:
    """One line of a formula as a block of MathML. Raises ValueError for what it cannot read."""
    xml = _Reader(formula).whole()
    return SafeString(
        f'<math display="block" alttext="{escape(formula)}"><mrow>{xml}</mrow></math>'
    )


@cache
def inline_mathml(formula: str) -> SafeString:
    """The same inside a line of text, for single symbols."""
    xml = _Reader(formula).whole()
    return SafeString(f'<math alttext="{escape(formula)}"><mrow>{xml}</mrow></math>')


class _Reader:
    """Reads from left to right; the tightest bond first: index, root, fraction, row."""

    def __init__(self, formula: str) -> None:
        self.text = formula
        self.at = 0

    def whole(self) -> str:
        xml = self._row(until="")
        if self.at < len(self.text):
            raise self._wrong("a bracket that was not opened")
        return xml

    def _wrong(self, what: str) -> ValueError:
        return ValueError(f"{what} at {self.at} of {self.text!r}")

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _row(self, until: str, *, is_small: bool = False) -> str:
        """Everything up to the closing bracket. Small rows (indices) write a/b on one line."""
        parts: list[str] = []
        was_operand = False
        while self.at < len(self.text) and self._next() != ")":
            spaces = self._skip_space()
            if self.at >= len(self.text) or self._next() == ")":
                break
            node = self._fraction(is_small=is_small)
            if spaces > 1:
                parts.append(WIDE_GAP)
            elif spaces and was_operand and node.is_operand:
                parts.append(GAP)
            parts.append(node.xml)
            was_operand = node.is_operand
        if until and self._next() != until:
            raise self._wrong("a bracket that is not closed")
        return "".join(parts)

    def _skip_space(self) -> int:
        """How many there were."""
        start = self.at
        while self._next().isspace():
            self.at += 1
        return self.at - start

    def _fraction(self, *, is_small: bool) -> Node:
        node = self._scripted()
        while self._next() == "/":
            if not node.is_operand:
                raise self._wrong("a fraction of a sign")
            self.at += 1
            below = self._scripted()
            if is_small:
                xml = f"{node.xml}<mo>/</mo>{below.xml}"
            else:
                xml = f"<mfrac>{_one(node.bare)}{_one(below.bare)}</mfrac>"
            node = Node(xml, xml)
        return node

    def _scripted(self) -> Node:
        node = self._atom()
        below = above = ""
        while self._next() in ("_", "^") and self._next():
            mark = self._next()
            self.at += 1
            script = self._script()
            below, above = (script, above) if mark == "_" else (below, script)
        if below or above:
            xml = _with_scripts(node.xml, below, above)
            node = Node(xml, xml, node.is_operand)
        if self._next() == "(" and node.is_operand and not node.xml.startswith("<mn"):
            inside = self._brackets()  # f(x): the name and its bracket are one operand
            xml = f"<mrow>{node.xml}{inside.xml}</mrow>"
            node = Node(xml, xml)
            if self._next() == "^":
                self.at += 1
                xml = _with_scripts(xml, "", self._script())
                node = Node(xml, xml)
        return node

    def _script(self) -> str:
        if self._next() == "(":
            self.at += 1
            inside = self._row(until=")", is_small=True)
            self.at += 1
            return _one(inside)
        found = INDEX.match(self.text, self.at)
        if found is None:
            raise self._wrong("an index or power is missing")
        self.at = found.end()
        return _index(found.group())

    def _brackets(self) -> Node:
        self.at += 1
        inside = self._row(until=")")
        self.at += 1
        # Without a mathematical font browsers draw every stretched bracket too tall.
        fixed = "" if "<mfrac" in inside else ' stretchy="false"'
        row = f"<mo{fixed}>(</mo>{_one(inside)}<mo{fixed}>)</mo>"
        return Node(_one(row), inside)

    def _atom(self) -> Node:
        found = TOKENS.match(self.text, self.at)
        if found is None:
            raise self._wrong("a sign that the notation does not have")
        kind, text = found.lastgroup, found.group()
        if text == "(":
            return self._brackets()
        self.at = found.end()
        if text == "√":
            xml = f"<msqrt>{self._scripted().bare}</msqrt>"
            return Node(xml, xml)
        if kind == "number":
            xml = f"<mn>{text}</mn>"
            return Node(xml, xml)
        if kind == "sign":
            tight = ' lspace="0" rspace="0"' if text in TIGHT else ""
            xml = f'<mo stretchy="false"{tight}>{escape(text)}</mo>'
            return Node(xml, xml, is_operand=False)
        if kind == "name":
            xml = _name(text)
            return Node(xml, xml, is_operand=text not in SUMS)
        raise self._wrong("nothing stands before this sign")


def _name(text: str) -> str:
    if text in SUMS:
        return f'<mo movablelimits="false">{SUMS[text]}</mo>'
    if text[-1] in ACCENTS and len(text) == 2:
        return (
            f'<mover accent="true"><mi>{text[0]}</mi>'
            f'<mo stretchy="false">{ACCENTS[text[-1]]}</mo></mover>'
        )
    return f"<mi>{escape(unicodedata.normalize('NFC', text))}</mi>"


def _index(text: str) -> str:
    if text.isdigit():
        return f"<mn>{text}</mn>"
    if text in "+−∗⊤":
        return f"<mo>{text}</mo>"
    if text in WORDS or not INDICES.fullmatch(text):
        return f"<mi>{text}</mi>"
    return _one("".join(f"<mn>{c}</mn>" if c.isdigit() else f"<mi>{c}</mi>" for c in text))


def _with_scripts(base: str, below: str, above: str) -> str:
    if base.startswith("<mo movablelimits"):
        return f"<munder>{base}{below}</munder>"
    if below and above:
        return f"<msubsup>{base}{below}{above}</msubsup>"
    return f"<msub>{base}{below}</msub>" if below else f"<msup>{base}{above}</msup>"


def _one(xml: str) -> str:
    """A row where MathML asks for exactly one element."""
    return f"<mrow>{xml}</mrow>"

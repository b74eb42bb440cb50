"""Numbers as text, in the reader's language. The only place that rounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import get_format
from django.utils.translation import gettext, ngettext

from indicators.vocabulary import SHARE_MEASURES, MeasureKind

DASH = "–"
MINUS = "−"
MORE_DECIMALS = 2
MOST_TYPED = 4  # decimals beyond those of the indicator
EQUAL = 1e-9
THIN = "\u202f"  # narrow no-break space


def fixed(value: float | None, decimals: int, *, factor: int = 1) -> str:
    """A number with a fixed count of decimals, halves away from zero: 0.125 -> "0.13"."""
    if value is None:
        return DASH
    rounded = _rounded(value, decimals, factor)
    sign = MINUS if rounded < 0 else ""
    return sign + _digits(abs(rounded))


def signed(value: float | None, decimals: int, *, factor: int = 1) -> str:
    """A difference with its sign; a zero after rounding has none."""
    if value is None:
        return DASH
    rounded = _rounded(value, decimals, factor)
    sign = "" if rounded == 0 else "+" if rounded > 0 else MINUS
    return sign + _digits(abs(rounded))


def whole(value: float | None) -> str:
    """A count, with thin spaces between the thousands."""
    return fixed(value, 0)


def base(n: int | None, below: int | None = None) -> str:
    """The number of people a figure rests on; a hidden one only as "< 10"."""
    if n is None and below is not None:
        return f"<{THIN}{below}"
    return whole(n)


def percent(share: float | None, decimals: int = 0) -> str:
    """A share (0-1) in percent: 0.8214 -> "82.1 %"."""
    return DASH if share is None else fixed(share, decimals, factor=100) + THIN + "%"


def p_value(p: float | None) -> str:
    if p is None:
        return DASH
    return f"<{THIN}" + fixed(0.001, 3) if p < 0.001 else fixed(p, 3)


def p_text(p: float | None) -> str:
    """A p value with its sign of comparison: "= 0.031", "< 0.001"."""
    return p_value(p) if p is None or p < 0.001 else f"= {p_value(p)}"


def _rounded(value: float, decimals: int, factor: int) -> Decimal:
    exact = Decimal(repr(float(value))) * factor
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def _digits(value: Decimal) -> str:
    whole_part, _point, fraction = f"{value:,f}".partition(".")
    text = whole_part.replace(",", THIN)
    return text + str(get_format("DECIMAL_SEPARATOR")) + fraction if fraction else text


@dataclass(frozen=True, slots=True)
class Scale:
    """How the values of one indicator are written."""

    kind: str
    decimals: int
    unit: str

    @property
    def is_share(self) -> bool:
        return self.kind in SHARE_MEASURES or self.unit.startswith("%")

    @property
    def is_count(self) -> bool:
        return self.kind == MeasureKind.SCHOOLS_COUNT

    @property
    def of_gap(self) -> Scale:
        """How a gap is written: of counts of schools it is a gap of shares (6 of 9, 5 of 13)."""
        return Scale(MeasureKind.SCHOOLS_SHARE, 0, "") if self.is_count else self

    @property
    def finest(self) -> float:
        """The smallest step that shows."""
        return float(10.0 ** -(self.decimals + (2 if self.is_share else 0)))

    def value(self, value: float | None, *, beside: Iterable[float | None] = ()) -> str:
        """A level. `beside`: limits it must not seem to equal: 3.996 beside a target of 4."""
        decimals = self.telling(value, beside)
        if self.is_share:
            return percent(value, decimals)
        return fixed(value, decimals)

    def telling(self, value: float | None, others: Iterable[float | None]) -> int:
        """Decimals, up to two more, that keep `value` apart from every other number it is not."""
        factor = 100 if self.is_share else 1
        decimals = self.decimals
        for other in others:
            if value is None or other is None or abs(value - other) < EQUAL:
                continue
            while decimals < self.decimals + MORE_DECIMALS and (
                _rounded(value, decimals, factor) == _rounded(other, decimals, factor)
            ):
                decimals += 1
        return decimals

    def typed(self, value: float | None) -> int:
        """Decimals of a limit that a person typed: rounded, it would be another limit."""
        if value is None:
            return self.decimals
        exact = (Decimal(repr(float(value))) * (100 if self.is_share else 1)).normalize()
        needed = len(f"{exact:f}".partition(".")[2])
        return min(max(self.decimals, needed), self.decimals + MOST_TYPED)

    def limit(self, value: float | None) -> str:
        """A limit as it was typed: 4.125 beside values with two decimals."""
        return replace(self, decimals=self.typed(value)).value(value)

    def limit_difference(self, value: float | None) -> str:
        """A change that is asked for, as it was typed."""
        return replace(self, decimals=self.typed(value)).difference(value)

    def difference(self, value: float | None) -> str:
        """A change or gap. Differences of shares are percentage points, never percent."""
        if value is None:
            return DASH
        if self.is_share:
            # Translators: percentage points, short.
            return signed(value, self.decimals, factor=100) + THIN + gettext("pp")
        return signed(value, self.decimals)

    def size(self, value: float | None) -> str:
        """The size of a change without its sign: "changes of 0.6 or more"."""
        return self.difference(value).lstrip("+")

    def interval(self, low: float | None, high: float | None, *, is_change: bool = False) -> str:
        """ "0.10 to 0.27"; empty when there is no interval."""
        if low is None or high is None:
            return ""
        factor = 100 if self.is_share else 1
        if not is_change:
            ends = [fixed(end, self.decimals, factor=factor) for end in (low, high)]
        else:  # an end that is not 0 must not read 0: the verdict would seem to contradict it
            ends = [signed(end, self.telling(end, [0.0]), factor=factor) for end in (low, high)]
        return gettext("%(low)s to %(high)s") % {"low": ends[0], "high": ends[1]}


def schools(n: int) -> str:
    return ngettext("%(n)s school", "%(n)s schools", n) % {"n": whole(n)}

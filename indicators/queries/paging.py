"""Pages of a long list, without counting the whole list."""

from __future__ import annotations


class Paged:
    """What the page links need; a page has `number` and `has_next`."""

    __slots__ = ()
    number: int
    has_next: bool

    @property
    def page(self) -> int:
        return self.number

    @property
    def previous_page(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next_page(self) -> int | None:
        return self.number + 1 if self.has_next else None

"""What one statistic is checked by."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Checks:
    """`r`: methods of tests/oracles. `loop`, `identity`: tests, as file::test without .py, the file
    from tests/stats or tests."""

    r: tuple[str, ...]
    loop: tuple[str, ...]
    identity: tuple[str, ...]


def checks(r: str, loop: str, identity: str) -> Checks:
    """Several names with blanks between them."""
    return Checks(tuple(r.split()), tuple(loop.split()), tuple(identity.split()))

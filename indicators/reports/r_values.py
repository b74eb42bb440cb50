"""Values as R reads them, in plain ASCII so that any locale reads the same script."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from indicators.presenters.upload import harmless

WIDTH = 88
ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def r_text(text: str) -> str:
    """A string. It is spelt as in the CSV, where nothing may start like a formula."""
    return '"' + "".join(map(_letter, harmless(text))) + '"'


def _letter(letter: str) -> str:
    if letter in ESCAPED:
        return ESCAPED[letter]
    number = ord(letter)
    if 32 <= number < 127:
        return letter
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def r_number(value: float) -> str:
    """With all its digits."""
    return repr(int(value)) if float(value).is_integer() else repr(float(value))


def r_value(value: Any) -> str:
    return r_text(value) if isinstance(value, str) else r_number(value)


def r_vector(values: Iterable[Any]) -> str:
    return r_list(map(r_value, values))


def r_list(parts: Iterable[str]) -> str:
    """`c(...)` of what is R already, broken between the parts where it would grow too long."""
    lines = [""]
    for part in parts:
        if lines[-1] and len(lines[-1]) + len(part) > WIDTH - 6:
            lines.append("")
        lines[-1] += f", {part}" if lines[-1] else part
    return lines[0].join(("c(", ")")) if len(lines) == 1 else "c(" + ",\n    ".join(lines) + ")"


def r_call(name: str, *arguments: str, **named: str) -> str:
    """A call, on one line or with one argument per line where it would grow too long."""
    parts = [*arguments, *(f"{key} = {value}" for key, value in named.items())]
    line = f"{name}({', '.join(parts)})"
    if len(line) <= WIDTH:
        return line
    return f"{name}(\n  " + ",\n  ".join(parts) + "\n)"


def r_comment(text: str) -> str:
    """A line that only a person reads."""
    return "# " + text.encode("ascii", "backslashreplace").decode().replace("\n", " ")

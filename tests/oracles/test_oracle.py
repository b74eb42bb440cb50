"""Our numbers against R's, entry by entry, to the tolerance each entry names."""

from pathlib import Path
from typing import Any

from indicators.vocabulary import Reason
from tests.oracles.adapters import answer
from tests.oracles.source import compare


def test_entry_agrees_with_r(entry: dict[str, Any], oracle_dir: Path) -> None:
    ours = answer(oracle_dir, entry)
    expected = entry["reason"] if entry["outcome"] == "refuse" else entry["values"]
    if isinstance(ours, Reason) or isinstance(expected, str):
        assert ours == expected, f"{entry['id']}: ours {ours!r}, R {expected!r}"
        return
    differences = compare(ours, expected, entry["tolerance"])
    assert not differences, f"{entry['id']} ({entry['method']}): " + "; ".join(differences)

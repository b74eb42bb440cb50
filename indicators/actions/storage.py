"""Columns of answers as they lie in the database: small, exact, named by their hash."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVEL = 4  # eight times as fast as 6, and two percent larger
DTYPES = ("<i1", "<i4", "<i8")
WEIGHT_DTYPE = "<f8"


@dataclass(frozen=True, slots=True)
class Packed:
    dtype: str
    data: bytes
    sha256: str
    length: int


def pack(array: NDArray[Any]) -> Packed:
    """The smallest integer type that holds the codes, little-endian, compressed."""
    low, high = (int(array.min()), int(array.max())) if array.size else (0, 0)
    dtype = next(
        name for name in DTYPES if np.iinfo(name).min <= low and high <= np.iinfo(name).max
    )
    plain = array.astype(dtype).tobytes()
    name = hashlib.sha256(dtype.encode() + plain).hexdigest()
    return Packed(dtype, zlib.compress(plain, LEVEL), name, int(array.size))


def pack_weights(weights: NDArray[np.float64]) -> Packed:
    """Doubles as they are, little-endian, compressed."""
    plain = weights.astype(WEIGHT_DTYPE).tobytes()
    name = hashlib.sha256(WEIGHT_DTYPE.encode() + plain).hexdigest()
    return Packed(WEIGHT_DTYPE, zlib.compress(plain, LEVEL), name, int(weights.size))


def pack_texts(texts: Sequence[str]) -> Packed:
    plain = json.dumps(list(texts), ensure_ascii=False).encode()
    return Packed(
        "json", zlib.compress(plain, LEVEL), hashlib.sha256(plain).hexdigest(), len(texts)
    )

"""Chance that is the same everywhere: streams of raw uniforms, one for each purpose.

The same seed must give the same people on every platform and with every NumPy version. So only raw numbers between 0
and 1 are drawn, from PCG64, and turned into answers by comparing, sorting and adding, one element at a time. Each
purpose has a stream of its own, so that a new question changes nobody's old answers.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_SUMMED = 6


def uniforms(seed: int | str, purpose: str, n: int) -> NDArray[np.float64]:
    """Draw `n` numbers between 0 and 1.

    Parameters
    ----------
    seed : int or str
    purpose : str
        What they are for; another purpose has other numbers.
    n : int

    Returns
    -------
    ndarray of float, shape (n,)

    Examples
    --------
    >>> uniforms("ada", "age", 3).round(3)
    array([0.528, 0.233, 0.47 ])
    """
    digest = sha256(f"{seed}\n{purpose}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big"))).random(n)


def noise(seed: int | str, purpose: str, n: int) -> NDArray[np.float64]:
    """Bell-shaped noise of mean 0 and variance 1, each value a sum of six uniforms; shape (n,)."""
    drawn = uniforms(seed, purpose, n * N_SUMMED).reshape(n, N_SUMMED)
    total: NDArray[np.float64] = drawn[:, 0]
    for place in range(1, N_SUMMED):
        total = total + drawn[:, place]
    scaled: NDArray[np.float64] = (total - N_SUMMED / 2) * np.sqrt(12 / N_SUMMED)
    return scaled

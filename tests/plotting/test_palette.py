"""Colours must stay apart for eyes that see red and green alike, and words in them must be legible."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from helpers.plotting import COLOURS, QUIET, contrast, readable

# Linear maps of light for full loss of one cone type (Machado, Oliveira and Fernandes 2009, severity 1).
SEEN_AS = {
    "everyone": np.eye(3),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab_of(colour: str, eyes: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of a colour as these eyes see it."""
    srgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(eyes @ linear, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("eyes", SEEN_AS)
def test_every_pair_of_colours_stays_apart(eyes: str) -> None:
    seen = {colour: lab_of(colour, SEEN_AS[eyes]) for colour in COLOURS}
    gaps = {pair: np.linalg.norm(seen[pair[0]] - seen[pair[1]]) for pair in combinations(COLOURS, 2)}
    closest = min(gaps, key=gaps.__getitem__)
    assert gaps[closest] > 14, f"{closest} are {gaps[closest]:.1f} apart for {eyes}"


def test_the_first_four_are_far_apart_for_all_eyes() -> None:
    for eyes in SEEN_AS.values():
        seen = [lab_of(colour, eyes) for colour in COLOURS[:4]]
        assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 50


@pytest.mark.parametrize("colour", COLOURS)
def test_words_in_a_colour_can_be_read(colour: str) -> None:
    assert contrast(readable(colour)) >= 4.5


def test_lines_can_be_seen_on_paper() -> None:
    assert min(contrast(colour) for colour in COLOURS) > 2
    assert contrast(QUIET) >= 7


def test_contrast_agrees_with_known_ratios() -> None:
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)

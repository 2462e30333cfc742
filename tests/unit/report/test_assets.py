"""The style sheet: contrasts, and cluster colours that more eyes can tell apart."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from tribu.report.markers import COLOUR_SLOTS, COLOUR_STEPS
from tribu.report.tables import heat_tone

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
VISION = {
    "full": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
SCHEMES = ("light", "dark")


@pytest.fixture(scope="module")
def schemes() -> dict[str, dict[str, str]]:
    """The colours of the style sheet by scheme; dark overrides light."""
    text = (Path(__file__).resolve().parents[3] / "reports" / "assets" / "site.css").read_text(encoding="utf-8")
    light_text, dark_text = text.split("(prefers-color-scheme: dark)", 1)
    pattern = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
    light = dict(pattern.findall(light_text))
    return {"light": light, "dark": {**light, **dict(pattern.findall(dark_text))}}


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str) -> float:
    brighter, darker = sorted((float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (first, second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "page"),
        ("ink", "surface"),
        ("ink", "surface-sunk"),
        ("ink-muted", "page"),
        ("ink-muted", "surface"),
        ("ink-muted", "surface-sunk"),
        ("link", "page"),
        ("link", "surface"),
        ("link", "surface-sunk"),
        ("banner-ink", "banner"),
        *(("ink", f"{side}-{step}") for side in ("above", "below") for step in (1, 2, 3)),
        ("tone-strong-ink", "above-4"),
        ("tone-strong-ink", "below-4"),
    ],
)
def test_text_has_a_contrast_of_four_and_a_half(
    schemes: dict[str, dict[str, str]], scheme: str, ink: str, ground: str
) -> None:
    colours = schemes[scheme]
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_cluster_colours_stand_out_and_apart(schemes: dict[str, dict[str, str]], scheme: str) -> None:
    colours = schemes[scheme]
    palette = [colours[f"cluster-{slot}"] for slot in range(1, COLOUR_SLOTS + 1)]
    assert all(contrast(colour, colours["surface"]) >= 3 for colour in palette)
    for name, matrix in VISION.items():
        seen = [TO_OKLAB @ np.cbrt(TO_LMS @ np.clip(matrix @ linear(colour), 0, 1)) for colour in palette]
        nearest = min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2))
        # 0.02 is about the least difference that is seen at all; small dots need a multiple of it.
        assert nearest >= 0.06, name


@pytest.mark.parametrize("scheme", SCHEMES)
def test_steps_go_one_way_in_lightness_and_stand_out(schemes: dict[str, dict[str, str]], scheme: str) -> None:
    """Tiers have an order, and lightness is the part of a colour that everybody reads as one."""
    colours = schemes[scheme]
    steps = [contrast(colours[f"step-{step}"], colours["surface"]) for step in range(1, COLOUR_STEPS + 1)]
    assert min(steps) >= 3
    assert steps == sorted(steps)


@pytest.mark.parametrize("name", ["above-bar", "below-bar", "bar", "bar-tick", "focus"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_bars_stand_out(schemes: dict[str, dict[str, str]], scheme: str, name: str) -> None:
    assert contrast(schemes[scheme][name], schemes[scheme]["surface"]) >= 3


def test_every_tone_of_the_heatmap_has_a_style() -> None:
    text = (Path(__file__).resolve().parents[3] / "reports" / "assets" / "site.css").read_text(encoding="utf-8")
    tones = {heat_tone(z) for z in (None, 0, 0.3, 1, 2, 3, -0.3, -1, -2, -3)}
    assert tones == {"none", "0", *(f"{side}{step}" for side in "pn" for step in (1, 2, 3, 4))}
    assert all(f".tone-{tone} " in text for tone in tones)

"""Text is readable on its surface in both themes and both palettes (WCAG 2.2 AA: at least 4.5 to 1)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[3] / "static" / "css" / "tokens.css").read_text()
PAIR = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
SINGLE = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{6});")
THEMES = ("light", "dark")
SOFT = {"light": 0.08, "dark": 0.12}


def tokens(theme: str, palette: str) -> dict[str, str]:
    standard, _, other = CSS.partition('[data-palette="blue-orange"]')
    text = standard + (other if palette == "blue-orange" else "")
    pairs = {name: (light if theme == "light" else dark) for name, light, dark in PAIR.findall(text)}
    return dict(SINGLE.findall(text)) | pairs


def channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def luminance(rgb: tuple[float, ...]) -> float:
    parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def soft(colour: str, surface: str, share: float) -> tuple[float, ...]:
    return tuple(
        share * a + (1 - share) * b for a, b in zip(channels(colour), channels(surface), strict=True)
    )


TEXTS = ("text-1", "text-2", "text-3", "brand", "profit", "loss", "warn", "danger")
BADGES = ("brand", "profit", "loss", "warn", "danger")
FILLS = (("brand-ink", "brand"), ("live-ink", "live"), ("danger-ink", "danger-button"))


@pytest.mark.parametrize("palette", ["standard", "blue-orange"])
@pytest.mark.parametrize("theme", THEMES)
def test_text_on_page_and_cards(theme: str, palette: str) -> None:
    found = tokens(theme, palette)
    surfaces = [found[name] for name in ("bg", "surface-1", "surface-2")]
    weak = [t for t in TEXTS for s in surfaces if contrast(channels(found[t]), channels(s)) < 4.5]
    assert weak == []


@pytest.mark.parametrize("palette", ["standard", "blue-orange"])
@pytest.mark.parametrize("theme", THEMES)
def test_soft_badges_on_cards(theme: str, palette: str) -> None:
    found = tokens(theme, palette)
    surface = found["surface-1"]
    weak = [b for b in BADGES if contrast(channels(found[b]), soft(found[b], surface, SOFT[theme])) < 4.5]
    assert weak == []


@pytest.mark.parametrize("theme", THEMES)
def test_ink_on_filled_buttons_and_pills(theme: str) -> None:
    found = tokens(theme, "standard")
    weak = [ink for ink, fill in FILLS if contrast(channels(found[ink]), channels(found[fill])) < 4.5]
    assert weak == []

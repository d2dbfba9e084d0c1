"""The colours of tokens.css are readable, light and dark, on every ground that they stand on."""

import itertools
import math
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parent.parent / "static" / "css" / "tokens.css"
TEXT_CONTRAST = 4.5
MARK_CONTRAST = 3.0
# Distance in OKLab; the threshold of a just noticeable difference is about 0.02.
CITY_DISTANCE = 0.05
CITIES = [f"city-{number}" for number in range(1, 9)]
TEXT = ["ink", "ink-quiet", "ink-faint", "link", "erratum", "alert", *CITIES]
MARKS = ["rule-mark", "erratum-line", "difference-line", *CITIES]

Linear = tuple[float, float, float]

# Machado, Oliveira, Fernandes (2009), severity 1.0, on linear RGB.
VISIONS: dict[str, tuple[Linear, Linear, Linear]] = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def read_colours(block: str) -> dict[str, str]:
    """Return the hexadecimal custom properties of a block of CSS by name."""
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});", block))


def read_schemes() -> dict[str, dict[str, str]]:
    """Return the colours of both schemes; what the dark one leaves alone keeps its light value."""
    css = TOKENS.read_text(encoding="utf-8")
    light, dark = css.split("@media screen and (prefers-color-scheme: dark)")
    return {"light": read_colours(light), "dark": read_colours(light) | read_colours(dark)}


SCHEMES = read_schemes()


def linear(colour: str) -> Linear:
    """Return a colour as linear RGB between 0 and 1."""
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return red, green, blue


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it."""
    darker, lighter = sorted(
        0.2126 * red + 0.7152 * green + 0.0722 * blue
        for red, green, blue in (linear(first), linear(second))
    )
    return (lighter + 0.05) / (darker + 0.05)


def oklab(colour: Linear) -> Linear:
    """Return linear RGB in OKLab, where distance is close to what people see."""
    red, green, blue = colour
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def as_seen(colour: str, vision: str) -> Linear:
    """Return a colour in OKLab as someone with this vision sees it."""
    channels = linear(colour)
    red, green, blue = (
        max(0.0, math.fsum(weight * channel for weight, channel in zip(row, channels, strict=True)))
        for row in VISIONS[vision]
    )
    return oklab((red, green, blue))


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["paper", "tint"])
@pytest.mark.parametrize("name", TEXT)
def test_text_is_readable_on_paper_and_tint(scheme: str, ground: str, name: str) -> None:
    colours = SCHEMES[scheme]
    assert contrast(colours[name], colours[ground]) >= TEXT_CONTRAST


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("city", CITIES)
def test_text_is_readable_on_the_tint_of_a_city(scheme: str, city: str) -> None:
    colours = SCHEMES[scheme]
    for name in (city, "ink", "ink-quiet", "link"):
        assert contrast(colours[name], colours[f"{city}-tint"]) >= TEXT_CONTRAST, name


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["difference", "hit", "field"])
def test_text_is_readable_where_it_is_marked_or_typed(scheme: str, ground: str) -> None:
    assert contrast(SCHEMES[scheme]["ink"], SCHEMES[scheme][ground]) >= TEXT_CONTRAST


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["ink", "ink-quiet"])
def test_text_is_readable_reversed(scheme: str, name: str) -> None:
    assert contrast(SCHEMES[scheme]["paper"], SCHEMES[scheme][name]) >= TEXT_CONTRAST


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["paper", "tint"])
@pytest.mark.parametrize("name", MARKS)
def test_marks_are_visible_on_paper_and_tint(scheme: str, ground: str, name: str) -> None:
    colours = SCHEMES[scheme]
    assert contrast(colours[name], colours[ground]) >= MARK_CONTRAST


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("vision", VISIONS)
def test_cities_are_told_apart(scheme: str, vision: str) -> None:
    seen = {city: as_seen(SCHEMES[scheme][city], vision) for city in CITIES}
    for first, second in itertools.combinations(CITIES, 2):
        assert math.dist(seen[first], seen[second]) >= CITY_DISTANCE, (first, second)


def test_dark_changes_every_colour() -> None:
    light, dark = SCHEMES["light"], SCHEMES["dark"]
    assert len(light) > 30
    assert [name for name in light if light[name] == dark[name]] == []

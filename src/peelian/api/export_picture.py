"""A view as a picture: the places in the map's colours, legend, scale, notice and run id."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from peelian.api import quantise
from peelian.api.export_colours import STRUCK, colours
from peelian.api.export_shapes import corners, shapes
from peelian.api.export_table import layer_values, notice
from peelian.api.layers import Layer
from peelian.api.level_run import LevelRun
from peelian.api.run_folder import Run
from peelian.domain.grid import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def picture(run: Run, layer: Layer, step: int, *, words: bool = True) -> bytes:
    """Give a PNG of 1,600 pixels a side or so; `words` False leaves title and notice to the page around."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # late: a plain page must not wait for it
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 10.6 if words else 7.2), dpi=160, facecolor="white")
    FigureCanvasAgg(figure)
    low, high = (0.13, 0.9) if words else (0.01, 0.99)
    axes = figure.add_axes((0.02, low, 0.70, high - low))
    values = layer_values(run, layer.id, step)
    classes = quantise.classes(_nudged(layer.id, values), layer.breaks)
    sure = quantise.certainty(np.nan_to_num(run.dispersion[step]))
    _draw(axes, run, layer, classes, colours(layer.id, classes, sure, len(layer.labels)))
    _legend(figure, layer)
    if words:
        when = run.label(step) if layer.steps > 1 else ""
        figure.text(0.02, 0.955, str(run.card["area"]["name"]), fontsize=17, weight="bold", parse_math=False)
        figure.text(0.02, 0.925, f"{layer.title}. {when}", fontsize=12, parse_math=False)
        said = textwrap.fill(f"{notice(run)} Run {run.id}.", 150)
        figure.text(0.02, 0.015, said, fontsize=8, va="bottom", color="#444b50", parse_math=False)
    out = io.BytesIO()
    about = {"Title": f"{layer.title}, {run.card['area']['name']}", "Description": notice(run),
             "Source": f"Peelian run {run.id}"}  # fmt: skip
    figure.savefig(out, format="png", metadata=about)
    return out.getvalue()


def _nudged(layer: str, values: Floats) -> Floats:
    """Keep a change of any size out of the middle class, which is usual variation, as the map does."""
    if layer != "change":
        return values
    return np.where(values > 0, np.maximum(values, 1e-9), values)


def _draw(axes: Axes, run: Run, layer: Layer, classes: quantise.Bytes, rgba: Floats) -> None:
    from matplotlib.collections import PolyCollection

    rings, of = _rings(run)
    held = classes[of] > 0
    shown = [ring for ring, on in zip(rings, held, strict=True) if on]
    axes.add_collection(PolyCollection(shown, facecolors=rgba[of[held]], edgecolors="none", linewidths=0))
    struck = [ring for ring, one in zip(rings, classes[of], strict=True) if one == STRUCK.get(layer.id)]
    if struck:
        lines = PolyCollection(
            struck, facecolors="none", edgecolors="#ffffff", hatch="\\\\\\\\", linewidths=0
        )
        axes.add_collection(lines)
    missing = [ring for ring, on in zip(rings, held, strict=True) if not on]
    if missing:
        axes.add_collection(
            PolyCollection(missing, facecolors="none", edgecolors="#9a9a94", hatch="////", linewidths=0)
        )
    points = np.concatenate(rings)
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect("equal", anchor="NW")
    axes.set_axis_off()
    _scale(axes, run, float(west), float(south), float(east - west))


def _rings(run: Run) -> tuple[list[Floats], Any]:
    """Give the outer rings in the grid's CRS, and each ring's place."""
    if not isinstance(run, LevelRun):
        x, y = corners(run)
        return list(np.stack([x, y], axis=2)), np.arange(len(x))
    from pyproj import Transformer

    over = Transformer.from_crs("EPSG:4326", run.of.grid.crs, always_xy=True)
    parts, of = shapely.get_parts(shapes(run), return_index=True)
    rings = [np.column_stack(over.transform(*shapely.get_coordinates(shapely.get_exterior_ring(part)).T))
             for part in parts]  # fmt: skip
    return rings, of


def _scale(axes: Axes, run: Run, west: float, south: float, wide: float) -> None:
    unit = run.base.grid.unit_m
    km = quantise.nice(wide * unit / 5000)
    long = km * 1000 / unit
    y = south - wide * 0.02
    axes.plot([west, west + long], [y, y], color="#0b0c0c", linewidth=2, clip_on=False)
    axes.text(west + long, y, f"  {km:g} km", va="center", fontsize=9)


def _legend(figure: Any, layer: Layer) -> None:
    from matplotlib.patches import Patch

    count = len(layer.labels)
    shown = colours(layer.id, np.arange(1, count + 1, dtype=np.uint8), np.full(count, 7, np.uint8), count)
    patches = [Patch(facecolor=tuple(rgba), edgecolor="#b1b4b6", label=words)
               for rgba, words in zip(shown, layer.labels, strict=True)]  # fmt: skip
    if layer.id in STRUCK:
        patches[STRUCK[layer.id] - 1].set(hatch="\\\\\\\\", edgecolor="#ffffff")
    patches.append(Patch(facecolor="none", edgecolor="#9a9a94", hatch="////", label="nothing held"))
    title = "\n".join(textwrap.wrap(layer.words, 32))
    made = figure.legend(handles=patches, loc="upper left", bbox_to_anchor=(0.735, 0.9), frameon=False,
                         fontsize=9, title=title, title_fontsize=9, alignment="left")  # fmt: skip
    made.get_title().set_color("#444b50")

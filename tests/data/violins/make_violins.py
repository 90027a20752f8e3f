#!/usr/bin/env python3
"""Writes violins.json: what seaborn draws for some sets of numbers, from its own plotter and from scipy.

    apt-get install python3-seaborn        # Debian 12: seaborn 0.12.2, scipy 1.10.1
    python3 make_violins.py > violins.json
"""
import json

import numpy as np
import scipy
import seaborn
from scipy.stats import gaussian_kde
from seaborn.categorical import _ViolinPlotter


def plotter(values):
    return _ViolinPlotter(
        x=None, y=np.asarray(values), hue=None, data=None, order=None, hue_order=None, bw="scott", cut=2,
        scale="area", scale_hue=True, gridsize=100, width=0.8, inner="box", split=False, dodge=True, orient="v",
        linewidth=None, color=None, palette=None, saturation=0.75)


def whiskers(values):
    low, middle, high = np.percentile(values, [25, 50, 75])
    reach = 1.5 * (high - low)
    kept = values[(values >= low - reach) & (values <= high + reach)]
    return [kept.min(), low, middle, high, kept.max()]


def case(name, values):
    values = np.asarray(values, dtype=float)
    drawn = plotter(values)
    at = drawn.support[0]
    if np.unique(values).size > 1:
        density = gaussian_kde(values, bw_method="scott")(at)
        # seaborn scales the outline to its largest point
        assert np.allclose(drawn.density[0], density / density.max(), rtol=0, atol=1e-12)
    else:
        density = drawn.density[0]
    return {"name": name, "values": values.tolist(), "at": np.ravel(at).tolist(), "density": np.ravel(density).tolist(),
            "box": [float(x) for x in whiskers(values)]}


random = np.random.default_rng(420)
print(json.dumps({
    "source": f"seaborn {seaborn.__version__}, scipy {scipy.__version__}, numpy {np.__version__}",
    "violins": [
        case("8 weights of the first layer", random.uniform(-0.7, 0.7, 8)),
        case("16 gradients that vanish", random.normal(0.0, 2e-4, 16)),
        case("16 gradients with an outlier", np.append(random.normal(0.0, 0.1, 15), 3.0)),
        case("4 weights of the last layer", random.normal(0.0, 1.0, 4)),
        case("two groups", np.append(random.normal(-1.0, 0.1, 30), random.normal(2.0, 0.5, 20))),
        case("many zeros", np.append(np.zeros(12), random.normal(0.0, 1.0, 4))),
        case("all equal", np.full(5, 0.25)),
        case("a thousand", random.standard_t(3, 1000).round(4)),
    ]}, indent=None, separators=(",", ":")))

"""A place on the Earth in Cartesian coordinates."""

import numpy as np

from whichext import Case, Kernel, Tolerance, strategies

SEMI_MAJOR_KM, FLATTENING = 6378.137, 1 / 298.257223563


def cartesian(latitude: float, longitude: float, altitude: float) -> tuple[float, float, float]:
    """Of the WGS 84 ellipsoid, in km."""
    phi, theta = np.radians((latitude, longitude))
    squared = FLATTENING * (2 - FLATTENING)
    normal = SEMI_MAJOR_KM / np.sqrt(1 - squared * np.sin(phi) ** 2)
    rho = (normal + altitude) * np.cos(phi)
    z = (normal * (1 - squared) + altitude) * np.sin(phi)
    return float(rho * np.cos(theta)), float(rho * np.sin(theta)), float(z)


KERNEL = Kernel(
    question="How fast is a place brought into Cartesian coordinates?",
    reference=cartesian,
    inputs=lambda case: (47.5, 8.5, 0.4),
    arguments={
        "latitude": strategies.floats(-90, 90),
        "longitude": strategies.floats(-180, 180),
        "altitude": strategies.floats(0, 1000),
    },
    tolerance=Tolerance(absolute=0.01, reason="the constants of the ellipsoid are rounded"),
    cases=(Case("small"),),
)

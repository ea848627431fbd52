"""Electron scattering by neutral atoms as sums of Gaussians of resolution."""

import numpy as np

# International Tables for Crystallography C (2006), table 4.3.2.2 (Peng et al., Acta Cryst. A52, 257, 1996):
# f(s) = sum a exp(-b s^2 / 4) with s = 1/d; a in angstrom, b in square angstrom.
FACTORS = {
    "C": ((0.0893, 0.2563, 0.757, 1.0487, 0.3575), (0.2465, 1.71, 6.4094, 18.6113, 50.2523)),
    "N": ((0.1022, 0.3219, 0.7982, 0.8197, 0.1715), (0.2451, 1.7481, 6.1925, 17.3894, 48.1431)),
    "O": ((0.0974, 0.2921, 0.691, 0.699, 0.2039), (0.2067, 1.3815, 4.6943, 12.7105, 32.4726)),
    "NA": ((0.2142, 0.6853, 0.7692, 1.6589, 1.4482), (0.3334, 2.3446, 10.083, 48.3037, 138.27)),
    "MG": ((0.2314, 0.6866, 0.9677, 2.1882, 1.1339), (0.3278, 2.272, 10.9241, 39.2898, 101.9748)),
    "P": ((0.2548, 0.6106, 1.4541, 2.3204, 0.8477), (0.2908, 1.874, 8.5176, 24.3434, 63.2996)),
    "S": ((0.2497, 0.5628, 1.3899, 2.1865, 0.7715), (0.2681, 1.6711, 7.0267, 19.5377, 50.3888)),
    "CA": ((0.4054, 1.388, 2.1602, 3.7532, 2.2063), (0.3499, 3.0991, 11.9608, 53.9353, 142.3892)),
    "FE": ((0.3946, 1.2725, 1.7031, 2.314, 1.4795), (0.2717, 2.0443, 7.6007, 29.9714, 86.2265)),
    "ZN": ((0.4288, 1.2646, 1.4472, 1.8294, 1.0934), (0.2593, 1.7998, 6.75, 25.586, 73.5284)),
}
#: Stands for an element that is not in the table; such atoms are few.
OTHER = "S"


def form_factor(element, s):
    """f(s) of an element in angstrom, s = 1/d per angstrom."""
    a, b = FACTORS.get(element, FACTORS[OTHER])
    s = np.asarray(s, dtype=np.float64)
    return sum(a_k * np.exp(-b_k * s * s / 4) for a_k, b_k in zip(a, b))


def _one_gaussian(element):
    """(weight, b) of the Gaussian with the element's f(0) and f at 4 angstrom, relative to carbon's shape."""
    weight = float(form_factor(element, 0.0))
    s = 0.25
    relative = form_factor(element, s) / weight / (form_factor("C", s) / form_factor("C", 0.0))
    return weight, CARBON_B - 4 * float(np.log(relative)) / s**2


#: Width of the Gaussian that stands for carbon while atoms are placed; `carbon_shape` makes up for the difference.
CARBON_B = 12.0
GAUSSIANS = {}
GAUSSIANS.update({element: _one_gaussian(element) for element in FACTORS})


def carbon_shape(s):
    """Factor at frequency s that makes carbon exact in a map of single Gaussians, and other elements nearly."""
    s = np.asarray(s, dtype=np.float64)
    return form_factor("C", s) / form_factor("C", 0.0) * np.exp(CARBON_B * s * s / 4)


def gaussian_of(elements):
    """(weights, b) for an array of element symbols."""
    symbols, index = np.unique(elements, return_inverse=True)
    table = np.array([GAUSSIANS.get(str(symbol), GAUSSIANS[OTHER]) for symbol in symbols])
    return table[index, 0], table[index, 1]

"""LinearRegression drops singular values below tol times the largest, and tol is 1e-6 by default.

pip install scikit-learn==1.9.1, then run this file. It fails once the failure is gone.
"""

import sys

import numpy as np
from sklearn.linear_model import LinearRegression

rng = np.random.default_rng(0)
u = np.linalg.qr(rng.standard_normal((2000, 20)))[0]
v = np.linalg.qr(rng.standard_normal((20, 20)))[0]
off = {}
for condition in (1e4, 2e6, 1e10):
    x = u * np.geomspace(1.0, 1.0 / condition, 20) @ v.T
    y = x.sum(axis=1) + 0.01 * rng.standard_normal(2000)
    best = np.linalg.lstsq(x, y)[0]
    for name, given in (("default", {}), ("zero", {"tol": 0.0})):
        model = LinearRegression(fit_intercept=False, **given).fit(x, y)
        off[condition, name] = np.abs(model.coef_ - best).max() / np.abs(best).max()
        left, least = (np.linalg.norm(y - x @ w) for w in (model.coef_, best))
        print(f"condition {condition:.0e}, tol {model.tol:g}: rank {model.rank_} of 20,", end=" ")
        print(f"{off[condition, name]:.1%} off lstsq, |y - Xw| {left:.6f} against {least:.6f}")
if min(off[2e6, "default"], off[1e10, "default"]) < 0.5 or off[1e10, "zero"] > 1e-3:
    sys.exit("the failure no longer shows")

"""scikit-learn-intelex's SVC: of more than two classes, decisions of some pairs are not what its
own coefficients give. Its support vectors, coefficients and intercepts are scikit-learn's.
It shows on processors with AVX-512; on one without it does not.

pip install scikit-learn-intelex==2026.2.0; exits with an error once the failure is gone.
"""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.preprocessing import StandardScaler
from sklearnex.svm import SVC

GAMMA = 0.1
x, y = load_digits(return_X_y=True)
x = StandardScaler().fit_transform(x)
model = SVC(gamma=GAMMA, decision_function_shape="ovo").fit(x, y)

kernel = rbf_kernel(x, model.support_vectors_, gamma=GAMMA)
ends = np.cumsum(model.n_support_)
parts = [slice(end - size, end) for end, size in zip(ends, model.n_support_, strict=True)]
pairs = [(i, j) for i in range(10) for j in range(i + 1, 10)]
own = np.column_stack(
    [
        kernel[:, parts[i]] @ model.dual_coef_[j - 1, parts[i]]
        + kernel[:, parts[j]] @ model.dual_coef_[i, parts[j]]
        + model.intercept_[number]
        for number, (i, j) in enumerate(pairs)
    ]
)
off = np.abs(model.decision_function(x) - own).max(axis=0)
print({pair: round(float(gap), 3) for pair, gap in zip(pairs, off, strict=True) if gap > 1e-6})
assert off.max() > 0.1, "the failure no longer shows"

"""scikit-learn's NuSVC takes class_weight and ignores it, without a word.

pip install scikit-learn==1.9.1; exits with an error once the failure is gone.
"""

import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, NuSVC

x, y = load_breast_cancer(return_X_y=True)
x = StandardScaler().fit_transform(x)
print("scikit-learn", sklearn.__version__)
moved = {}
for machine in (SVC, NuSVC):
    told = {} if machine is SVC else {"nu": 0.3}
    plain = machine(**told).fit(x, y).decision_function(x)
    weighted = machine(**told, class_weight={0: 10.0}).fit(x, y).decision_function(x)
    moved[machine.__name__] = np.abs(weighted - plain).max()
    print(machine.__name__, "moved by class_weight:", moved[machine.__name__])
assert moved["SVC"] > 0.1
assert moved["NuSVC"] == 0.0, "the failure no longer shows"

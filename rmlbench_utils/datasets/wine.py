"""Wine cultivars (Forina et al. 1988), bundled with scikit-learn; the quality sets are others."""

from __future__ import annotations

from sklearn.datasets import load_wine

from rmlbench_utils.datasets import bundled
from rmlbench_utils.datasets.card import Card, Table

CARD = Card(
    name="wine",
    title="Cultivar of an Italian wine from its chemistry",
    source="Forina et al., PARVUS, Institute of Pharmaceutical and Food Analysis and "
    "Technologies, Genoa; Aeberhard, Coomans and de Vel, James Cook University, technical report "
    "92-02 (1992); UCI, doi:10.24432/C5PC7J",
    licence="CC BY 4.0 (UCI); BSD-3-Clause (package)",
    packaged_in="scikit-learn",
    rows=178,
    columns=13,
    target="cultivar: class_0 (59 rows), class_1 (71) or class_2 (48)",
    problems="small; the classes can be told apart without an error (quadratic discriminant "
    "analysis, 1992); not the wine quality of wine_red and wine_white",
    checked="SHA-256 of the raw values and class numbers; 59, 71 and 48 rows as UCI states",
    sha256="b6ff7c6847be41ee158bdf2267e98a97e1d240566564154aba1c0cc61f551fc3",
)


def load() -> Table:
    """The 178 rows.

    Raises
    ------
    Unavailable
        If the installed scikit-learn holds other values.
    """
    return bundled.read(CARD, load_wine())

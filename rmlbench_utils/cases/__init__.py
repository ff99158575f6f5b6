"""What is measured: one TOML file a domain, validated and expanded into cases."""

from rmlbench_utils.cases.expand import all_cores
from rmlbench_utils.cases.loader import domains, load_cases, load_file, origins
from rmlbench_utils.cases.own_data import cases_for_csv
from rmlbench_utils.cases.select import select

__all__ = [
    "all_cores",
    "cases_for_csv",
    "domains",
    "load_cases",
    "load_file",
    "origins",
    "select",
]

"""What is computed on: one loader a dataset, prepared once into safetensors files."""

from rmlbench_utils.datasets.card import Card, Table, Unavailable
from rmlbench_utils.datasets.catalogue import catalogue, load
from rmlbench_utils.datasets.files import Prepared
from rmlbench_utils.datasets.prepare import prepare

__all__ = ["Card", "Prepared", "Table", "Unavailable", "catalogue", "load", "prepare"]

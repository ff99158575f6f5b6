"""Build, plan, run, machine: drives store and judge."""

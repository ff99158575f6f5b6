# `make report` measures and builds the book; `make test` runs every check.
# DOMAINS=regression measures one domain, DOMAINS=all also the heavy ones.
PYTHON ?= python3
DOMAINS ?=

.PHONY: report test lab readme clean
report test lab readme clean:
	@$(PYTHON) -m rmlbench_utils.setup $@ $(DOMAINS)

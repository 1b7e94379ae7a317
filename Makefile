# Everything runs from .venv, which is built from requirements.lock on first use. `make` alone lists the targets.
PYTHON ?= python3
ROUND  ?= rounds/demo
JOBS   ?= auto

VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready.stamp
LOCKED := $(VENV)/locked.stamp
CLUSTER := $(VENV)/cluster.stamp
PIP    := $(BIN)/python -m pip --disable-pip-version-check -qq
ACOPIO := $(BIN)/acopio
# Files of tests in their own order: those that take long stand first in the alphabet, and the short ones fill up.
PYTEST := $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup questionnaires consolidate status check bench test test-all mutants lint lock clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "Another round than rounds/demo: make consolidate ROUND=rounds/NAME"

setup: $(READY) ## Build .venv from the lock file (every other target does it when needed)

questionnaires: $(READY) ## Write the workbook of every respondent of ROUND
	$(ACOPIO) questionnaires $(ROUND)

consolidate: $(READY) ## Read the returns of ROUND into the regional dataset (the demo round simulates its returns first)
	@if [ "$(patsubst %/,%,$(ROUND))" = rounds/demo ] \
	    && [ -z "$$(find rounds/demo/returns -type f ! -name '.*' 2>/dev/null | head -n 1)" ]; then \
	  echo "$(ACOPIO) simulate $(ROUND) --seed 1"; $(ACOPIO) simulate $(ROUND) --seed 1; fi
	$(ACOPIO) consolidate $(ROUND)

status: $(READY) ## Show which respondents of ROUND have returned what
	$(ACOPIO) status $(ROUND)

check: lint test ## Run lint and test

bench: $(READY) $(CLUSTER) ## Measure what each step, LibreOffice and whole rounds cost against named floors (twenty minutes; SIZES="35 200")
	$(BIN)/python -m tests.bench.ratios
	$(BIN)/python -m tests.bench.rounds $(SIZES)
	$(BIN)/python -m tests.bench.waiting
	$(BIN)/python -m tests.bench.cluster

test: $(READY) ## Run the tests, one of each sort (warnings are errors; at most six minutes on two cores)
	$(PYTEST) -m "not wide"

test-all: $(READY) $(CLUSTER) ## Run every test: all formats, all edits, the examples of README.md (at most 25 minutes)
	$(PYTEST)

mutants: $(READY) ## Put faults into a copy of the code, one at a time: each must fail a test (fifteen minutes)
	$(BIN)/python -m tests.mutants.run

lint: $(READY) ## Check style (ruff) and types (mypy strict)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# uv resolves for every platform and Python version at once, which pip cannot; it ignores pip's own settings file.
# The second lock has all of the first, and the extra `dask` with what its tests need.
lock: $(READY) ## Renew requirements.lock and requirements-dask.lock after editing pyproject.toml (UPGRADE=yes: newest versions)
	$(PIP) install 'uv>=0.13,<1'
	index=$$($(BIN)/python -m pip config get global.index-url 2>/dev/null || true); \
	compile() { $(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --custom-compile-command 'make lock' $${index:+--default-index "$$index"} --quiet "$$@"; }; \
	compile $(if $(UPGRADE),--upgrade) --output-file requirements.lock && \
	compile $(if $(UPGRADE),--upgrade) --constraint requirements.lock --extra dask --group cluster --output-file requirements-dask.lock

clean: ## Remove .venv and caches (never rounds or outputs)
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find questionnaire pipeline schemas tests -type d -name __pycache__ -prune -exec rm -rf {} +

# The stamp is a copy of the lock, written last: an interrupted set-up is done again from nothing, and a checkout
# that renews only the file's date rebuilds nothing. One parallel pass compiles faster than pip file by file.
ifneq ($(shell cmp -s requirements.lock $(LOCKED) && echo same),same)
.PHONY: $(LOCKED)
endif
$(LOCKED):
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found: install Python 3.11 or newer, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed and $(PYTHON) is $$($(PYTHON) -V 2>&1). Name a newer one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments: install python3-venv (Debian, Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@echo "Setting up $(VENV) from requirements.lock: about a minute and 0.7 GB, once ..."
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@# The lock file is complete; what it overrides (pyproject.toml, tool.uv) is not asked for again.
	@$(PIP) install --require-hashes --no-deps --no-compile -r requirements.lock
	@# olefile ships one file for Python 2, which does not compile.
	@$(BIN)/python -m compileall -q -j 0 -x 'olefile2\.py' $(VENV)/lib
	@cp requirements.lock $@

$(READY): $(LOCKED) pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# What a cluster needs comes on top, for whoever tests or measures it: the rest runs without.
$(CLUSTER): $(READY) requirements-dask.lock
	@echo "Adding Dask and object storage to $(VENV) from requirements-dask.lock ..."
	@$(PIP) install --require-hashes --no-deps -r requirements-dask.lock
	@touch $@

# Everything a user or a reviewer runs. Stamps in .make/ record what is up to date, so a second call starts in seconds.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Python 3.11 is the reference; the next best interpreter is taken where it is missing.
PYTHON ?= $(firstword $(foreach v,3.11 3.12 3.13 3.10,$(shell command -v python$(v) 2>/dev/null)) python3)
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .make
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONUNBUFFERED := 1

CORE_SOURCES := $(shell find extension/core -path '*/node_modules' -prune -o -path '*/lib' -prune -o -type f -print 2>/dev/null)
LAB_SOURCES := $(shell find extension/jupyterlab -path '*/node_modules' -prune -o -path '*/lib' -prune -o -type f -print 2>/dev/null)

.PHONY: help
help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# --- set-up ----------------------------------------------------------------------------------------------------------

$(BIN)/python:
	@echo "Creating the environment $(VENV) with $(PYTHON)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"

# On Python 3.11 all pins agree. Elsewhere NumPy 2 is needed, which MXNet's metadata refuses although the import shim
# makes it work, hence --no-deps; and where no MXNet wheel exists lookup and conversion still work (`diptych doctor`).
$(STAMPS)/python: pyproject.toml package.json | $(BIN)/python
	@mkdir -p $(STAMPS)
	@# pip would write the panel's data files through the link into the source tree, and find them there next time
	@rm -rf $(VENV)/share/jupyter/labextensions/diptych-jupyterlab py_backend/diptych/labextension/install.json
	@if $(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then \
	  $(BIN)/python -m pip install --quiet --group reference --group test -e .; \
	else \
	  $(BIN)/python -m pip install --quiet --group modern --group test -e .; \
	  $(BIN)/python -m pip install --quiet --no-deps mxnet==1.9.1 || echo "No MXNet for this platform: lookup and conversion work, runs do not."; \
	fi
	@touch $@

$(STAMPS)/npm: package.json package-lock.json extension/core/package.json extension/jupyterlab/package.json
	@mkdir -p $(STAMPS)
	npm ci --no-audit --no-fund
	@touch $@

$(STAMPS)/panel: $(STAMPS)/python $(STAMPS)/npm $(CORE_SOURCES) $(LAB_SOURCES)
	npm run build
	npm run install:dev
	@touch $@

$(STAMPS)/mnist: $(STAMPS)/python $(STAMPS)/npm
	@diptych doctor --fetch-mnist && touch $@ || echo "Without MNIST the runs will refuse to start; lookup and conversion work."

$(STAMPS)/browser: tests/ui/install_browser.sh
	@mkdir -p $(STAMPS)
	tests/ui/install_browser.sh
	@touch $@

.PHONY: setup
setup: $(STAMPS)/panel $(STAMPS)/mnist ## create .venv, install everything, build the panel, fetch MNIST

# --- what people run -------------------------------------------------------------------------------------------------

.PHONY: lab
lab: setup ## open JupyterLab with the article's notebook and the panel
	diptych lab

.PHONY: compare
compare: setup ## train the MLP in both frameworks in the terminal and print the table
	diptych compare

.PHONY: doctor
doctor: $(STAMPS)/python ## say what was found, what is missing and what mends it
	diptych doctor

# --- checks ----------------------------------------------------------------------------------------------------------

.PHONY: lint
lint: $(STAMPS)/python $(STAMPS)/npm ## ruff, eslint, prettier, import rules
	ruff check .
	ruff format --check .
	lint-imports
	npm run lint
	npm run format:check

.PHONY: types
types: $(STAMPS)/python $(STAMPS)/npm ## mypy strict and tsc
	mypy
	npm run typecheck

.PHONY: check
check: lint types ## the fast inner loop: lint, types, unit tests
	pytest -q -m "not frameworks and not slow"
	npm test

.PHONY: test
test: setup $(STAMPS)/browser lint types ## everything: lint, types, unit, integration and browser tests
	npm test
	npm run test:e2e
	pytest

.PHONY: prove
prove: $(STAMPS)/python $(STAMPS)/mnist ## execute every record's proof, write the proof table and count what it covers
	python -m diptych.checking.prove
	python -m diptych.checking.coverage

.PHONY: mutate
mutate: $(STAMPS)/python $(STAMPS)/mnist ## break records and see whether their proofs notice (SEED=, COUNT=)
	python -m diptych.checking.mutations --count $(or $(COUNT),1000) --seed $(or $(SEED),0)

.PHONY: unusual
unusual: $(STAMPS)/python $(STAMPS)/mnist ## run every record at unusual arrays, and write where its counterpart does not do
	python -m diptych.checking.unusual --write

.PHONY: cheat-sheet
cheat-sheet: $(STAMPS)/python ## write examples/cheat_sheet.html and .md from the records
	python -m diptych.cheat_sheet examples

.PHONY: fuzz
fuzz: $(STAMPS)/python ## convert and execute random programs in both directions (SEED=, PROGRAMS=)
	python tests/conversion/differential.py --programs $(or $(PROGRAMS),3000) --seed $(or $(SEED),0)

.PHONY: fuzz-text
fuzz-text: $(STAMPS)/python ## convert texts of every kind, executing none (SEED=, INPUTS=)
	python tests/conversion/fuzz_text.py --inputs $(or $(INPUTS),100000) --seed $(or $(SEED),0)

.PHONY: bench
bench: setup ## print the ratios of the benchmarks
	for file in benchmarks/*.py; do echo "== $$file"; python $$file; done

.PHONY: corpus
corpus: $(STAMPS)/python $(STAMPS)/mnist ## convert and execute documented examples and tutorials, in both directions
	python benchmarks/corpus

.PHONY: format
format: $(STAMPS)/python $(STAMPS)/npm ## format Python and TypeScript
	ruff check --fix .
	ruff format .
	npm run format

.PHONY: clean
clean: ## remove the environment and everything that was built
	rm -rf $(VENV) $(STAMPS) node_modules extension/*/node_modules extension/*/lib py_backend/diptych/labextension

# `make demo` shows the main job, `make test` checks the project; both set up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The versions that are installed with this version of Python, where there is such a file.
PINS := .ci/python$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])').txt
LOCK := $(wildcard $(PINS))
# Without bytecode every process of the tests would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-fast coverage lint bench docs lock setup clean

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml $(LOCK)
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15) and "embedkit needs Python 3.11 to 3.14: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable '.[dev]' $(addprefix --constraint ,$(LOCK))
	touch $@

demo: setup
	$(BIN)/python -m embedkit_corpora.demo

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# There is a worker a core: with threads of its own each would wait for the others.
test test-fast coverage: export OPENBLAS_NUM_THREADS = 1

test: lint
	$(BIN)/pytest --numprocesses auto --dist worksteal

test-fast: setup
	$(BIN)/pytest --numprocesses auto --dist worksteal -m "not slow and not tensorflow"

coverage: setup
	$(BIN)/pytest --numprocesses auto --dist worksteal --cov

bench: setup
	$(BIN)/python -m tests.benchmarks

# The site in build/docs: cells are executed, warnings are errors, links and anchors within it are checked.
docs: setup $(VENV)/.docs
	rm -rf build/docs
	$(BIN)/sphinx-build -q --nitpicky --fail-on-warning --keep-going docs build/docs
	$(BIN)/python docs/check_links.py build/docs

$(VENV)/.docs: $(VENV)/.ready
	$(BIN)/pip install --quiet --editable '.[docs]'
	touch $@

# After the tests have passed with what was installed without a lock.
lock:
	$(BIN)/python .ci/lock.py > lock.txt
	mv lock.txt $(PINS)

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*

# Everything is set up in .venv by what needs it, and stays there for the next time.
# PYTHON names another interpreter (3.11 or newer); ARGS goes to pytest. `make test-lowest` runs the tests on the
# lowest versions of the libraries that pyproject.toml states, `make test-newest` on the newest ones it allows.

VENV := .venv
PY := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
TESTABLE := $(VENV)/.testable
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
OLD_ENOUGH := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

# Tests wait as well as work: one more at a time than there are cores. Each worker costs some seconds to start.
WORKERS = $$($(PY) -c "import os; print((os.cpu_count() or 2) + 1)")

# The lowest versions that pyproject.toml states, in a virtual environment of their own.
LOWEST := .venv-lowest
LOWEST_PIP := $(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check

# The newest versions that it allows, looked for anew each time.
NEWEST := .venv-newest

.PHONY: install run test test-lowest test-newest check format conformance bench screenshots torture clean

install: $(INSTALLED)

run: $(INSTALLED)
	@$(VENV)/bin/userdesk

# Each process of a run would compile every test anew without them.
export PYTHONDONTWRITEBYTECODE :=

test: $(TESTABLE)
	$(PY) -m pytest -q -n $(WORKERS) --dist=worksteal -m "not torture and not benchmark" $(ARGS)

test-lowest: $(LOWEST)/.testable
	$(LOWEST)/bin/python -m pytest -q -n $(WORKERS) --dist=worksteal -m "not torture and not benchmark" $(ARGS)

test-newest: | $(PY)
	@[ -d $(NEWEST) ] || $(PY) -m venv $(NEWEST)
	$(NEWEST)/bin/python -m pip install --quiet --disable-pip-version-check \
	    --upgrade --upgrade-strategy eager --editable '.[test]'
	$(NEWEST)/bin/python -m pytest -q -n $(WORKERS) --dist=worksteal -m "not torture and not benchmark" $(ARGS)

check: $(TESTABLE)
	$(VENV)/bin/ruff format --check app tests docs
	$(VENV)/bin/ruff check app tests docs
	$(VENV)/bin/mypy
	$(PY) -m pytest -q tests/unit/test_layers.py

format: $(TESTABLE)
	$(VENV)/bin/ruff format app tests docs
	$(VENV)/bin/ruff check --fix app tests docs

conformance: $(TESTABLE)
	PYTHONPATH=tests $(PY) -m conformance $(ARGS)

bench: $(TESTABLE)
	$(PY) -m pytest -q -s -m benchmark tests/benchmarks $(ARGS)

torture: $(TESTABLE)
	$(PY) -m pytest -q -m torture $(ARGS)

screenshots: $(TESTABLE)
	$(PY) screenshots/take.py
	$(PY) screenshots/take_moving.py
	$(PY) screenshots/take_check.py
	$(PY) screenshots/take_xterm.py
	$(PY) screenshots/take_browser.py

clean:
	rm -rf $(VENV) $(LOWEST) $(NEWEST) build dist .mypy_cache .pytest_cache .ruff_cache

$(PY):
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14 python; do \
	    if $$python -c '$(OLD_ENOUGH)' >/dev/null 2>&1; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "userdesk needs Python 3.11 or newer with its venv module; name one with: make PYTHON=…" >&2; exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$($$found --version)" >&2; \
	$$found -m venv $(VENV)

$(INSTALLED): pyproject.toml constraints.txt | $(PY)
	$(PIP) --editable .
	@touch $@

$(TESTABLE): $(INSTALLED)
	$(PIP) --editable '.[test]'
	@# The CommonMark specification's examples come along with the source archive of markdown-it-py.
	@$(PY) -m pip download --quiet --disable-pip-version-check --no-deps --no-binary markdown-it-py \
	    --dest $(VENV)/spec markdown-it-py==4.3.0 || echo "without the specification's examples" >&2
	@touch $@

$(LOWEST)/.testable: pyproject.toml | $(PY)
	$(PY) -m venv --clear $(LOWEST)
	$(LOWEST_PIP) uv
	$(LOWEST)/bin/uv pip compile --quiet --resolution lowest-direct --extra test pyproject.toml \
	    --output-file $(LOWEST)/lowest.txt
	$(LOWEST_PIP) --requirement $(LOWEST)/lowest.txt
	$(LOWEST_PIP) --no-deps --editable .
	@touch $@

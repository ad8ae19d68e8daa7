# Each target installs what it needs into .venv first; nothing outside the folder is touched but Debian packages for `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
WORKERS ?= 2
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: demo test test-training check icu postgres chromium screenshots bench train clean

demo: $(VENV)/installed
	$(BIN)/sayso demo

test: $(VENV)/dev check postgres chromium
	$(BIN)/python -m pytest -n $(WORKERS)

check: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# The ledger is tested on a real PostgreSQL, started by the tests; Debian's packages have it.
postgres:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || \
	  { $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y postgresql >/dev/null; }

# The readers that exports are tested with want ICU, which Debian has and the package index has as source only.
icu:
	@pkg-config --exists icu-i18n 2>/dev/null || \
	  { $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y g++ libicu-dev pkg-config >/dev/null; }

# The desk is tested in a real browser; Debian's packages have it, so that none is fetched from elsewhere.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	  { $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null; }

screenshots: $(VENV)/dev chromium
	$(BIN)/python tools/make_screenshots.py

bench: $(VENV)/dev
	$(BIN)/python -m evaluation --shared $(SHARED)

# Apart from `make test`, for it needs PyTorch.
test-training: $(VENV)/dev $(VENV)/training
	$(BIN)/python -m pytest training/tests

train: $(VENV)/training
	$(BIN)/python -m training --shared $(SHARED)

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/dev: $(VENV)/installed | icu
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

$(VENV)/training: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[training]'
	touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

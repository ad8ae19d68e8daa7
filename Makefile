# Each target installs what it needs into .venv first; nothing outside the folder is touched but Debian packages for `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
NUMBERS ?= 2

.PHONY: demo test check bench train clean

demo: $(VENV)/installed
	$(BIN)/sayso demo

test: $(VENV)/dev check
	$(BIN)/python -m pytest -n $(NUMBERS)

check: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/dev
	$(BIN)/python -m evaluation --shared $(SHARED)

train: $(VENV)/training
	$(BIN)/python -m training --shared $(SHARED)

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

$(VENV)/training: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[training]'
	touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

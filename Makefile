# `make` lists the targets. `make demo` and `make test` work from a fresh checkout: they build .venv first.

PYTHON  ?= python3
WORKERS ?= 2
EXTRAS  ?= dev
VENV    := .venv
BIN     := $(VENV)/bin
# Built by the last step of the installation, so that an interrupted one starts again.
READY   := $(VENV)/.ready
DEMO    := $(CURDIR)/.demo

.DEFAULT_GOAL := help
.PHONY: help install demo test lint format serve bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

install: $(READY) ## Create .venv with the pinned versions

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo 'xianli needs Python 3.11 or newer as "$(PYTHON)". Another one can be named: make PYTHON=python3.12 …' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
	    echo '$(PYTHON) cannot create virtual environments. On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	@$(BIN)/python -c '' 2> /dev/null || $(PYTHON) -m venv --clear $(VENV)
	@echo 'Installing xianli and its dependencies into $(VENV) …'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[$(EXTRAS)]'
	@touch $@

demo: export XIANLI_DATA := $(DEMO)
demo: export XIANLI_INDEX := $(DEMO)/index
demo: $(READY) ## Index the samples into .demo and search them
	@if ! command -v mvn > /dev/null; then \
	    echo 'Search is lexical only: the embedding model is fetched with Maven, and there is no mvn on PATH.'; \
	elif ! $(BIN)/xianli model fetch; then \
	    echo 'Search is lexical only: the embedding model could not be fetched, for the reason above.'; \
	fi
	@echo '$(BIN)/xianli index corpus/samples'
	@$(BIN)/xianli index corpus/samples || { status=$$?; test $$status -eq 1 && \
	    echo 'Exit code 1: not every file could be indexed, as said above. One sample has no items on purpose.'; }
	$(BIN)/xianli search '行政执法案卷评查' --top 3
	$(BIN)/xianli search '法治政府建设' --unit 司法局 --role lead --top 3
	$(BIN)/xianli search '让老百姓办事少跑腿' --top 3
	$(BIN)/xianli similar --text '全面推行行政执法公示制度、执法全过程记录制度、重大执法决定法制审核制度。' --top 3

test: $(READY) ## Run the whole test suite; skipped tests print why
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

lint: $(READY) ## Check format, lint, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(READY) ## Format the code and apply safe fixes
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

serve: $(READY) ## Serve the API and the search page
	$(BIN)/xianli serve $(ARGS)

bench: $(READY) ## Run the benchmarks that need nothing but the samples; each prints its table
	@for benchmark in parsing reading confidence analysis embedded_index; do \
	    echo "== $$benchmark"; $(BIN)/python -m benchmarks.$$benchmark || exit 1; \
	done

clean: ## Remove .venv, .demo, caches and built files
	rm -rf $(VENV) $(DEMO) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Everything is explained by `make help`. The work is done by the scripts in .ci/.
PYTHON ?= python3
PORT ?= 8000
DATA_DIR ?= var
DEMO ?= 1
export PORT DATA_DIR DEMO

.DEFAULT_GOAL := help
.PHONY: help python run setup test check bench screenshots lock clean

help: ## Show this list
	@echo "Usage: make TARGET [PORT=8000] [DATA_DIR=var] [DEMO=0] [ARGS='-k name'] [ONLY=prefix]"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1 \2/p' Makefile | while read name text; do \
		printf '  %-12s %s\n' "$$name" "$$text"; done

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"*** Python 3.11 or newer is needed; name it with PYTHON=python3.12 behind make.")'

run: python ## Set up and serve with the embedded parts; PORT, DATA_DIR, DEMO=0
	@$(PYTHON) .ci/start.py

setup: python ## Install everything that running and testing need
	@$(PYTHON) .ci/setup.py test

test: setup ## Run all tests, on SQLite and on PostgreSQL with Redis; ARGS="-k name"
	@.venv/bin/python .ci/test.py $(ARGS)

check: python ## Run everything that must hold before a change is taken: lint, types, tests
	@.ci/run

bench: python ## Measure; prints BENCH lines and writes bench.json; ONLY=prefix
	@$(PYTHON) .ci/setup.py run
	@.venv/bin/python -m tests.bench $(if $(ONLY),--only "$(ONLY)")

screenshots: setup ## Make the pictures of the README anew
	@.venv/bin/python -m tests.screenshots

lock: setup ## Write the lock files anew from pyproject.toml and package.json
	@.ci/lock

clean: ## Remove what was installed and built; the data in DATA_DIR stay
	@rm -rf .venv node_modules build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

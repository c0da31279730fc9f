# Everything a person does here begins with `make`; `make help` lists it.
# A fresh machine needs python3 (3.11 or later) and make; the rest is brought into .venv and .tools.

PYTHON ?= python3
UV := .venv/bin/uv
READY := .venv/.ready

# What a person may have set in their own shell must not lead uv or pip to another environment.
unexport VIRTUAL_ENV PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup run lint test bench screens soak lock messages docs regions clean real-parts

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## Bring the libraries and the `hub` command into .venv

run: $(READY) ## Run the whole hub at http://127.0.0.1:8000 (HUB_PORT, HUB_DATA_DIR)
	@exec .venv/bin/hub run

lint: $(READY) ## Check style, types and who may import whom
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy --strict events services hub tests
	.venv/bin/lint-imports

test: real-parts lint ## Bring Kafka, PostgreSQL and Chromium, then lint and run every test
	.venv/bin/pytest -n auto --maxprocesses=4 --dist=loadgroup --no-loadscope-reorder

bench: real-parts ## Measure all against floors and write docs/benchmarks.md (ARGS="NAME --json" for one)
	@.venv/bin/python -m tests.benchmarks $(if $(ARGS),$(ARGS),--write)

screens: real-parts ## Take pictures of all pages into screens/ (ARGS="--only events --width 360")
	@.venv/bin/python -m tests.browser.screens $(ARGS)

soak: real-parts ## Run the long fault tests whole
	.venv/bin/pytest -q tests/faults --soak

lock: $(READY) ## Write requirements.lock from pyproject.toml (ARGS=--upgrade for newer versions)
	$(UV) pip compile -q --no-header --no-annotate --group pyproject.toml:dev \
		pyproject.toml --generate-hashes --python-version 3.11 --universal \
		--no-emit-index-url --no-emit-find-links -o requirements.lock $(ARGS)

messages: $(READY) ## Bring the catalogues of all languages in step with the code
	@.venv/bin/python -m tests.language.messages

docs: $(READY) ## Write docs/events.md and docs/asyncapi.json from the catalogue
	@.venv/bin/python -m events docs/

regions: $(READY) ## Write services/kit/places/nuts.tsv from Eurostat's lists
	@.venv/bin/python -m tests.kit.nuts

vocabulary: $(READY) ## Rebuild the MeSH headings from a wheel of them (ARGS=PATH)
	@.venv/bin/python -m tests.membership.mesh $(ARGS)

clean: ## Remove what make has brought and cached (data/ stays)
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf .schemathesis screens *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

real-parts: $(READY)
	@.venv/bin/python -m tests.real.setup

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@test -x $(UV) || .venv/bin/python -m pip install --quiet uv
	@$(UV) pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python .venv/bin/python --no-deps --editable .
	@touch $@

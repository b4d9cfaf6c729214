# The project's commands. `make run` and `make test` need nothing done before them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PY := .venv/bin/python
UV := .venv/bin/uv
NODE_BIN := $(shell command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 && dirname "$$(command -v node)" || echo $(CURDIR)/.venv/bin)
PORT ?= 8000
export PYTHONWARNINGS ?= ignore
# Compiled modules are kept, whatever the environment says: each process starts a second sooner.
unexport PYTHONDONTWRITEBYTECODE

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: .venv/.base build/static/.built ## everything the site needs, and nothing else

.venv/.base: requirements/setup.txt requirements/base.txt pyproject.toml
	@command -v python3 >/dev/null || { echo "Python 3.11 or newer is missing: install python3 and python3-venv."; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$(python3 --version)."; exit 1; }
	@test -x $(PY) || python3 -m venv .venv || { echo "python3 cannot make a virtual environment: install python3-venv."; exit 1; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/setup.txt
	@$(UV) pip install --quiet --require-hashes -r requirements/setup.txt -r requirements/base.txt
	@$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.base requirements/dev.txt
	@$(UV) pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.bench: .venv/.dev requirements/bench.txt
	@$(UV) pip install --quiet --require-hashes -r requirements/bench.txt
	@touch $@

.venv/.node: .venv/.base requirements/node.txt
	@command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || $(UV) pip install --quiet --require-hashes -r requirements/node.txt
	@touch $@

node_modules/.installed: .venv/.node package-lock.json
	@PATH="$(NODE_BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --silent || { echo "npm could not install the front-end packages; see the message above."; exit 1; }
	@touch $@

build/static/.built: node_modules/.installed $(shell find src/shifan/site/assets src/shifan/site/build.mjs src/shifan/site/locale -type f 2>/dev/null)
	@PATH="$(NODE_BIN):$$PATH" node src/shifan/site/build.mjs
	@$(PY) -m babel.messages.frontend --quiet compile -D django -d src/shifan/site/locale --statistics >/dev/null
	@DJANGO_SETTINGS_MODULE=shifan.site.settings $(PY) -m django collectstatic --noinput --clear -v 0
	@touch $@

.venv/.browser: .venv/.dev
	@command -v chromium-headless-shell >/dev/null 2>&1 && fc-list 2>/dev/null | grep -qi cjk || sh tools/browser.sh
	@touch $@

run: setup ## serve the site with a demo on http://127.0.0.1:8000 (PORT=…)
	@SHIFAN_DEMO=1 exec .venv/bin/shifan serve --port $(PORT)

test: .venv/.base ## install what tests need and run them all
	@$(MAKE) --no-print-directory --jobs=2 ready checks
	@$(PY) -m pytest

ready: setup .venv/.dev .venv/.browser

checks: .venv/.dev
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/mypy & types=$$!; $(PY) -m sphinx -q -W -b html docs docs/_build; wait $$types
	@.venv/bin/lint-imports --no-logo 2>/dev/null || .venv/bin/lint-imports

soak: setup .venv/.dev .venv/.browser ## the slow forms of the tests (NAME=… for one)
	@SHIFAN_SOAK=1 SHIFAN_CASES=1000000 SHIFAN_WALKS=20 $(PY) -m pytest -n0 -s tests/oracles tests/surveys/test_soak.py tests/proceedings/test_walks.py tests/matrix/test_hostile.py -k "$(NAME)"

bench: setup .venv/.bench ## measure the figures of the goals (NAME=… for one)
	@$(PY) -m bench.run $(NAME)

screenshots: setup .venv/.browser ## make the pictures of README and docs anew
	@$(PY) -m tools.screenshots
	@SHIFAN_PICTURES=docs/pictures $(PY) -m pytest -q -n0 tests/e2e/test_geopark.py tests/e2e/test_office.py -k "whole or office"

messages: setup .venv/.dev ## bring the Chinese catalogue in step with the sentences in use
	@$(PY) -m tools.messages

pins: .venv/.base ## write requirements/*.txt anew from their sources
	@$(UV) pip compile -q --generate-hashes --no-header pyproject.toml -o requirements/base.txt
	@for name in setup node dev bench; do $(UV) pip compile -q --generate-hashes --no-header requirements/$$name.in -o requirements/$$name.txt; done

.PHONY: help setup run test ready checks soak bench screenshots messages pins

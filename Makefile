# The house's commands. `make help` lists them; deploy/setup.py does the installing.

PY := .venv/bin/python
PYTEST := $(PY) -m pytest -n 2 --dist worksteal
ARGS ?=
MAKEFLAGS += --no-print-directory
export PYTHONUTF8 := 1
.DEFAULT_GOAL := help

.PHONY: help run setup setup-dev demo test test-unit test-postgres check check-python check-templates \
	check-browser check-migrations audit bench lock translations

# Runs deploy/setup.py with the first Python here that is new enough.
define install
for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		exec $$python deploy/setup.py $(1); fi; done; \
echo "Python 3.11 or newer is missing (Debian and Ubuntu: apt install python3 python3-venv)." >&2; exit 1
endef

help: ## List these commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-22s %s\n", $$1, $$2 }'

run: setup ## Install what is needed and start Dialog with the demo municipality (HOST, PORT)
	@exec $(PY) -m dialog.cli.run

setup: ## Install only
	@$(call install)

setup-dev:
	@$(call install,--dev)

demo: setup ## Load the demo municipality into the database of DATABASE_URL
	@.venv/bin/flask demo

test: setup-dev ## Run the whole suite on SQLite, in real Chromium too (ARGS="-k words")
	@$(PYTEST) $(ARGS)

test-unit: setup-dev ## Run what starts no server and no browser, for while one works
	@$(PYTEST) -m unit $(ARGS)

test-postgres: setup-dev ## Run what needs a database on a PostgreSQL that it starts itself
	@TEST_DATABASE=postgres $(PYTEST) $(ARGS)

check: setup-dev check-python check-templates check-browser check-migrations ## Linters, types, import contracts, migrations

check-python:
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m mypy
	@.venv/bin/lint-imports

check-templates:
	@if [ -d templates ]; then .venv/bin/djlint --lint --quiet templates; fi

check-browser:
	@export PATH="$(CURDIR)/.venv/bin:$$PATH"; \
	node node_modules/eslint/bin/eslint.js --max-warnings 0 --no-error-on-unmatched-pattern static/js && \
	node node_modules/stylelint/bin/stylelint.mjs --allow-empty-input "static/css/**/*.css"

check-migrations:
	@$(PY) deploy/check_migrations.py

audit: setup-dev ## Known vulnerabilities in the locked packages (needs the network)
	@.venv/bin/pip-audit --require-hashes --disable-pip -r requirements.lock

bench: setup-dev ## Measure: how many requests, how fast, how live
	@$(PY) -m bench $(ARGS)

translations: setup-dev ## Gather the words of the code into the catalogues
	@.venv/bin/pybabel extract -F babel.cfg -k lazy_gettext -k lazy_ngettext:1,2 -k _l -k N_ --no-location --sort-output --project Dialog -o dialog/translations/messages.pot .
	@.venv/bin/pybabel update -i dialog/translations/messages.pot -d dialog/translations --no-fuzzy-matching --ignore-obsolete

lock: setup-dev ## Lock the newest packages that the requirements and package.json allow
	@deploy/lock.sh

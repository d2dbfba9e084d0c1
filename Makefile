# The project's commands. `make help` lists them; `make serve` runs the site, `make test` checks it.

VENV := .venv
PYTHON := $(VENV)/bin/python
MANAGE := $(PYTHON) manage.py
PYTEST := $(PYTHON) -m pytest
# Processes that run tests side by side.
WORKERS ?= auto
PARALLEL := -n $(WORKERS) --dist worksteal

RUNTIME := $(VENV)/installed-runtime
TOOLS := $(VENV)/installed-tools
# The checks never see the developer's database or settings.
CLEAN_ENVIRONMENT := env -u DATABASE_URL -u HOST -u PORT -u DJANGO_SETTINGS_MODULE
TEST_MANAGE := $(CLEAN_ENVIRONMENT) DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help serve dev admin install install-tools prepare test format lint types migrations-check \
	translations-check translations test-sqlite test-postgresql test-browser test-browser-postgresql \
	pins clean

help: ## list these commands
	@echo "make <command>, where <command> is one of:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-24s %s\n", $$1, $$2 }' Makefile
	@echo "Settings are environment variables (HOST, PORT, DATABASE_URL, REFORMS_...): see README.md."

# --- Installing ---

$(PYTHON):
	@chosen=; \
	for candidate in "$$PYTHON_FOR_VENV" python3 python3.14 python3.13 python3.12 python3.11; do \
		if [ -n "$$candidate" ] && command -v "$$candidate" >/dev/null 2>&1 \
			&& "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then chosen=$$candidate; break; fi; \
	done; \
	if [ -z "$$chosen" ]; then \
		echo "Python 3.11 or newer is needed and was not found: install it, or set PYTHON_FOR_VENV to its path." >&2; exit 1; \
	fi; \
	if ! "$$chosen" -c 'import venv, ensurepip' 2>/dev/null; then \
		echo "$$chosen lacks the venv module: install it (Debian and Ubuntu: apt-get install python3-venv)." >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$($$chosen --version) ..."; \
	"$$chosen" -m venv --clear $(VENV)

$(RUNTIME): requirements/runtime.txt | $(PYTHON)
	@echo "Installing what the site needs into $(VENV) ..."
	@$(PYTHON) -m pip install --quiet --require-hashes -r requirements/runtime.txt
	@touch $@

$(TOOLS): requirements/runtime.txt requirements/test.txt | $(PYTHON)
	@echo "Installing what the checks need into $(VENV) ..."
	@$(PYTHON) -m pip install --quiet --require-hashes -r requirements/test.txt
	@touch $(RUNTIME) $@

install: $(RUNTIME) ## make .venv with what the site needs
install-tools: $(TOOLS) ## make .venv with what the checks need, too

# --- Running ---

prepare: $(RUNTIME)
	@$(MANAGE) check_start
	@echo "Preparing the database ..."
	@$(MANAGE) migrate --noinput --verbosity 0
	@echo "Loading the catalog (what was edited here stays) ..."
	@report=$$($(MANAGE) load_catalog) && echo "$$report" | sed '/^ *created /d'
	@echo "Compiling translations ..."
	@$(MANAGE) compile_translations

serve: prepare ## run the site at http://127.0.0.1:8000 (HOST, PORT, DATABASE_URL are honoured)
	@echo "Building static files ..."
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@echo "Starting the server ..."
	@exec $(PYTHON) -m gunicorn

dev: export REFORMS_DEBUG := 1
dev: prepare ## run the site for development: reloads on change, shows errors
	@host=$${HOST:-127.0.0.1}; \
	case "$$host" in \[*) ;; *:*) host="[$$host]" ;; esac; \
	exec $(MANAGE) runserver "$$host:$${PORT:-8000}"

admin: $(RUNTIME) ## make an account that may do everything in /admin/
	@$(MANAGE) check_start --database-only
	@$(MANAGE) migrate --noinput --verbosity 0
	@$(MANAGE) create_admin

# --- Checking ---

test: ## run every check: what CI runs
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory types
	@$(MAKE) --no-print-directory migrations-check
	@$(MAKE) --no-print-directory translations-check
	@$(MAKE) --no-print-directory test-sqlite
	@$(MAKE) --no-print-directory test-postgresql
	@$(MAKE) --no-print-directory test-browser
	@$(MAKE) --no-print-directory test-browser-postgresql
	@echo "All checks passed."

lint: $(TOOLS) ## check formatting and style of Python and templates
	@echo "== Formatting and style"
	@$(PYTHON) -m ruff format --check --quiet --output-format concise . || { echo "Run: make format" >&2; exit 1; }
	@$(PYTHON) -m ruff check --quiet --output-format concise .
	@find templates reforms -name '*.html' -exec $(VENV)/bin/djade --target-version 5.2 --check {} +

types: $(TOOLS) ## check types
	@echo "== Types"
	@$(CLEAN_ENVIRONMENT) $(PYTHON) -m mypy

migrations-check: $(TOOLS) ## check that no migration is missing
	@echo "== Migrations"
	@$(TEST_MANAGE) makemigrations --check --dry-run
	@$(TEST_MANAGE) check --fail-level WARNING

translations-check: $(TOOLS) ## check that no translation is missing
	@echo "== Translations"
	@$(TEST_MANAGE) update_translations --check

test-sqlite: $(TOOLS) ## run the unit tests on SQLite
	@echo "== Tests on SQLite"
	@$(CLEAN_ENVIRONMENT) $(PYTEST) --ignore tests/browser $(PARALLEL)

test-postgresql: $(TOOLS) ## run the unit tests on a PostgreSQL server made for them
	@echo "== Tests on PostgreSQL"
	@$(CLEAN_ENVIRONMENT) $(PYTHON) -m tests.postgresql -- $(PYTEST) --ignore tests/browser $(PARALLEL)

test-browser: $(TOOLS) ## run the browser tests in Chromium, on SQLite
	@echo "== Tests in Chromium, on SQLite"
	@$(CLEAN_ENVIRONMENT) $(PYTHON) -m tests.chromium
	@$(CLEAN_ENVIRONMENT) $(PYTEST) tests/browser $(PARALLEL)

test-browser-postgresql: $(TOOLS)
	@echo "== Tests in Chromium, on PostgreSQL"
	@$(CLEAN_ENVIRONMENT) $(PYTHON) -m tests.postgresql -- $(PYTEST) tests/browser -m smoke

# --- Keeping ---

format: $(TOOLS) ## put Python and templates into the project's format
	@$(PYTHON) -m ruff format --quiet .
	@$(PYTHON) -m ruff check --quiet --fix .
	@find templates reforms -name '*.html' -exec $(VENV)/bin/djade --target-version 5.2 {} +

translations: $(TOOLS) ## bring locale/ in step with the strings in code and templates, list what is missing
	@$(TEST_MANAGE) update_translations
	@$(TEST_MANAGE) compile_translations

pins: ## pin the newest allowed versions in requirements/*.txt (needs uv)
	@for set in runtime test postgresql; do \
		uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate \
			--python-version 3.11 requirements/$$set.in --output-file requirements/$$set.txt || exit 1; \
	done

clean: ## remove what was built or installed, but not the data in var/
	rm -rf $(VENV) var/static var/mypy-cache var/pytest-cache .ruff_cache .hypothesis
	find catalog reforms tests -name __pycache__ -type d -exec rm -rf {} +
	find locale -name '*.mo' -delete

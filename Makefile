# Everything the project needs is asked for here. A fresh clone needs Python 3.11+, make and git only.

PORT ?= 8000
VAR_DIR ?= var
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 2

export PORT
export VAR_DIR

.PHONY: run test oracle timing check browser bench fix lock clean

run: .venv/.base ## the whole portal on http://localhost:$(PORT)
	@exec $(BIN)/python manage.py serve

test: .venv/.dev ## all but browser and timing; on DATABASE_URL and REDIS_URL when they are set
	$(BIN)/pytest -n $(JOBS) --dist worksteal -m "not browser and not timing" $(ARGS)

LIVES ?= 20000
oracle: .venv/.dev ## the lives of delegations led twice, by the portal and by the oracle: LIVES of them
	LIVES=$(LIVES) LIVES_PARTS=$(JOBS) $(BIN)/pytest -n $(JOBS) tests/delegations/test_life.py $(ARGS)

timing: .venv/.dev ## how long answers take; needs DATABASE_URL, REDIS_URL and a quiet machine
	$(BIN)/pytest -m timing $(ARGS)

check: .venv/.dev ## style, types, imports, migrations, templates, deployment
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python -m tests.deploy_check
	$(BIN)/mypy .

browser: .venv/.dev ## journeys in Chromium, with axe on every page
	$(BIN)/pytest -n $(JOBS) --dist loadfile -m browser $(ARGS)

bench: .venv/.bench ## what pages, sign-in, imports, letters and rights cost; needs PostgreSQL and Redis
	$(BIN)/python -m bench $(ARGS)

fix: .venv/.dev ## what style can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## requirements/*.in -> requirements/*.txt, versions and hashes
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile $(LOCK) requirements/base.in -o requirements/base.txt
	$(BIN)/uv pip compile $(LOCK) requirements/dev.in -o requirements/dev.txt
	$(BIN)/uv pip compile $(LOCK) requirements/bench.in -o requirements/bench.txt
LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links

.venv/.base: requirements/base.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed.')"
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.base
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.bench: requirements/bench.txt .venv/.base
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

clean: ## the environment and the embedded data
	rm -rf .venv var

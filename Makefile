# run, test, train, check, browsers and attack set up .venv by themselves; bench and mutants have environments
# of their own

.PHONY: run setup test check browser browsers train bench mutants attack requirements clean
.DEFAULT_GOAL := run

PORT := $(or $(strip $(PORT)),8000)

# The first Python that is new enough; `make PYTHON=…` chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

# Tests at a time: one more than the machine has cores, because many tests wait for the page.
TESTERS ?= $(shell $(PYTHON) -c 'import os; print(min((os.cpu_count() or 1) + 1, 8))')

BIN := .venv/bin
RUN := .venv/.run
DEV := .venv/.dev
JS := tests/js/node_modules/.package-lock.json
BENCH := .venv-bench/.bench
MUTANTS := .venv-mutants/.mutants
BENCH_BIN := .venv-bench/bin
# These variables make OpenBLAS choose kernels for an older processor; the peers do not use them.
OWN_KERNELS := env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE
# Node and npm are installed by requirements-dev.txt.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix tests/js
# One version of each package for every Python and system, with the hashes of all its files.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-annotate --no-emit-index-url --custom-compile-command \
	"make requirements" $(if $(UPGRADE),--upgrade)

run: $(RUN)  ## serve the page on this machine
	@HOST=127.0.0.1 PORT='$(PORT)' LOG_FORMAT='$(or $(LOG_FORMAT),none)' exec $(BIN)/python app/settings.py \
		$(BIN)/gunicorn "app.asgi:create_app()"

setup: $(RUN)  ## install only the packages that the page needs

test: check browser  ## every check and every test, with branch coverage
	$(BIN)/python -m pytest --cov -n $(TESTERS) --dist worksteal --ignore tests/browser
	$(BIN)/python -m pytest -n $(TESTERS) --dist worksteal tests/browser

check: $(DEV) $(JS)  ## style and types, of Python and of static/js
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@$(NPM) run --silent check

browser: $(DEV)  ## find a Chromium for the tests, or install one
	@$(BIN)/python -m tests.browser.chromium

browsers: $(DEV)  ## the page in Firefox and WebKit too, a minute each; installs them on Debian
	-@$(BIN)/python -m tests.engines.install
	$(BIN)/python -m pytest tests/engines/smoke_firefox.py tests/engines/smoke_webkit.py

train: $(DEV)  ## retrain the default network on EMNIST digits, downloaded once into data/
	$(BIN)/python train.py --workers 2 --replace

bench: $(BENCH)  ## compare with the peers: a table, benchmarks/results.json; QUICK=1 is short
	@$(BENCH_BIN)/python -m tests.browser.chromium
	@$(OWN_KERNELS) $(BENCH_BIN)/python -m benchmarks.run $(if $(QUICK),--quick)

mutants: $(DEV) $(MUTANTS)  ## mutation tests, survivors listed; ROOM=nn is one room of the table
	@.venv-mutants/bin/python -m tests.mutants.run $(ROOM)

attack: $(DEV)  ## attack the server on this machine, ten minutes; the table of docs/limits.md
	@$(BIN)/python -m tests.attack.run

requirements: $(DEV)  ## compile the .in files, with hashes; UPGRADE=1 takes the newest versions
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) requirements-rate-limit.in --output-file requirements-rate-limit.txt
	$(COMPILE) requirements-dev.in --output-file requirements-dev.txt
	$(COMPILE) requirements-mutants.in --output-file requirements-mutants.txt

clean:
	rm -rf .venv .venv-bench .venv-mutants tests/js/node_modules .coverage
	rm -rf .mypy_cache .pytest_cache .ruff_cache

.venv .venv-bench .venv-mutants:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found. \
	Install one, or name it: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $@ || { rm -rf $@; echo "Python's venv module is needed; \
	on Debian: apt-get install python3-venv"; exit 1; }

$(RUN): requirements.txt | .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt requirements.txt | .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(RUN)

$(JS): tests/js/package-lock.json $(DEV)
	$(NPM) ci --silent --ignore-scripts
	@touch $@

$(BENCH): requirements-bench.txt requirements-dev.txt requirements.txt | .venv-bench
	$(BENCH_BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BENCH_BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

$(MUTANTS): requirements-mutants.txt | .venv-mutants
	.venv-mutants/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

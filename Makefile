.PHONY: help run test lint e2e bench hostile screens messages lock

PYTHON_RUN = .venv/bin/python

help:            ## show the commands
	@grep -E '^[a-z0-9]+: .*##' Makefile | sed 's/: *##/:/'

run:             ## set up what is missing and serve the demo paper (PORT=8000)
	@tools/run.sh

test:            ## run the tests (DATABASE_URL for PostgreSQL)
	@tools/setup.sh test
	@.venv/bin/python -m pytest -n auto $(ARGS)

lint:            ## ruff, mypy, djade, migrations, translations
	@tools/setup.sh dev
	@tools/lint.sh

e2e:             ## browser tests in Chromium
	@tools/setup.sh dev
	@.venv/bin/python -m pytest tests_e2e $(ARGS)

bench:           ## run the benchmarks
	@tools/setup.sh test
	@$(PYTHON_RUN) tools/bench.py

hostile:         ## search for input that is slow to process (ARGS="page --tries 1000")
	@tools/setup.sh test
	@$(PYTHON_RUN) tools/hostile.py $(ARGS)
	@$(PYTHON_RUN) tools/hostile_requests.py
	@$(PYTHON_RUN) tools/hostile_fields.py

screens:         ## take screenshots for docs/screens (ARGS="reader desk-board")
	@tools/setup.sh dev
	@$(PYTHON_RUN) tools/screens.py $(ARGS)

messages:        ## collect and compile the translations (needs gettext)
	@tools/setup.sh dev
	@tools/messages.sh

lock:            ## pin the dependencies (needs uv)
	@tools/lock.sh

# One word per act. `make` alone lists them.

HOST ?= 127.0.0.1
PORT ?= 8000
# The interpreter .venv is made of; empty picks the first that works of python3.12, python3.11, python3.10, python3.
PYTHON ?=

export PYTHON

.PHONY: help run test check bench soak screenshot lock clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /make \1|/p' Makefile | awk -F'|' '{printf "%-12s %s\n", $$1, $$2}'

run: ## prepare if needed, then serve the page on http://$(HOST):$(PORT)
	@.ci/prepare app && exec .venv/bin/neural-playground serve --host "$(HOST)" --port "$(PORT)"

test: ## prepare if needed, then run all tests: Python, JavaScript, in a real browser
	@.ci/prepare dev && exec .ci/test

check: ## prepare if needed, then check format, lint, types, import contracts, duplicates; changes nothing
	@.ci/prepare dev && exec .ci/check

bench: ## run the benchmarks
	@if [ -f tests/bench/__main__.py ]; then .ci/prepare dev && exec .venv/bin/python -m tests.bench; \
	else echo "There are no benchmarks yet (tests/bench/__main__.py does not exist)." >&2; exit 1; fi

soak: ## measure what the server stands: streams, killed workers, bad clients; about 11 minutes, SOAK="--minutes 60" for longer
	@.ci/prepare dev && exec .venv/bin/python -m tests.soak $(SOAK)

screenshot: ## prepare if needed, then take the pictures of README and docs from the real page
	@.ci/prepare dev && NEURAL_PLAYGROUND_BROWSER="$$(.ci/browser)" .venv/bin/python -m tests.browser.screenshot docs/playground.png docs/screenshots

lock: ## renew .ci/*constraints.txt and static/package-lock.json: the newest versions the ranges allow
	@.ci/prepare dev && exec .ci/lock

clean: ## remove what set-up, builds and tests made
	rm -rf .venv build dist static/node_modules static/vendor .pytest_cache .mypy_cache .ruff_cache \
	  .import_linter_cache .hypothesis
	find server converter tests .ci -name __pycache__ -type d -prune -exec rm -rf {} +

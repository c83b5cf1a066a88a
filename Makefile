# `make` alone prints what there is. Everything is set up in .venv; nothing is installed elsewhere.
PYTHON = python3
DATA =
LESSON =
OUT = results
ADVANCED =
RUN = .venv/bin/python -m analysis

# A reader's settings are taken as they are written and reach the shell as variables: neither make nor the shell runs
# what stands in them, such as `touch it` or $(shell touch it).
override DATA := $(value DATA)
override LESSON := $(value LESSON)
override OUT := $(value OUT)
override ADVANCED := $(value ADVANCED)
export DATA LESSON OUT

.DEFAULT_GOAL := help
.PHONY: help setup run test lab lint format lock picture clean

help:  ## print this list
	@echo "make <target>, where <target> is one of"
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-9s %s\n", $$1, $$2}' Makefile
	@echo "Settings: DATA=file (run)  LESSON=03 (run)  OUT=folder (run)  ADVANCED=1 (run)  PYTHON=python3.13 (the set-up)"

setup: .venv/ready  ## set up .venv with the locked dependencies and the package

run: .venv/ready  ## run the lessons on the shipped data, or DATA=file, into results/
	@$(RUN) run $(if $(DATA),--data="$$DATA") $(if $(LESSON),--lesson="$$LESSON") $(if $(ADVANCED),--advanced) --out="$$OUT"

test: .venv/ready  ## run all tests
	@$(RUN) test

lab: .venv/ready  ## open the lessons in JupyterLab
	@$(RUN) lab

lint: .venv/ready  ## check the style of code and notebooks
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

format: .venv/ready  ## mend the style of code and notebooks
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .

lock: .venv/ready  ## renew requirements.lock from pyproject.toml
	@.venv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --extra dev pyproject.toml -o requirements.lock
	@echo "requirements.lock is renewed; run make test before you commit it"

picture: .venv/ready  ## draw the README's picture again
	@$(RUN) picture

clean:  ## remove .venv, results and caches
	@rm -rf .venv results .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp is written last, so that a set-up that broke off is taken up again.
.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Python 3.11 or newer is needed, {sys.executable} is {sys.version.split()[0]}: make setup PYTHON=python3.13, say")'
	@echo "Setting up .venv (once) ..."
	@$(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check uv
	@.venv/bin/uv pip sync --quiet --require-hashes --compile-bytecode --python .venv requirements.lock
	@.venv/bin/uv pip install --quiet --no-deps --no-build-isolation --python .venv --editable .
	@touch .venv/ready

# Needs Python 3.11 or newer and make; everything else is installed into .venv.
#
#   make run        install, build the demo project, serve it on http://127.0.0.1:8000
#                   (DEMO_ONLY=1 stops before serving)
#   make test       everything CI runs (REQUIRE_ALL=1: nothing may be left out)
#   make lint       the static checks of `make test` alone
#   make bench      the benchmark suite with its ratios
#   make messages   update and compile the translations (needs gettext)
#   make lock       resolve requirements*.in again into requirements*.txt
#   make clean      remove what can be rebuilt; the data in var/ stay

PYTHON ?= $(shell command -v python3.11 || command -v python3 || command -v python)
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: run test lint bench messages lock clean
.DELETE_ON_ERROR:

run: $(VENV)/runtime.stamp
	$(PY) manage.py demo
ifneq ($(DEMO_ONLY),1)
	$(PY) manage.py serve
endif

test: $(VENV)/dev.stamp
	$(PY) tools/check.py

lint: $(VENV)/dev.stamp
	$(PY) tools/check.py --static

bench: $(VENV)/runtime.stamp
	$(PY) -m bench

messages: $(VENV)/runtime.stamp
	$(PY) tools/messages.py update

# The old pins count as preferences: only what a changed bound asks for moves.
# `make lock UPGRADE=--upgrade` takes the newest of everything.
lock: $(VENV)/dev.stamp
	$(PY) tools/lock.py $(UPGRADE)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# tools/environment.py writes the stamp last, so an interrupted install is redone.
$(VENV)/runtime.stamp: requirements.txt
	$(PYTHON) tools/environment.py $(VENV) requirements.txt $@

# The development file holds the runtime pins too: one install serves both.
$(VENV)/dev.stamp: requirements-dev.txt requirements.txt
	$(PYTHON) tools/environment.py $(VENV) requirements-dev.txt $@ $(VENV)/runtime.stamp

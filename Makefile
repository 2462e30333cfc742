# What people type. `make build` on a fresh clone needs python3 (3.11 or later), make and the package index.
PYTHON ?= python3
VENV := .venv
LINT := .venv-lint
AUDIT := .venv-audit
BIN := $(VENV)/bin
# Parallel workers of the tests; the pipeline tests each run a build.
WORKERS ?= 2

.PHONY: build test test-browser test-network setup-spark test-spark check bench-quality bench-site bench-mapping bench bench-collecting bench-reliability messages metrics notebook lock licences sbom audit coverage mutation sample picture clean help

help:
	@echo "make build   environment, dbt build, the site; prints where it is"
	@echo "make test    environment and every test that needs only pip"
	@echo "make test-browser  the site in headless Chromium: requests, policy, accessibility, map, print (TRIBU_BROWSER_SITE=DIR takes a built one)"
	@echo "make test-network  a real Bluesky network on this machine, collected and built (npm, and PostgreSQL and Redis or apt-get; says what is missing)"
	@echo "make setup-spark  adds Spark to the environment (Java 17 is yours to have); make test-spark builds on both engines and compares"
	@echo "make check   what CI checks before the tests: style, types, imports, layers"
	@echo "make bench-quality  how well the clusters recover known answers and keep their members, beside the obvious notebook"
	@echo "make bench   Tribu's build beside the obvious notebook and a bare scan of the same files: time, memory, rows a second (SIZES, FULL=1)"
	@echo "make bench-site  a million influencers: bytes of the pages against their budgets, time and memory"
	@echo "make bench-mapping  how many columns a drafted mapping maps as the shipped one does, file by file"
	@echo "make bench-collecting  what collecting asks, gets and keeps from the servers of the tests, and what kill -9 leaves"
	@echo "make bench-reliability  kill -9 of every command, 210 times at random moments, and what is left; takes an hour or two"
	@echo "make messages  brings the French messages up to date with templates and code, and names what is left to translate"
	@echo "make metrics  writes docs/metrics.md and its French from the definitions of the metrics"
	@echo "make notebook  opens the notebook that explores the marts (needs JupyterLab; says how to get it)"
	@echo "make licences  writes docs/licences.md anew; make sbom  a bill of materials (CycloneDX) of the environment in target/sbom.json"
	@echo "make audit   asks the package index for known vulnerabilities of every locked version"
	@echo "make coverage  which lines of each package the unit tests run; make mutation  how many small changes of tribu.cluster they notice (an hour)"
	@echo "make lock    resolves the locked requirements anew (needs uv)"
	@echo "make sample  makes the synthetic sample anew"
	@echo "make picture makes the pictures of the README anew (needs Chromium)"
	@echo "make clean   removes environments and everything built; landing stays"

# The stamp carries the installation: nothing is installed twice, and a changed lock is installed anew.
$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if v >= (3, 11) else "expected Python 3.11 or later; got %d.%d; remedy: make build PYTHON=python3.12" % v)'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index --editable .
	@touch $@

# Lint tools have an environment of their own, for their pins and ours differ.
$(LINT)/.installed: requirements-lint.lock
	$(PYTHON) -m venv --clear $(LINT)
	$(LINT)/bin/python -m pip install --quiet --require-hashes --requirement requirements-lint.lock
	@touch $@

# What looks at the dependencies from outside has one too: of its sixty packages a build needs none.
$(AUDIT)/.installed: requirements-audit.lock
	$(PYTHON) -m venv --clear $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet --require-hashes --requirement requirements-audit.lock
	@touch $@

build: $(VENV)/.installed
	@$(BIN)/dbt build
	@echo "site: $(abspath $(or $(TRIBU_SITE),reports/site))/index.html"

# By file: the tests of one share builds, and those of a history follow on each other. In the order of tests/conftest.py, long files first.
test: $(VENV)/.vendors
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder --durations 25

# What the networks publish of their interfaces, 130 MB: for the servers of the tests, not for a build.
$(VENV)/.vendors: $(VENV)/.installed requirements-vendors.lock
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-vendors.lock
	@touch $@

# Chromium comes from the system: Playwright's own download is another browser than people have, and needs another host.
$(VENV)/.browser: $(VENV)/.installed requirements-browser.lock
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update --quiet && apt-get install --quiet --yes --no-install-recommends chromium; \
		else echo "expected Chromium; got none on the path; remedy: install it (apt-get install chromium) or name it in CHROMIUM" >&2; exit 1; fi; }
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-browser.lock
	@touch $@

test-browser: $(VENV)/.browser
	$(BIN)/python -m pytest tests/browser

# What the network needs goes into target/network (from npm, as the lock pins it) and into a folder that is removed (PostgreSQL and Redis,
# where the system has none); nothing is installed into the system.
test-network: $(VENV)/.vendors
	$(BIN)/python -m pytest -rs tests/real_network

# pyspark comes as source and builds its wheel with the setuptools that the lock has: nothing is fetched without a hash.
$(VENV)/.spark: $(VENV)/.installed requirements-spark.lock
	$(BIN)/python -m pip install --quiet --require-hashes --no-build-isolation --requirement requirements-spark.lock
	@touch $@

setup-spark: $(VENV)/.spark

# SIZES: numbers of influencers to build beside the sample. CLUSTER=1: on a cluster of one master and two workers on this machine instead of
# a session. AGAIN=1: each twice, the second time with a fit of its own.
SIZES ?=
test-spark: $(VENV)/.spark
	$(BIN)/python -m pytest --quiet tests/unit/spark tests/spark tests/pipeline/test_engine_macros.py
	@$(BIN)/python -m benchmarks.scaling 0 $(SIZES) $(if $(CLUSTER),--cluster) $(if $(AGAIN),--again)

check: $(VENV)/.installed $(LINT)/.installed
	$(LINT)/bin/ruff check
	$(LINT)/bin/ruff format --check
	$(LINT)/bin/mypy --python-executable $(BIN)/python
	PYTHONPATH=src $(LINT)/bin/lint-imports --no-cache
	$(LINT)/bin/sqlfluff lint --processes $(WORKERS) dbt_project tests/dbt
	$(LINT)/bin/zizmor --offline --no-progress --quiet .github/workflows
	@$(BIN)/python -m tests.licences $(LINT)/bin/pip-licenses
	$(BIN)/python -m pytest --quiet -m layering $$(grep --files-with-matches 'mark[.]layering' tests/pipeline/*.py)

licences: $(VENV)/.installed $(LINT)/.installed
	@$(BIN)/python -m tests.licences $(LINT)/bin/pip-licenses --write

# Reproducible: no clock and no serial number in it, so that two of one lock are the same file.
sbom: $(VENV)/.installed $(AUDIT)/.installed
	@mkdir -p target
	@$(AUDIT)/bin/cyclonedx-py environment $(BIN)/python --pyproject pyproject.toml --output-reproducible --output-file target/sbom.json
	@echo "bill of materials: $(abspath target/sbom.json)"

# Strict, for a package that the advisories do not know is no package without advisories; and lock by lock, for they differ in versions.
audit: $(AUDIT)/.installed
	@set -e; for lock in requirements*.lock; do echo "$$lock"; \
		$(AUDIT)/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off --requirement $$lock; done

$(VENV)/.measuring: $(VENV)/.installed requirements-measuring.lock
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-measuring.lock
	@touch $@

# PATHS: fewer tests.
PATHS ?= tests/unit
coverage: $(VENV)/.measuring $(VENV)/.vendors
	$(BIN)/python -m pytest --quiet --cov=tribu --cov-report= $(PATHS)
	@$(BIN)/python -m tests.coverage_by_package

# In a copy, `mutants/`, which git ignores. A run that is cut off goes on where it was; MODULES="tribu.cluster.rules*" tries some of them.
MODULES ?=
mutation: $(VENV)/.measuring
	$(BIN)/mutmut run $(MODULES)
	@$(BIN)/python -m tests.mutation_by_module

bench-quality: $(VENV)/.installed
	@$(BIN)/python -m benchmarks.quality

# SIZES: numbers of influencers, 10,000 to a million by default. FULL=1: ten millions as well, Tribu alone.
bench: $(VENV)/.installed
	@$(BIN)/python -m benchmarks.speed $(if $(SIZES),--sizes $(SIZES)) $(if $(FULL),--full)

bench-site: $(VENV)/.installed
	@$(BIN)/python -m benchmarks.site

bench-mapping: $(VENV)/.installed
	@$(BIN)/python -m benchmarks.mapping

bench-collecting: $(VENV)/.vendors
	@$(BIN)/python -m benchmarks.collecting

# KILLS=N: of each command. LOG=FILE keeps every kill, and a second call goes on with it.
bench-reliability: $(VENV)/.vendors
	@$(BIN)/python -m benchmarks.reliability $(if $(KILLS),--kills $(KILLS)) $(if $(LOG),--log $(LOG))

messages: $(VENV)/.installed
	@$(BIN)/python -m tribu.report.messages

metrics: $(VENV)/.installed
	@$(BIN)/python -m tribu.metrics

# JupyterLab is not in the lock: it brings as many packages as all the rest, and only who opens the notebook needs it.
notebook: $(VENV)/.installed
	@test -x $(BIN)/jupyter-lab || { echo "expected JupyterLab in $(VENV); got none; remedy: $(BIN)/python -m pip install 'jupyterlab>=4.4'" >&2; exit 1; }
	$(BIN)/jupyter-lab reports/notebooks/explore.ipynb

# Hashes and no addresses: whoever installs uses the index they are configured for.
lock:
	uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-strip-extras --extra build --extra test pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-strip-extras requirements-lint.in --output-file requirements-lint.lock
	uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-strip-extras requirements-audit.in --output-file requirements-audit.lock
	uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-strip-extras --constraint requirements.lock requirements-measuring.in --output-file requirements-measuring.lock
	uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-strip-extras --constraint requirements.lock requirements-browser.in --output-file requirements-browser.lock
	uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-strip-extras --constraint requirements.lock requirements-vendors.in --output-file requirements-vendors.lock
	uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-strip-extras --constraint requirements.lock requirements-spark.in --output-file requirements-spark.lock

sample: $(VENV)/.installed
	$(BIN)/python -m tribu.sample

clean:
	rm -rf $(VENV) $(LINT) $(AUDIT) target logs reports/site data/warehouse.duckdb*

# The pictures of the README, from the site of the sample; Chromium's own command line is not used, for it cannot wait for the map.
picture: build $(VENV)/.browser
	$(BIN)/python -m tests.browser.pictures $(or $(TRIBU_SITE),reports/site)

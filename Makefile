# The commands of a working day. `make` alone lists them.
#
# Everything that a command needs is installed by scripts/: system packages by require.sh, the rest into
# .cache/ by install-test-tools.sh. Nothing here needs anything outside this folder but the package registries.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Options for vestibule-sandbox: make demo ARGS='--listen 127.0.0.1:8080'; or which figures: make bench ARGS=saml
ARGS ?=

.PHONY: help demo test check long bench snapshots

help: ## List the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: ## Build, and run Vestibule with demo IdPs and a simulated AWS; Ctrl-C stops all
	@scripts/require.sh build
	@cargo build --locked -p vestibule-sandbox
	@exec cargo run --quiet --locked -p vestibule-sandbox --bin vestibule-sandbox -- $(ARGS)

test: ## Run every test, installing what they need
	@scripts/require.sh build test
	@scripts/install-test-tools.sh
	.cache/venv/bin/python tests/corpus/saml.py --self-check
	cargo test --workspace --locked --no-fail-fast

check: ## Formatting, lints, documentation, licences, advisories
	@scripts/require.sh build
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --document-private-items --locked --quiet
	@scripts/check-dependencies.sh

long: ## The properties at full counts, in release
	@scripts/require.sh build test
	@scripts/install-test-tools.sh
	PROPERTIES=full CARGO_PROFILE_RELEASE_LTO=off cargo test --workspace --locked --release --no-fail-fast

bench: ## Print the figures as JSON lines
	@scripts/require.sh build bench
	@scripts/install-test-tools.sh bench
	cargo bench --locked --bench figures -- $(ARGS)

snapshots: ## Accept what the snapshot tests now see; read the diff before you commit it
	@scripts/require.sh build test
	@scripts/install-test-tools.sh
	INSTA_UPDATE=always cargo test --workspace --locked --no-fail-fast || true
	git --no-pager diff --stat -- '*.snap'

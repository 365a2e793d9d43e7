# Two commands do all the set-up on a fresh machine:
#   make demo   brings up Muster with demo customers
#   make test   runs everything that CI runs

CARGO ?= cargo
# A clone builds from .sqlx; a DATABASE_URL in the environment is for the program, not for the build.
export SQLX_OFFLINE = true
# Clippy as the compiler of our own crates, as `cargo clippy` does it: tests are linted while they are
# built. A pass of its own would read all dependencies once more, which costs a clean clone five minutes.
LINTED := RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=--deny__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__
LISTEN ?= 127.0.0.1:8080
# Tests wait for the database, the browser and the clock: twice as many at once as there are processors keep these busy.
# Each of them holds a dozen connections, so sixteen at the most.
TEST_THREADS ?= $(shell cores=$$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ $$cores -lt 8 ] || cores=8; expr 2 \* $$cores)
TOOLS := $(CURDIR)/target/tools
PDF := $(CURDIR)/target/pdf/release/muster-pdf

.PHONY: help demo pdf begin-pdf build-tests format test unit pdf-test documents document-tools lint dependencies sqlx access gallery bench bench-programs bench-workspace bench-progress bench-write bench-lists bench-overload bench-footprint bench-growth bench-soak bench-flame bench-upgrade postgresql browser identity-provider calendar-library object-storage

help:
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 25

demo: postgresql ## bring up Muster with demo customers; Ctrl-C stops it with its database
	@echo "Building Muster; the first time takes a few minutes."
	$(CARGO) build --profile demo --package muster
	@if [ ! -x $(PDF) ]; then echo "PDF files can be made in a while: their program is built in the background, at low priority (target/pdf/build.log)."; fi
	@scripts/build-pdf --in-background
	@exec target/demo/muster demo --listen $(LISTEN) --pdf-program $(PDF) $(if $(DATA),--data $(DATA))

pdf: ## build the program that makes PDF files, target/pdf/release/muster-pdf; the first time takes a quarter of an hour
	@scripts/build-pdf

# The program that makes PDF files takes the longest to build, so it is begun first, beside all the rest.
test: postgresql browser identity-provider calendar-library object-storage begin-pdf format dependencies build-tests pdf-test documents ## run everything that CI runs, installing what it needs
	MUSTER_TEST_PDF=1 RUST_TEST_THREADS=$(TEST_THREADS) $(LINTED) $(CARGO) test --workspace --all-features

unit: postgresql browser identity-provider calendar-library object-storage ## run all tests
	$(CARGO) test --workspace

begin-pdf:
	@scripts/build-pdf --in-background 2

build-tests:
	$(LINTED) $(CARGO) test --workspace --all-features --no-run

pdf-test: document-tools ## test the program that makes PDF files, and build it
	scripts/build-pdf
	cd crates/pdf && $(CARGO) fmt --check
	cd crates/pdf && CARGO_TARGET_DIR=$(CURDIR)/target/pdf $(LINTED) $(CARGO) build --release --all-targets
	cd crates/pdf && CARGO_TARGET_DIR=$(CURDIR)/target/pdf $(CARGO) test --release

# Built as the tests are, so that it is there already when all of them run.
documents: pdf document-tools ## compare the Word, PDF and HTML files of difficult documents with each other, by LibreOffice and pdftotext
	$(LINTED) $(CARGO) build --workspace --all-features --example difficult
	scripts/check-documents

format:
	$(CARGO) fmt --all --check

lint: format ## check formatting and lints
	$(CARGO) clippy --workspace --all-targets --all-features -- --deny warnings

dependencies: $(TOOLS)/bin/cargo-deny $(TOOLS)/bin/cargo-machete ## check licences, bans, sources, unused dependencies
	$(TOOLS)/bin/cargo-deny --all-features check --hide-inclusion-graph bans licenses sources
	$(TOOLS)/bin/cargo-deny --manifest-path crates/pdf/Cargo.toml --all-features --config $(CURDIR)/deny.toml check --hide-inclusion-graph bans licenses sources
	$(TOOLS)/bin/cargo-machete . crates/pdf

# Not optimised: they run for a second, and are built for every clean clone.
$(TOOLS)/bin/cargo-deny:
	$(CARGO) install --quiet --debug --locked --root $(TOOLS) --version 0.20.2 --no-default-features cargo-deny

$(TOOLS)/bin/cargo-machete:
	$(CARGO) install --quiet --debug --locked --root $(TOOLS) --version 0.9.2 cargo-machete

sqlx: postgresql ## check the store's queries against a fresh database and rewrite .sqlx
	scripts/check-queries

access: postgresql ## write docs/ACCESS.md anew from the access tables of the tests
	MUSTER_TEST_WRITE_DOCS=1 $(CARGO) test --package muster --test it access::document

gallery: ## show every page with its samples on 127.0.0.1:8090
	$(CARGO) run --package muster-web --features samples --example gallery -- 8090

bench: bench-programs ## measure Muster beside its peers and limits, in about a quarter of an hour, and write docs/BENCHMARKS.md
	target/release/muster-bench run

bench-workspace: bench-programs ## measure the workspace
	target/release/muster-bench run workspace

bench-progress: bench-programs ## measure the progress views
	target/release/muster-bench run progress

bench-write: bench-programs ## measure writing
	target/release/muster-bench run write

bench-lists: bench-programs ## measure lists, portfolio, search and questionnaire
	target/release/muster-bench run lists

bench-overload: bench-programs ## measure ten times as many clients as at the peak
	target/release/muster-bench run overload

bench-footprint: bench-programs ## measure memory, start and size
	target/release/muster-bench run footprint

bench-growth: bench-programs ## measure ten million tasks; takes half an hour and 20 GB below the folder for temporary files
	target/release/muster-bench run growth

bench-soak: bench-programs ## half an hour of mixed load: what the program holds must not grow
	target/release/muster-bench run soak

# The program with its symbols, which is built anew for that.
bench-flame: bench-programs ## draw where the time of a warm workspace goes; needs perf
	CARGO_PROFILE_RELEASE_STRIP=none $(CARGO) build --release --package muster --target-dir target/symbols
	target/release/muster-bench run flame --muster target/symbols/release/muster

bench-programs: postgresql
	@scripts/python-environment bench-peer fastapi==0.165.0 asyncpg==0.32.0 uvicorn==0.54.0 uvloop==0.23.0 httptools==0.9.0
	$(CARGO) build --release --package muster
	$(CARGO) build --release --package muster-bench

bench-upgrade: bench-programs ## measure how an older database of a million tasks moves, and how long its writers wait
	target/release/muster-bench run upgrade

postgresql:
	@scripts/install-postgresql

document-tools:
	@scripts/install-document-tools

browser:
	@scripts/install-browser

identity-provider:
	@scripts/install-identity-provider

calendar-library:
	@scripts/python-environment calendar icalendar==7.3.2

# An S3 server for the tests of files in a bucket.
object-storage:
	@scripts/python-environment object-storage 'moto[s3,server]==5.2.5'

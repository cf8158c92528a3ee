# What CI runs.
check:
    bash .ci/run

# All tests and doctests; DELTAIC_RECORDINGS=DIR adds recordings of your own.
test:
    cargo test --workspace --all-features

lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --all-features -- -D warnings
    RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --all-features --no-deps

# Each library without std and without its features, on the host.
bare:
    for name in deltaic-sse deltaic-chunk deltaic-assembler deltaic deltaic-eventsource; do \
        cargo build -p $name --no-default-features || exit 1; \
    done

# Everything timed, beside the peers.
table *ARGS:
    cargo run --release -p deltaic-benches -- {{ARGS}}

bench *ARGS:
    cargo bench -p deltaic-benches {{ARGS}}

# `just fuzz read 60`: a target, for so many seconds.
fuzz TARGET SECONDS="60":
    cargo run --quiet -p deltaic-properties --bin seeds
    cargo +nightly fuzz run {{TARGET}} fuzz/corpus/{{TARGET}} -- -dict=fuzz/dictionaries/{{TARGET}}.dict -max_total_time={{SECONDS}}

# All targets, built: unbuilt ones rot.
fuzz-build:
    cd fuzz && cargo +nightly fuzz build

# Licences and advisories of all dependencies.
deny:
    cargo deny check

# Every set of features that the libraries have: about 200.
powerset:
    cargo hack check --feature-powerset --no-dev-deps -p deltaic-sse -p deltaic-chunk -p deltaic-assembler -p deltaic -p deltaic-eventsource

# With the oldest versions of all that is depended on: what Cargo.toml says must be true.
oldest:
    bash .ci/oldest

# What is public, against a tag or commit: what would break who depends on it.
semver BASELINE:
    cargo semver-checks --baseline-rev {{BASELINE}} -p deltaic-sse -p deltaic-chunk -p deltaic-assembler -p deltaic -p deltaic-eventsource

# All that a release asks for, but to publish it.
publishable: deny powerset oldest
    cargo publish --dry-run --workspace
    bash .ci/semver

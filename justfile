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

# The libraries without std, on the host.
bare:
    cargo build -p deltaic-sse -p deltaic-chunk -p deltaic-assembler -p deltaic --no-default-features

bench *ARGS:
    cargo bench -p deltaic-benches {{ARGS}}

# `just fuzz read 60`: a target, for so many seconds.
fuzz TARGET SECONDS="60":
    mkdir -p fuzz/corpus/{{TARGET}}
    cargo +nightly fuzz run {{TARGET}} fuzz/corpus/{{TARGET}} corpus/recordings -- -dict=fuzz/dictionary -max_total_time={{SECONDS}}

# Licences and advisories of all dependencies.
deny:
    cargo deny check

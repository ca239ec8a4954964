#!/bin/sh
# The time of `detente check agreements/new-start` from process start, against the 50 ms aimed for.
#
# The event stream is in stream.sh; the batch from Parquet and one more entry on a large record are in batch.sh.
set -eu
cd "$(dirname "$0")/.."
cargo build --quiet --release -p detente-cli
program="${CARGO_TARGET_DIR:-target}/release/detente"
python3 benches/kernel_start.py "$program" agreements/new-start "${RUNS:-20}"

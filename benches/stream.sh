#!/bin/sh
# A million events over 80,000 days and 20 parties through the three rules of benches/stream/agreement.md, reading included, beside
# the same rules in differential-dataflow (benches/peer/differential). Both must find the same breaches, or there is no figure.
#
#   benches/stream.sh [python]
#
# EVENTS (default 1000000), SEED (default 2026) and RUNS (default 3) may be set; every figure is the median of RUNS. Times are
# CPU-seconds, user and system, all threads, from process start to the answers, so that a busy machine disturbs them little. We read CSV with
# dates and names; the peer reads small whole numbers. The line that begins with "claim:" is the claim of the documentation.
set -eu
cd "$(dirname "$0")/.."
python=${1:-python3}
runs=${RUNS:-3}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cargo build --quiet --release -p detente-assess --example breaches
target=${CARGO_TARGET_DIR:-$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')}
CARGO_TARGET_DIR="$target/peer" cargo build --quiet --release --manifest-path benches/peer/differential/Cargo.toml
. benches/cost.sh

"$python" benches/stream.py "$scratch" "${EVENTS:-1000000}" "${SEED:-2026}"
measure ours "$runs" "$target/release/examples/breaches" benches/stream/agreement.md "$scratch/record" 2020-02-15 "$scratch/ours.csv"
measure batched "$runs" "$target/peer/release/differential-peer" "$scratch/peer.csv" 100 "$scratch/batched.csv"
measure daily 1 "$target/peer/release/differential-peer" "$scratch/peer.csv" 1 "$scratch/daily.csv"
"$python" benches/stream_compare.py "$scratch/ours.csv" "$scratch/batched.csv"
"$python" benches/stream_compare.py "$scratch/ours.csv" "$scratch/daily.csv"

unit="CPU seconds, ${EVENTS:-1000000} events, three rules, reading included"
claim stream-against-differential-dataflow-100-days "$(cpu ours)" "$(cpu batched)" "$unit"
claim stream-against-differential-dataflow-daily "$(cpu ours)" "$(cpu daily)" "$unit"

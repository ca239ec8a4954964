#!/bin/sh
# Safeguards statistics and sampling plans side by side with peers, on the same input and machine.
#
#   benches/safeguards.sh [python]
#
# The interpreter (default python3) needs numpy. With MAPIT installed in it, or MAPIT_PATH naming a checkout and alive-progress
# installed, MAPIT is measured too; see benches/safeguards_peer.py. MAPIT would take hours and tens of gigabytes for 100,000
# histories, so it is run on MAPIT_HISTORIES of them (default 502) and its time is scaled up in proportion, less the time of an almost
# empty run, which favours it. Every line that begins with "claim:" is a claim of the documentation with its measure.
set -eu
cd "$(dirname "$0")/.."
python=${1:-python3}
histories=100000
mapit_histories=${MAPIT_HISTORIES:-502}
scenario=benches/safeguards_scenario.csv

cargo build --quiet --release -p detente-safeguards --example safeguards_benchmark
cargo build --quiet --release -p detente-inspect --example inspect_benchmark
target=${CARGO_TARGET_DIR:-$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')}
ours="$target/release/examples/safeguards_benchmark"
plans="$target/release/examples/inspect_benchmark"

seconds() { # Prints the seconds of the first line that states them.
    "$@" | awk '$1 == "seconds" { print $2; exit }'
}
claim() { # name ours peer unit
    awk -v name="$1" -v ours="$2" -v peer="$3" -v unit="$4" \
        'BEGIN { printf "claim: %s ratio %.1f (ours %.4f, peer %.4f, %s)\n", name, peer / ours, ours, peer, unit }'
}

fast=$(seconds "$ours" "$scenario" $histories thresholds)
curves=$(seconds "$ours" "$scenario" $histories curves)
measured=$(seconds "$ours" "$scenario" $histories measured)
numpy=$(seconds "$python" benches/safeguards_peer.py "$scenario" $histories numpy)
claim "thresholds-against-numpy" "$fast" "$numpy" "seconds, 100000 histories of 60 balances and 10 strata, six tests"
claim "measured-thresholds-against-numpy" "$measured" "$numpy" "seconds, the same, every stratum measured in each history"

base=$(seconds env MAPIT_PATH="${MAPIT_PATH:-}" "$python" benches/safeguards_peer.py "$scenario" 2 mapit 2>/dev/null || true)
if [ -n "$base" ]; then
    some=$(seconds "$python" benches/safeguards_peer.py "$scenario" "$mapit_histories" mapit)
    mapit=$(awk -v some="$some" -v base="$base" -v n="$mapit_histories" -v all=$histories \
        'BEGIN { print (some - base) / (n - 2) * all }')
    remeasured=$(seconds "$ours" "$scenario" $histories remeasured)
    claim "thresholds-against-MAPIT" "$fast" "$mapit" "seconds, 100000 histories; peer scaled from $mapit_histories"
    claim "thresholds-and-curves-against-MAPIT" "$curves" "$mapit" \
        "seconds, 100000 histories; ours with 2 patterns of 21 losses on top, peer one loss-free run scaled from $mapit_histories"
    claim "remeasured-thresholds-against-MAPIT" "$remeasured" "$mapit" \
        "seconds, the same work: a covariance for each of 100000 histories; peer scaled from $mapit_histories"
else
    echo "MAPIT is not installed in $python: not measured"
fi

exact=$(seconds "$plans" 1000)
integers=$(seconds "$python" benches/safeguards_peer.py "$scenario" 1000 hypergeometric)
claim "exact-plans-of-1000-strata" "$exact" "$integers" "seconds; peer is Python's own integers"

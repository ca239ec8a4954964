#!/bin/sh
# Propagation and screening beside peers, on the same catalogue, window and machine.
#
#   DETENTE_SPACE_DATA=FOLDER benches/orbit.sh [python]
#
# FOLDER holds catalogue-2023-full.3le (26,140 objects; its terms do not allow to ship it). The interpreter (default python3) needs
# numpy, astroz and sgp4. Times are CPU time, so that a busy machine disturbs them little. The crate sgp4 is built from
# benches/peer/sgp4-crate. SCREEN_HOURS (default "24") lists the windows to screen; astroz is run on the first of them only. Every line
# that begins with "claim:" is a claim of the documentation with its measure.
set -eu
cd "$(dirname "$0")/.."
python=${1:-python3}
catalogue="${DETENTE_SPACE_DATA:?must name a folder with catalogue-2023-full.3le}/catalogue-2023-full.3le"
start=2023-10-10T00:00:00
times=288
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cargo build --quiet --release -p detente-orbit --examples
target=${CARGO_TARGET_DIR:-$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')}
CARGO_TARGET_DIR="$target/peer" cargo build --quiet --release --manifest-path benches/peer/sgp4-crate/Cargo.toml

field() { awk -v name="$1" '$1 == name { print $2; exit }'; }
claim() { # name ours peer unit
    awk -v name="$1" -v ours="$2" -v peer="$3" -v unit="$4" \
        'BEGIN { printf "claim: %s ratio %.2f (ours %.2f, peer %.2f, %s)\n", name, peer / ours, ours, peer, unit }'
}

"$target/release/examples/propagate_catalogue" "$catalogue" $start $times "$scratch/positions.csv" >"$scratch/ours"
"$python" benches/orbit_peer.py propagate "$catalogue" $times "$scratch/positions.csv" >"$scratch/peers"
"$target/peer/release/sgp4-peer" "$catalogue" $times >"$scratch/crate"
grep '^agree' "$scratch/peers"
ours=$(field propagate_ns <"$scratch/ours")
unit="ns CPU per propagation, all objects, one thread"
claim "propagation-against-astroz" "$ours" "$(field astroz_ns <"$scratch/peers")" "$unit"
claim "propagation-against-python-sgp4" "$ours" "$(field python_sgp4_ns <"$scratch/peers")" "$unit"
claim "propagation-against-the-crate-sgp4" "$ours" "$(field propagate_ns <"$scratch/crate")" "$unit"

first=yes
for hours in ${SCREEN_HOURS:-24}; do
    /usr/bin/env time -f '%U %S %M' -o "$scratch/cost" \
        "$target/release/examples/screen_catalogue" "$catalogue" $start "$hours" 5 1 "$scratch/found.csv" | sed "s/^/$hours h: /"
    seconds=$(awk '{ print $1 + $2 }' "$scratch/cost")
    echo "$hours h: $seconds CPU seconds, $(awk '{ printf "%.0f", $3 / 1024 }' "$scratch/cost") MiB"
    if [ $first = yes ]; then
        "$python" benches/orbit_peer.py screen "$catalogue" "$hours" "$scratch/found.csv" | tee "$scratch/screened"
        claim "screening-$hours-h-against-astroz" "$seconds" "$(field astroz_seconds <"$scratch/screened")" \
            "CPU seconds, all against all, 5 km"
    fi
    first=no
done

# Two threads against one, over the first window: the same bytes, in less time on the clock.
hours=${SCREEN_HOURS:-24}
hours=${hours%% *}
for threads in 1 2; do
    "$target/release/examples/screen_catalogue" "$catalogue" $start "$hours" 5 $threads "$scratch/by-$threads.csv" >"$scratch/said-$threads"
done
cmp "$scratch/by-1.csv" "$scratch/by-2.csv"
wall() { awk '{ for (i = 1; i < NF; i++) if ($i == "wall_seconds") print $(i + 1) }' "$1"; }
claim "screening-two-threads-against-one" "$(wall "$scratch/said-2")" "$(wall "$scratch/said-1")" "seconds on the clock, $hours h"

# Growth: catalogues made from the real one, GROWTH lists objects:hours (default "100000:6 1000000:0.25"; "" leaves it out).
for growth in ${GROWTH-100000:6 1000000:0.25}; do
    objects=${growth%%:*}
    hours=${growth##*:}
    "$target/release/examples/synthetic_catalogue" "$catalogue" "$objects" 7 >"$scratch/made.csv"
    /usr/bin/env time -f '%U %S %M' -o "$scratch/cost" \
        "$target/release/examples/screen_catalogue" "$scratch/made.csv" $start "$hours" 5 1 | sed "s/^/$objects objects, $hours h: /"
    echo "growth: $objects objects, $hours h: $(awk '{ printf "%.1f CPU seconds, %.0f MiB", $1 + $2, $3 / 1024 }' "$scratch/cost")"
done

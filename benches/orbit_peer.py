"""Peers of benches/orbit.sh: astroz and python-sgp4, on the catalogue and window it names.

    orbit_peer.py propagate FILE TIMES OURS.csv   nanoseconds of CPU per propagation, and agreement
    orbit_peer.py screen FILE HOURS OURS.csv      CPU seconds of astroz, and how the pairs agree
"""
import csv
import resource
import sys
import time
from datetime import datetime, timezone

import numpy as np

START = datetime(2023, 10, 10, tzinfo=timezone.utc)


def sets(path):
    lines = open(path).read().splitlines()
    firsts = [line for line in lines if line.startswith("1 ")]
    seconds = [line for line in lines if line.startswith("2 ")]
    return firsts, seconds


def number(line):
    text = line[2:7].strip()
    if text[0].isalpha():
        return (10 + "ABCDEFGHJKLMNPQRSTUVWXYZ".index(text[0])) * 10000 + int(text[1:])
    return int(text)


def propagate(path, times, ours):
    import astroz
    from sgp4.api import WGS72, Satrec, SatrecArray

    minutes = np.arange(times) * 5.0
    constellation = astroz.Constellation(path)
    astroz.propagate(constellation, minutes[:2], start_time=START, output="teme", velocities=True)
    begun = time.process_time()
    astroz.propagate(constellation, minutes, start_time=START, output="teme", velocities=True)
    count = constellation.num_satellites * times
    print("astroz_ns", (time.process_time() - begun) / count * 1e9)

    firsts, seconds = sets(path)
    models = [Satrec.twoline2rv(a, b, WGS72) for a, b in zip(firsts, seconds)]
    array = SatrecArray(models)
    day = 2460227.5
    few = min(times, 48)
    begun = time.process_time()
    array.sgp4(np.full(few, day), minutes[:few] / 1440.0)
    print("python_sgp4_ns", (time.process_time() - begun) / (len(models) * few) * 1e9)

    error, position, _ = array.sgp4(np.array([day]), np.array([minutes[-1] / 1440.0]))
    reference = {number(a): p[0] for a, e, p in zip(firsts, error, position) if e[0] == 0}
    with open(ours) as rows:
        found = {int(row[0]): np.array([float(x) for x in row[1:]]) for row in csv.reader(rows)}
    # Sets extrapolated long beyond decay give places farther than the Moon; what they are does not matter.
    reference = {n: p for n, p in reference.items() if np.linalg.norm(p) < 1e6}
    found = {n: p for n, p in found.items() if np.linalg.norm(p) < 1e6}
    both = reference.keys() & found.keys()
    apart = sorted(float(np.linalg.norm(reference[n] - found[n])) for n in both)
    print("agree", len(both), "only_theirs", len(reference.keys() - both), "only_ours", len(found.keys() - both),
          "apart_km_median", apart[len(apart) // 2], "p99.9", apart[int(len(apart) * 0.999)], "max", apart[-1])


def screen(path, hours, ours):
    import astroz

    constellation = astroz.Constellation(path)
    numbers = [int(satellite) for satellite in constellation.satnums]
    begun = time.process_time()
    events = astroz.screen(constellation, hours * 60.0, threshold=5.0, start_time=START)
    print("astroz_seconds", time.process_time() - begun)
    print("astroz_memory_mib", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    theirs = {tuple(sorted((numbers[i], numbers[j]))) for i, j in zip(events.i, events.j)}
    with open(ours) as rows:
        found = {(int(row[0]), int(row[1])) for row in csv.reader(rows)}
    print("pairs_theirs", len(theirs), "pairs_ours", len(found), "only_theirs", len(theirs - found), "only_ours", len(found - theirs))
    for pair in sorted(theirs - found)[:10]:
        print("only theirs:", pair)


if __name__ == "__main__":
    {"propagate": propagate, "screen": screen}[sys.argv[1]](sys.argv[2], int(sys.argv[3]), sys.argv[4])

"""The peers of benches/safeguards.sh: thresholds by simulation in plain numpy, and in Sandia's MAPIT where it is installed.

    pip install numpy
    pip install git+https://github.com/sandialabs/MAPIT     (optional, GPL-3.0; or set MAPIT_PATH to a checkout and
                                                             pip install alive-progress)

Usage: safeguards_peer.py SCENARIO.csv HISTORIES numpy|mapit|hypergeometric

Prints the seconds the work took. `numpy` is a straightforward vectorised implementation of the same computation: it draws every
measurement, forms MUF, and takes the largest value of six tests in each history; one covariance serves all histories. `mapit` calls
MAPIT's own functions in the order its documentation does: errors, MUF, covariance, SITMUF, Page, GEMUF; it propagates a covariance
for each history. `hypergeometric` plans samples exactly for strata with integers of any size.
"""

import csv
import math
import os
import sys
import time
import types

FALSE_ALARM = 0.05


def read(path):
    """Strata in the order of the file: name, role, random, systematic, masses."""
    with open(path, newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [(row[0], row[1], float(row[2]), float(row[3]), [float(mass) for mass in row[4:]]) for row in rows]


def covariance(np, strata, balances):
    """Multiplicative model; each stratum has an instrument of its own."""
    total = np.zeros((balances, balances))
    for _, role, random, systematic, masses in strata:
        masses = np.array(masses)
        jacobian = np.zeros((balances, len(masses)))
        for k in range(balances):
            if role == "inventory":
                jacobian[k, k], jacobian[k, k + 1] = 1, -1
            else:
                jacobian[k, k] = 1 if role == "input" else -1
        scaled = jacobian * masses
        signed = scaled.sum(axis=1)
        total += random**2 * scaled @ scaled.T + systematic**2 * np.outer(signed, signed)
    return total


def with_numpy(strata, histories):
    import numpy as np

    balances = min(len(row[4]) for row in strata)
    generator = np.random.default_rng(1)
    sigma = covariance(np, strata, balances)
    factor = np.linalg.cholesky(sigma)
    inverse = np.linalg.inv(factor)
    sigma_muf = np.sqrt(np.diag(sigma))
    sigma_cumuf = np.sqrt(np.cumsum(np.cumsum(sigma, axis=0), axis=1).diagonal())
    smoothing = np.zeros((balances, balances))
    for k in range(2, balances - 2):
        smoothing[k, k - 2 : k + 3] = np.array([1, 1, 3, 1, 1]) / 7
    maxima = {name: [] for name in ["MUF", "CUMUF", "SITMUF", "Page", "GEMUF-V1", "GEMUF-V5B3"]}
    for start in range(0, histories, 10_000):
        count = min(10_000, histories - start)
        muf = np.zeros((count, balances))
        for _, role, random, systematic, masses in strata:
            masses = np.array(masses)
            error = generator.normal(0, random, (count, len(masses))) + generator.normal(0, systematic, (count, 1))
            error *= masses
            if role == "inventory":
                muf += error[:, :-1] - error[:, 1:]
            else:
                muf += error if role == "input" else -error
        sitmuf = muf @ inverse.T
        page, largest = np.zeros(count), np.zeros(count)
        for k in range(balances):
            page = np.maximum(0, page + sitmuf[:, k] - 0.5)
            largest = np.maximum(largest, page)
        v1 = np.cumsum(sitmuf**2, axis=1)
        freedom = np.arange(1, balances + 1)
        v5b3 = np.cumsum(sitmuf * ((muf @ smoothing.T) @ inverse.T), axis=1)[:, 2:-2]
        maxima["MUF"].append((muf / sigma_muf).max(axis=1))
        maxima["CUMUF"].append((np.cumsum(muf, axis=1) / sigma_cumuf).max(axis=1))
        maxima["SITMUF"].append(sitmuf.max(axis=1))
        maxima["Page"].append(largest)
        spread = 2 / (9 * freedom)
        maxima["GEMUF-V1"].append((((v1 / freedom) ** (1 / 3) - (1 - spread)) / np.sqrt(spread)).max(axis=1))
        maxima["GEMUF-V5B3"].append(v5b3.max(axis=1))
    return {name: float(np.quantile(np.concatenate(parts), 1 - FALSE_ALARM)) for name, parts in maxima.items()}


def with_mapit(strata, histories):
    """MAPIT asks for a window system only to show errors; a stand-in will do where PySide6 is not installed."""
    try:
        import PySide6  # noqa: F401
    except ImportError:
        stand_in = types.ModuleType("PySide6")
        stand_in.QtWidgets = stand_in.QtCore = types.ModuleType("QtWidgets")
        sys.modules["PySide6"] = stand_in
        sys.modules["PySide6.QtWidgets"] = sys.modules["PySide6.QtCore"] = stand_in.QtWidgets
    if "MAPIT_PATH" in os.environ:
        sys.path.insert(0, os.environ["MAPIT_PATH"])
    import numpy as np
    from MAPIT.core import AuxFunctions, Preprocessing, StatsTests

    np.random.seed(1)
    balances = min(len(row[4]) for row in strata)
    groups = {role: [row for row in strata if row[1] == role] for role in ["input", "inventory", "output"]}
    ordered = [row for rows in groups.values() for row in rows]
    errors = np.array([[row[2], row[3]] for row in ordered])
    # One reading for each balance, in its middle; inventories on its ends. One more step makes MAPIT close the last balance.
    values = {role: [np.array(row[4])[:, None] for row in rows] for role, rows in groups.items()}
    times = {
        "input": [np.arange(balances)[:, None] + 0.5 for _ in groups["input"]],
        "inventory": [np.append(np.arange(balances), balances + 1.0)[:, None] for _ in groups["inventory"]],
        "output": [np.arange(balances)[:, None] + 0.5 for _ in groups["output"]],
    }
    raw = [series for role in groups for series in values[role]]
    measured = Preprocessing.SimErrors(raw, errors, histories, doTQDM=False)
    measured = [np.asarray(series).reshape(histories, -1) for series in measured]
    inputs, rest = measured[: len(groups["input"])], measured[len(groups["input"]) :]
    inventories, outputs = rest[: len(groups["inventory"])], rest[len(groups["inventory"]) :]
    kinds = [["discrete"] * len(inputs), ["discrete"] * len(outputs)]
    common = (inputs, times["input"], inventories, times["inventory"], outputs, times["output"], 1, *kinds)
    muf = StatsTests.MUF(*common, doPbar=False)
    matrix = AuxFunctions.calcCovMat(
        inputs, inventories, outputs, times["input"], times["inventory"], times["output"], errors, 1, *kinds, doPbar=False
    )
    sitmuf = StatsTests.SITMUF(muf, matrix, 1, doPbar=False)
    page = StatsTests.PageTrendTest(sitmuf, 1, sitmuf.shape[1] + 1, doPbar=False)
    v1 = StatsTests.GEMUF_V1(muf, matrix, 1, doPbar=False)
    v5b3 = StatsTests.GEMUF_V5B3(muf, matrix, 1, doPbar=False)
    cumuf = StatsTests.CUMUF(muf, doPbar=False)
    sequences = {"MUF": muf, "CUMUF": cumuf, "SITMUF": sitmuf, "Page": page, "GEMUF-V1": v1, "GEMUF-V5B3": v5b3}
    return {name: float(np.quantile(np.nanmax(s, axis=1), 1 - FALSE_ALARM)) for name, s in sequences.items()}


def hypergeometric(count):
    """The least sample of each stratum with non-detection of at most 5/100, by integers and bisection."""
    sizes = []
    for k in range(count):
        items = 10 + (k * 7919) % 20_000
        defects = min(1 + (k * 104_729) % 500, items)
        low, high = 0, items
        everything = math.comb(items, defects)
        while low < high:
            middle = (low + high) // 2
            if 100 * math.comb(items - middle, defects) <= 5 * everything:
                high = middle
            else:
                low = middle + 1
        sizes.append(low)
    return {"strata": count, "items to inspect": sum(sizes)}


def main():
    scenario, histories, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    strata = read(scenario)
    start = time.perf_counter()
    if mode == "numpy":
        result = with_numpy(strata, histories)
    elif mode == "mapit":
        result = with_mapit(strata, histories)
    elif mode == "hypergeometric":
        result = hypergeometric(histories)
    else:
        sys.exit(f"'{mode}' is not a mode")
    print(f"seconds {time.perf_counter() - start:.6f}")
    print(result)


if __name__ == "__main__":
    main()

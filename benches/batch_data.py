"""Item changes in Parquet, with a mapping, from a seed.

Usage: batch_data.py FOLDER [ROWS] [SEED]         (needs numpy and pyarrow)

FOLDER gets changes.parquet, its mapping, and the entries that say that the lists were complete, and empty, on the first day. Every row
is one change of one item, in order of days: what it is now, or that it is gone.
"""

import pathlib
import sys

import numpy
import pyarrow
import pyarrow.parquet

FIRST = numpy.datetime64("2011-02-05")
DAYS = 5_479  # fifteen years, through 2026-02-04
PARTIES = ["P1", "P2", "P3", "P4", "P5"]
ITEMS = 40_000  # of each party
KINDS = ["ICBM", "SLBM", "bomber", "cruise", "glider"]
STATUS = ["deployed", "stored", "tested"]
BASING = ["silo", "road", "sea", "air"]

MAPPING = """\
kind   = "notification"
author = { column = "party" }
as_of  = { column = "day" }
made   = { column = "day" }

[[items]]
class    = "launcher"
id       = { column = "item" }
gone     = { column = "gone", is = "yes" }
kind     = { column = "kind" }
status   = { column = "status" }
basing   = { column = "basing" }
warheads = { column = "warheads" }
"""


def words(names: list[str], numbers: numpy.ndarray) -> pyarrow.Array:
    return pyarrow.DictionaryArray.from_arrays(pyarrow.array(numbers.astype(numpy.int32)), pyarrow.array(names))


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000
    chance = numpy.random.default_rng(int(sys.argv[3]) if len(sys.argv) > 3 else 2026)
    folder.mkdir(parents=True, exist_ok=True)
    days = numpy.sort(chance.integers(0, DAYS, rows, dtype=numpy.int32))
    party = chance.integers(0, len(PARTIES), rows, dtype=numpy.int32)
    item = chance.integers(0, ITEMS, rows, dtype=numpy.int32)
    # What an item is follows from its number; what changes is where it stands and what it carries.
    kind = item % len(KINDS)
    basing = item // 7 % len(BASING)
    # The parties change over the years what they keep deployed, so that ceilings are crossed and crossed again.
    share = 0.5 + 0.1 * numpy.sin(days / 400 + party)
    status = numpy.where(chance.random(rows) < share, 0, chance.integers(1, 3, rows, dtype=numpy.int32))
    warheads = chance.integers(0, 11, rows, dtype=numpy.int32)
    gone = chance.random(rows) < 0.02
    table = pyarrow.table(
        {
            "day": pyarrow.array(FIRST + days.astype("timedelta64[D]")),
            "party": words(PARTIES, party),
            "item": words([f"L-{number}" for number in range(ITEMS)], item),
            "kind": words(KINDS, kind),
            "status": words(STATUS, status),
            "basing": words(BASING, basing),
            "warheads": pyarrow.array(warheads),
            "gone": pyarrow.array(gone),
        }
    )
    pyarrow.parquet.write_table(table, folder / "changes.parquet", compression="zstd", row_group_size=1_000_000)
    (folder / "changes.parquet.toml").write_text(MAPPING)
    (folder / "complete.jsonl").write_text(
        "".join(
            f'{{"kind":"declaration","author":"{name}","as_of":"2011-02-04","made":"2011-02-04","complete":["launcher"]}}\n'
            for name in PARTIES
        )
    )


main()

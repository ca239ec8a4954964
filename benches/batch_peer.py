"""The twenty totals of benches/batch/agreement.md in DuckDB's SQL, by hand, from the Parquet file to the answers.

Usage: batch_peer.py FOLDER THREADS OUT.csv       (needs duckdb)

OUT.csv gets a line `sum,LIMIT,PARTY,DAYS BROKEN,VALUE` for each limit and party, as the engine's list has it.
"""

import pathlib
import sys

import duckdb

# The items that a total is of, what each adds to it, and the ceiling.
LIMITS = [
    ("kind = 'ICBM' AND status = 'deployed'", "1", 4200),
    ("kind = 'SLBM' AND status = 'deployed'", "1", 4200),
    ("kind = 'bomber' AND status = 'deployed'", "1", 4300),
    ("kind = 'cruise' AND status = 'deployed'", "1", 4400),
    ("kind = 'glider' AND status = 'deployed'", "1", 4500),
    ("kind = 'ICBM' AND status = 'deployed'", "warheads", 21000),
    ("kind = 'SLBM' AND status = 'deployed'", "warheads", 21000),
    ("kind = 'bomber' AND status = 'deployed'", "warheads", 21500),
    ("kind = 'cruise' AND status = 'deployed'", "warheads", 22000),
    ("kind = 'glider' AND status = 'deployed'", "warheads", 22500),
    ("true", "1", 39200),
    ("status = 'deployed'", "1", 21000),
    ("status = 'stored'", "1", 10500),
    ("status = 'tested'", "1", 10500),
    ("true", "warheads", 196000),
    ("status = 'deployed'", "warheads", 105000),
    ("basing = 'road' AND kind IN ('ICBM', 'glider')", "1", 3930),
    ("status = 'deployed' AND warheads > 3", "1", 13500),
    ("status = 'deployed' AND kind IN ('ICBM', 'SLBM', 'bomber')", "1", 12600),
    ("status <> 'deployed' AND basing IN ('sea', 'air')", "1", 10400),
]

# What a change adds is what the item counts now less what it counted before; two changes of one day follow each other as in the file.
# Of the four forms of this query that were tried (a difference for each total, stretches with their ends in a second grouping, one
# grouping of both ends), this was the quickest and took the least memory.
ATTRIBUTES = ["kind", "status", "basing", "warheads", "gone"]
QUERY = """
WITH changes AS (
    SELECT day, party, {attributes}, {before}
    FROM read_parquet('{file}', file_row_number = true)
    WINDOW of_item AS (PARTITION BY party, item ORDER BY day, file_row_number)
),
daily AS (
    SELECT day, party, {steps} FROM changes GROUP BY day, party
),
levels AS (
    SELECT day, party, lead(day, 1, DATE '{end}') OVER upto - day AS days, {levels}
    FROM daily
    WINDOW upto AS (PARTITION BY party ORDER BY day)
)
SELECT party, {answers} FROM levels GROUP BY party ORDER BY party
"""


def counted(where: str, amount: str, prefix: str) -> str:
    for attribute in ATTRIBUTES:
        where, amount = where.replace(attribute, prefix + attribute), amount.replace(attribute, prefix + attribute)
    return f"coalesce(CASE WHEN NOT {prefix}gone AND {where} THEN {amount} ELSE 0 END, 0)"


def query(file: pathlib.Path) -> str:
    totals = list(enumerate(LIMITS, 1))
    return QUERY.format(
        file=file,
        end="2026-02-05",
        attributes=", ".join(ATTRIBUTES),
        before=", ".join(f"lag({attribute}) OVER of_item AS old_{attribute}" for attribute in ATTRIBUTES),
        steps=", ".join(
            f"sum({counted(where, amount, '')} - {counted(where, amount, 'old_')}) AS n{n}" for n, (where, amount, _) in totals
        ),
        levels=", ".join(f"sum(n{n}) OVER upto AS n{n}" for n, _ in totals),
        answers=", ".join(
            f"coalesce(sum(days) FILTER (n{n} > {ceiling}), 0), arg_max(n{n}, day)" for n, (_, _, ceiling) in totals
        ),
    )


def main() -> None:
    folder, threads, out = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    connection = duckdb.connect(config={"threads": threads})
    rows = connection.execute(query(folder / "changes.parquet")).fetchall()
    with open(out, "w", encoding="utf-8") as file:
        for number in range(len(LIMITS)):
            for row in rows:
                broken, value = row[1 + 2 * number], row[2 + 2 * number]
                file.write(f"sum,{number + 1},{row[0]},{broken},{value},{value}\n")


main()

# Reads every table of the result folders given as arguments and compares types and values with columns.csv.
# The test puts in front of it: `tool`, and `kadry(folder, name)` as docs/analysis.md defines it for the tool.

import csv
import itertools
import os
import sys

faults = []


def dictionary(folder, name):
    with open(f"{folder}/columns.csv", newline="") as file:
        return {row["column"]: row["type"] for row in csv.DictReader(file) if row["file"] == name}


def cells(folder, name):
    with open(f"{folder}/{name}", newline="") as file:
        header, *rows = csv.reader(file)
    return {column: [row[place] for row in rows] for place, column in enumerate(header)}


def word(kind):
    """The type of a column in the words of columns.csv."""
    if tool == "duckdb":
        name = str(kind)
        return "text" if name == "VARCHAR" else "integer" if "INT" in name else "real" if name == "DOUBLE" else name
    if tool == "polars":
        return "text" if kind == pl.String else "integer" if kind.is_integer() else "real" if kind.is_float() else kind
    types = pd.api.types
    if types.is_integer_dtype(kind):
        return "integer"
    if types.is_float_dtype(kind):
        return "real"
    return "text" if types.is_string_dtype(kind) or types.is_object_dtype(kind) else kind


def types(frame):
    if tool == "polars":
        return {column: word(kind) for column, kind in frame.schema.items()}
    if tool == "pandas":
        return {column: word(kind) for column, kind in frame.dtypes.items()}
    return dict(zip(frame.columns, map(word, frame.types)))


def default(paths):
    """Types by default settings, of one file or of several under each other."""
    if tool == "polars":
        return types(pl.scan_csv(paths).collect())
    if tool == "pandas":
        return types(pd.concat([pd.read_csv(path) for path in paths]))
    return types(duckdb.read_csv(paths))


def read(folder, name):
    return duckdb.sql(f"FROM kadry('{folder}', '{name}')") if tool == "duckdb" else kadry(folder, name)


def stack(one, other):
    if tool == "polars":
        return pl.concat([one, other])
    return pd.concat([one, other], ignore_index=True) if tool == "pandas" else one.union(other)


def values(frame):
    if tool == "polars":
        return {column: frame[column].to_list() for column in frame.columns}
    if tool == "pandas":
        return {c: frame[c].astype(object).where(frame[c].notna(), None).to_list() for c in frame.columns}
    return dict(zip(frame.columns, zip(*frame.fetchall())))


def stated(kind):
    return "text" if kind == "month" else kind


def excused(found, kind, columns):
    """The exceptions that docs/analysis.md lists."""
    if tool == "pandas" and kind == "integer" and len(columns) > 1:
        large = [any(cell and int(cell) >= 2**63 for cell in column) for column in columns]
        if any(large) and not all(large):
            return found == "real"
    if tool == "pandas":
        return kind == "integer" and found == "real" and any("" in column for column in columns)
    rows = 100 if tool == "polars" else None
    return found == "text" and any(not any(column[:rows]) for column in columns)


def check_default(folders, name):
    columns = dictionary(folders[0], name)
    tables = [cells(folder, name) for folder in folders]
    found = default([f"{folder}/{name}" for folder in folders])
    for column, kind in columns.items():
        of = [table[column] for table in tables]
        if found[column] != stated(kind) and not excused(found[column], kind, of):
            faults.append(f"{folders} {name} {column}: {found[column]} by default, not {kind}")


def check_read(frame, folders, name):
    columns = dictionary(folders[0], name)
    expected = {column: stated(kind) for column, kind in columns.items()}
    if types(frame) != expected:
        faults.append(f"{folders} {name}: {types(frame)} with types, not {expected}")
    convert = {"text": str, "integer": int, "real": float}
    for column, got in values(frame).items():
        written = list(itertools.chain(*(cells(folder, name)[column] for folder in folders)))
        numbers = [convert[expected[column]](cell) if cell else None for cell in written]
        if list(got) != numbers:
            faults.append(f"{folders} {name} {column}: the values differ from the file")


def tables(folder):
    return {name for name in os.listdir(folder) if name.endswith(".csv")}


count = 0
for folder in sys.argv[1].split(","):
    for name in sorted(tables(folder) - {"columns.csv"}):
        check_default([folder], name)
        check_read(read(folder, name), [folder], name)
        count += 1
for pair in sys.argv[2].split(","):
    one, other = pair.split("+")
    for name in sorted((tables(one) & tables(other)) - {"columns.csv"}):
        check_default([one, other], name)
        check_read(stack(read(one, name), read(other, name)), [one, other], name)
        count += 1
print(f"{count} tables read by {tool}")
sys.exit("\n".join(faults) if faults else 0)

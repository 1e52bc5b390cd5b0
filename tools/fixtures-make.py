"""Called by tools/fixtures, which says what this is."""
import os
import shutil
import sys

import fixtures_files
import fixtures_tables

FORM = """\
One JSON object a line, keys in schema order: integers as numbers, floating-point numbers with the fewest digits that give back the
value in its own width (`"NaN"`, `"Infinity"`, `"-Infinity"` as strings), decimals as strings with their scale, binary as lower-case
hex, dates as `YYYY-MM-DD`, timestamps with six digits (nine for nanoseconds) and `Z` when they are instants, structs as objects,
lists as arrays, maps as arrays of `[key, value]` (sorted by the key's text for tables, in file order for files), nulls as `null`.
"""


def main(root):
    import json

    for kind in ("tables", "files"):
        shutil.rmtree(os.path.join(root, kind), ignore_errors=True)
        os.makedirs(os.path.join(root, kind))
    tables = fixtures_tables.make(os.path.join(root, "tables"))
    files = fixtures_files.make(os.path.join(root, "files"))
    with open(os.path.join(root, "catalogue.json"), "w", encoding="utf-8") as out:
        json.dump({"tables": tables, "files": files}, out, indent=1, ensure_ascii=False)
        out.write("\n")
    with open(os.path.join(root, "README.md"), "w", encoding="utf-8") as out:
        out.write("# Fixtures\n\nTables and files that other implementations wrote, each with the rows that two of them read "
                  "from it. `tools/fixtures` makes\nthem and this page; `catalogue.json` is the same for programs.\n\n## Tables\n\n"
                  "`tables/NAME` is the table, `tables/NAME.vN.jsonl` the rows of version N (in no particular order), "
                  "`tables/NAME.changes.jsonl`\nthe change data feed without its commit timestamps.\n\n"
                  "| table | what it holds | tags | versions | written by | rows read by |\n|---|---|---|---|---|---|\n")
        for entry in tables:
            versions = ", ".join(map(str, entry["versions"]))
            out.write(f"| `{entry['name']}` | {entry['about']} | {', '.join(entry['tags'])} | {versions} | {entry['writer']} | "
                      f"{', '.join(entry['readers'])} |\n")
        out.write("\n## Files\n\n`files/NAME` is the file, `files/NAME.jsonl` its rows in order.\n\n"
                  "| file | what it holds | tags | written by | rows read by |\n|---|---|---|---|---|\n")
        for entry in files:
            out.write(f"| `{entry['name']}` | {entry['about']} | {', '.join(entry['tags'])} | {entry['writer']} | "
                      f"{', '.join(entry['readers'])} |\n")
        out.write("\n## Expected rows\n\n" + FORM)
    print(f"fixtures: made {len(tables)} tables and {len(files)} files")


if __name__ == "__main__":
    main(sys.argv[1])

"""What came of the tables: one line each, then all that was refused or wrong, in the peers' words."""
import collections
import threading

RANK = ["WRONG", "own fault", "refuses", "equal", "not tried"]


class Result:
    def __init__(self, case):
        self.case = case
        self.notes = collections.defaultdict(list)
        self.remarks = []
        self.lock = threading.Lock()

    def note(self, column, status, stage, words):
        with self.lock:
            self.notes[column].append((status, stage, words))

    @property
    def is_wrong(self):
        return any(status == "WRONG" for notes in self.notes.values() for status, _, _ in notes)

    def cell(self, column):
        """The worst that was seen, and how often where it was not always so."""
        seen = [status for status, _, _ in self.notes.get(column, [])]
        if not seen:
            return "-"
        worst = min(seen, key=RANK.index)
        count = seen.count(worst)
        return worst if count == len(seen) or worst == "equal" else f"{worst} {count}/{len(seen)}"


def progress(result):
    cells = {column: result.cell(column) for column in result.notes}
    odd = ", ".join(f"{column} {cell}" for column, cell in sorted(cells.items()) if cell != "equal")
    print(f"  {result.case.name}: {odd or 'equal for all'}", flush=True)
    for column, notes in sorted(result.notes.items()):
        for status, stage, words in notes:
            if status == "WRONG":
                print(f"    WRONG {column}, {stage}: {words}", flush=True)


def text(results, readers, writers):
    columns = ["log", "ours", *readers, *("+" + writer for writer in writers)]
    rows = [["table", *columns]] + [[result.case.name, *(result.cell(column) for column in columns)] for result in results]
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    lines = [""]
    for index, row in enumerate(rows):
        lines.append("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
        if index == 0:
            lines.append("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    for status, title in (("refuses", "Refused"), ("own fault", "Wrong by the peer's own fault"), ("WRONG", "WRONG")):
        lines += sentences(results, columns, status, title)
    return "\n".join(lines) + "\n"


def sentences(results, columns, status, title):
    """Words that are alike are said once, with the tables that they were said of."""
    said = collections.defaultdict(list)
    for result in results:
        for column in columns:
            for seen, stage, words in result.notes.get(column, []):
                if seen == status and status == "refuses":
                    said[column, gist(words, result)].append(result.case.name)
                elif seen == status:
                    said[column, words if words.endswith(")") and status == "own fault" else f"{stage}: {words}"].append(result.case.name)
    if not said:
        return []
    lines = ["", f"## {title}", ""]
    for (column, words), names in said.items():
        lines.append(f"- {column}: {', '.join(dict.fromkeys(names))}: {words}")
    return lines


def gist(words, result):
    """Without what differs from one file to the next."""
    import re
    words = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "…", words)
    words = re.sub(r"(file://)?/\S*/" + re.escape(result.case.name), "…", words)
    return words[:300]

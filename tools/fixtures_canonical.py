"""Arrow columns as canonical JSON rows: every value exact and spelt one way. See Fixtures/README.md for the form."""
import decimal
import json
import struct

import pyarrow as pa
import pyarrow.types as is_

decimal.getcontext().prec = 80
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def civil(days):
    """Year, month and day of the proleptic Gregorian calendar, which datetime stops at years 1 and 9999."""
    days += 719468
    era, day = divmod(days, 146097)
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    return year + era * 400 + (month >= 10), (month + 2) % 12 + 1, day - (153 * month + 2) // 5 + 1


def date_text(days):
    year, month, day = civil(days)
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}"


def time_text(value, unit):
    second, fraction = divmod(value, PER_SECOND[unit])
    digits = 9 if unit == "ns" else 6
    fraction = fraction * 10**digits // PER_SECOND[unit]
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.{fraction:0{digits}d}"


def timestamp_text(value, unit, zone):
    day, rest = divmod(value, 86400 * PER_SECOND[unit])
    return f"{date_text(day)}T{time_text(rest, unit)}{'Z' if zone else ''}"


def float_value(value, width):
    """The shortest decimal that gives back the value in its own width."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if width == 8:
        return float(value)
    form = "<f" if width == 4 else "<e"
    for digits in range(1, 18):
        short = float(f"{value:.{digits}g}")
        try:
            if struct.unpack(form, struct.pack(form, short))[0] == value:
                return short
        except OverflowError:
            pass
    return float(value)


def decimal_text(value, scale):
    # Arrow hands decimals out with their full scale.
    return f"{value:.{scale}f}"


def column(array, sort_maps):
    """The canonical values of an array, one a row."""
    if isinstance(array, pa.ChunkedArray):
        return [value for chunk in array.chunks for value in column(chunk, sort_maps)]
    if isinstance(array, pa.ExtensionArray):
        if str(array.type) == "extension<arrow.uuid>":
            return [None if v is None else uuid(v) for v in array.storage.to_pylist()]
        array = array.storage
    kind = array.type
    if is_.is_dictionary(kind):
        return column(array.dictionary_decode(), sort_maps)
    valid = array.is_valid().to_pylist()
    if is_.is_struct(kind):
        fields = [(kind.field(i).name, column(array.field(i), sort_maps)) for i in range(kind.num_fields)]
        return [{name: values[i] for name, values in fields} if ok else None for i, ok in enumerate(valid)]
    if is_.is_map(kind):
        keys, values, offsets = column(array.keys, sort_maps), column(array.items, sort_maps), array.offsets.to_pylist()
        rows = [[[keys[i], values[i]] for i in range(offsets[row], offsets[row + 1])] for row in range(len(array))]
        if sort_maps:
            rows = [sorted(row, key=lambda entry: line(entry[0])) for row in rows]
        return [row if ok else None for row, ok in zip(rows, valid)]
    if is_.is_list(kind) or is_.is_large_list(kind):
        values, offsets = column(array.values, sort_maps), array.offsets.to_pylist()
        return [values[offsets[i]:offsets[i + 1]] if ok else None for i, ok in enumerate(valid)]
    return leaves(array, kind)


def leaves(array, kind):
    def each(values, spell):
        return [None if value is None else spell(value) for value in values]

    if is_.is_null(kind):
        return [None] * len(array)
    if is_.is_date32(kind):
        return each(array.view(pa.int32()).to_pylist(), date_text)
    if is_.is_timestamp(kind):
        return each(array.view(pa.int64()).to_pylist(), lambda v: timestamp_text(v, kind.unit, kind.tz))
    if is_.is_time32(kind):
        return each(array.view(pa.int32()).to_pylist(), lambda v: time_text(v, kind.unit))
    if is_.is_time64(kind):
        return each(array.view(pa.int64()).to_pylist(), lambda v: time_text(v, kind.unit))
    if is_.is_floating(kind):
        return each(array.to_pylist(), lambda v: float_value(float(v), kind.bit_width // 8))
    if is_.is_decimal(kind):
        return each(array.to_pylist(), lambda v: decimal_text(v, kind.scale))
    if is_.is_binary(kind) or is_.is_large_binary(kind) or is_.is_fixed_size_binary(kind) or str(kind) == "binary_view":
        return each(array.to_pylist(), bytes.hex)
    return array.to_pylist()


def uuid(value):
    text = bytes(value).hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def line(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def lines(table, sort_maps):
    columns = [(name, column(table.column(name), sort_maps)) for name in table.column_names]
    return [line({name: values[row] for name, values in columns}) for row in range(table.num_rows)]

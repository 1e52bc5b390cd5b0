"""The tables of the matrix: a function each, whose first line says what the table has in it."""
ALL = []


class Case:
    def __init__(self, make, needs, checkpointed, appended):
        self.make, self.name, self.needs = make, make.__name__.replace("_", "-"), needs
        self.group = make.__module__.removeprefix("cases_")
        self.title = make.__doc__.split("\n")[0].rstrip(".")
        self.is_checkpointed, self.is_appended = checkpointed, appended


def case(make=None, needs=(), checkpointed=True, appended=True):
    """`needs`: features that are in the protocol. `checkpointed`: read from a checkpoint alone, too. `appended`: others write to
    it, too."""
    if make is None:
        return lambda make: case(make, needs, checkpointed, appended)
    ALL.append(Case(make, needs, checkpointed, appended))
    return make


PLAIN = [("id", "long"), ("name", "string"), ("km", "double"), ("day", "date")]

# Every type but variant, which Arrow can't write.
EVERY = [
    ("boolean", "boolean"), ("byte", "byte"), ("short", "short"), ("integer", "integer"), ("long", "long"), ("float", "float"),
    ("double", "double"), ("small", "decimal(5,2)"), ("middle", "decimal(18,6)"), ("large", "decimal(38,18)"), ("string", "string"),
    ("binary", "binary"), ("date", "date"), ("timestamp", "timestamp"), ("ntz", "timestamp_ntz"),
]


def load():
    """All cases, in the order of their files."""
    import cases_types  # noqa: F401
    import cases_partitions  # noqa: F401
    import cases_features  # noqa: F401
    import cases_changes  # noqa: F401
    import cases_files  # noqa: F401
    return ALL

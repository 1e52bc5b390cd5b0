/// What SQL has and this layer has not (yet): refused by name, so that nothing is taken for something else.
enum UnsupportedSyntax {
  /// What a word behind the table begins.
  static let clauses: [String: String] = [
    "GROUP": "GROUP BY", "HAVING": "HAVING", "ORDER": "ORDER BY", "SORT": "SORT BY", "CLUSTER": "CLUSTER BY",
    "DISTRIBUTE": "DISTRIBUTE BY", "WINDOW": "WINDOW", "QUALIFY": "QUALIFY", "OFFSET": "OFFSET", "FETCH": "FETCH",
    "UNION": "UNION", "INTERSECT": "INTERSECT", "EXCEPT": "EXCEPT", "MINUS": "MINUS", "JOIN": "JOIN",
    "INNER": "INNER JOIN", "LEFT": "LEFT JOIN", "RIGHT": "RIGHT JOIN", "FULL": "FULL JOIN", "CROSS": "CROSS JOIN",
    "SEMI": "SEMI JOIN", "ANTI": "ANTI JOIN", "NATURAL": "NATURAL JOIN", "LATERAL": "LATERAL", "PIVOT": "PIVOT",
    "UNPIVOT": "UNPIVOT", "TABLESAMPLE": "TABLESAMPLE", "FOR": "FOR", "USING": "USING", "OVER": "OVER",
    "FILTER": "FILTER",
  ]

  /// First words of statements that change or describe.
  static let statements: Set<String> = [
    "INSERT", "UPDATE", "DELETE", "MERGE", "CREATE", "DROP", "ALTER", "TRUNCATE", "REPLACE", "RESTORE", "OPTIMIZE",
    "VACUUM", "COPY", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "USE", "SET", "CALL", "ANALYZE",
  ]

  /// First words of queries.
  static let queries: Set<String> = ["WITH", "VALUES", "TABLE", "FROM"]

  static let aggregates: Set<String> = [
    "COUNT", "SUM", "AVG", "MEAN", "MIN", "MAX", "STDDEV", "STDDEV_POP", "STDDEV_SAMP", "VARIANCE", "VAR_POP",
    "VAR_SAMP", "MEDIAN", "MODE", "PERCENTILE", "FIRST", "LAST", "ANY_VALUE", "BOOL_AND", "BOOL_OR", "EVERY",
    "COUNT_IF", "COLLECT_LIST", "COLLECT_SET", "ARRAY_AGG", "STRING_AGG", "LISTAGG", "MIN_BY", "MAX_BY",
    "APPROX_COUNT_DISTINCT", "CORR", "COVAR_POP", "COVAR_SAMP",
  ]
}

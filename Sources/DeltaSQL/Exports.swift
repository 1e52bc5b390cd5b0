// `import DeltaSQL` is enough: the types of its signatures come with it.
@_exported public import DeltaLake

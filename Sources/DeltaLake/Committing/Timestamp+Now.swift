public import DeltaLog

extension Timestamp {
  /// The machine's clock, to the millisecond.
  public static func now() -> Timestamp { Surroundings.current.now() }
}

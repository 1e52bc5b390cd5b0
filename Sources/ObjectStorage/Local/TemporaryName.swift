/// Names of files that are not yet whole.
package enum TemporaryName {
  private static let prefix = ".deltalake-"
  private static let suffix = ".tmp"

  /// A name that nothing has, to all likelihood.
  package static func random() -> String { name(UInt64.random(in: 0...UInt64.max)) }

  package static func name(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return prefix + String(repeating: "0", count: 16 - digits.utf8.count) + digits + suffix
  }

  /// Whether a writer that was killed may have left a file of this name. One of them may be in use while it is young.
  package static func matches(_ name: some StringProtocol) -> Bool {
    guard name.utf8.count == prefix.utf8.count + 16 + suffix.utf8.count, name.hasPrefix(prefix), name.hasSuffix(suffix)
    else { return false }
    return name.utf8.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count).allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
      default: false
      }
    }
  }
}

/// A text that equals another only when their bytes are the same.
///
/// To `String`, an é of one character and an é of two are equal. To a table they are two values: what tells values apart, or
/// finds one again, must not hold them for one.
package struct ExactText: Hashable, Sendable {
  package let string: String

  package init(_ string: String) {
    self.string = string
  }

  package static func == (a: ExactText, b: ExactText) -> Bool {
    a.string.utf8.elementsEqual(b.string.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    var copy = string
    copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(0xFF as UInt8)
  }
}

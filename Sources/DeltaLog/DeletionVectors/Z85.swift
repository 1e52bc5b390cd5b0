/// ZeroMQ's Base85: four bytes, big-endian, as five characters that need no escape in JSON.
///
/// Spec: Delta § Deletion Vector Descriptor Schema
package enum Z85 {
  private static let alphabet = Array(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".utf8)

  /// The digit of each character, or 255.
  private static let digits: [UInt8] = {
    var digits = [UInt8](repeating: 255, count: 256)
    for (digit, character) in alphabet.enumerated() { digits[Int(character)] = UInt8(digit) }
    return digits
  }()

  /// The bytes, or `nil` when the text is not Z85: a length that is no multiple of 5, a foreign character, or a
  /// group beyond 32 bits.
  package static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count % 5 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(characters.count / 5 * 4)
    for start in stride(from: 0, to: characters.count, by: 5) {
      var group: UInt64 = 0
      for character in characters[start..<start + 5] {
        let digit = digits[Int(character)]
        guard digit < 85 else { return nil }
        group = group * 85 + UInt64(digit)
      }
      guard let word = UInt32(exactly: group) else { return nil }
      bytes.append(UInt8(word >> 24))
      bytes.append(UInt8(truncatingIfNeeded: word >> 16))
      bytes.append(UInt8(truncatingIfNeeded: word >> 8))
      bytes.append(UInt8(truncatingIfNeeded: word))
    }
    return bytes
  }

  /// The text of the bytes, which are filled up to a multiple of 4 with zeros.
  package static func encode(_ bytes: [UInt8]) -> String {
    var characters: [UInt8] = []
    characters.reserveCapacity((bytes.count + 3) / 4 * 5)
    for start in stride(from: 0, to: bytes.count, by: 4) {
      var word: UInt32 = 0
      for index in start..<start + 4 { word = word << 8 | (index < bytes.count ? UInt32(bytes[index]) : 0) }
      var group = [UInt8](repeating: 0, count: 5)
      for place in (0..<5).reversed() {
        group[place] = alphabet[Int(word % 85)]
        word /= 85
      }
      characters.append(contentsOf: group)
    }
    return String(decoding: characters, as: UTF8.self)
  }
}

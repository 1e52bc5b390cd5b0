internal import Columnar

/// Variants: a 16-bit length of the metadata, the metadata, the value.
struct VariantTarget: FuzzTarget {
  let name = "variant"
  let maximumSize = 4 << 10

  func run(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 2 else { return }
    let cut = min(bytes.count, 2 + Int(UInt16(littleEndian: bytes.loadUnaligned(as: UInt16.self))))
    let metadata = Buffer(copying: UnsafeRawBufferPointer(rebasing: bytes[2..<cut]))
    let value = Buffer(copying: UnsafeRawBufferPointer(rebasing: bytes[cut...]))
    guard let variant = try? VariantValue(metadata: metadata, value: value) else { return }
    var canonical = TextBuffer()
    _ = try? variant.appendJSON(to: &canonical, .canonical)
    walk(variant, depth: 0)
    guard let json = try? variant.json() else { return }
    // Written by names of its own and by the source's, it is the same value.
    for keepsNames in [false, true] {
      var builder = VariantBuilder()
      if keepsNames { builder.reset(extending: variant.metadata) }
      guard (try? builder.append(variant)) != nil, let names = try? builder.metadata() else { continue }
      let copy = try? VariantValue(metadata: names, value: Buffer(copying: builder.value)).json()
      claim(copy == json, "a variant built again prints as \(copy ?? "nothing"), not as \(json)")
    }
  }

  private func walk(_ variant: VariantValue, depth: Int) {
    guard depth < 4, let content = try? variant.content() else { return }
    _ = try? variant.valueBytes()
    _ = try? variant.string()
    switch content {
    case .object(let object):
      for index in 0..<min(16, object.count) {
        if let name = try? object.name(at: index) { _ = try? object[name] }
        if let value = try? object.value(at: index) { walk(value, depth: depth + 1) }
      }
    case .array(let array):
      for index in 0..<min(16, array.count) {
        if let value = try? array.value(at: index) { walk(value, depth: depth + 1) }
      }
    default: break
    }
  }

  func seeds(from file: SeedFile) -> [[UInt8]] { [] }

  var builtInSeeds: [[UInt8]] {
    var seeds: [[UInt8]] = []
    func add(_ build: (inout VariantBuilder) throws -> Void) {
      var builder = VariantBuilder()
      guard (try? build(&builder)) != nil, let metadata = try? builder.metadata() else { return }
      let names = metadata.values(of: UInt8.self)
      seeds.append([UInt8(names.count & 255), UInt8(names.count >> 8)] + names + builder.value)
    }
    add { $0.appendNull() }
    add { $0.append(true) }
    add { $0.append(Int8(-3)) }
    add { $0.append(Int64.min) }
    add { $0.append(1.5) }
    add { $0.append(decimal: 12345, scale: 2) }
    add { $0.append(date: 19_000) }
    add { $0.append(timestamp: 1_700_000_000_000_000, .microseconds) }
    add { $0.append(timestampNtz: 1_700_000_000_000_000_000, .nanoseconds) }
    add { $0.append(time: 3_600_000_000) }
    add { $0.append("text") }
    add { $0.append(String(repeating: "long text ", count: 20)) }
    add { builder in [UInt8](0..<16).withUnsafeBytes { builder.append(uuid: $0) } }
    add { builder in [UInt8](0..<40).withUnsafeBytes { builder.append(binary: $0) } }
    add { builder in
      try builder.beginObject()
      for name in ["b", "a", "long name"] {
        try builder.field(name)
        try builder.beginArray()
        for value in 0..<3 { builder.append(Int32(value)) }
        builder.append(name)
        try builder.endArray()
      }
      try builder.endObject()
    }
    add { builder in
      try builder.beginArray()
      for value in 0..<300 { builder.append(Int16(value)) }
      try builder.endArray()
    }
    return seeds
  }
}

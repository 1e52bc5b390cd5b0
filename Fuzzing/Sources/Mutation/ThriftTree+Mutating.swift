extension ThriftTree {
  /// Changes one value, anywhere in the tree.
  mutating func mutate(_ random: inout SeededRandom) {
    var position = random.below(nodeCount)
    let donor = random.chance(of: 10) ? node(at: random.below(nodeCount)) : nil
    change(&position, donor, &random)
  }

  private var nodeCount: Int { 1 + children.reduce(0) { $0 + $1.nodeCount } }

  private var children: [ThriftTree] {
    switch self {
    case .list(_, _, let elements, _): elements
    case .map(_, _, let pairs): pairs
    case .structure(let fields): fields.map(\.value)
    default: []
    }
  }

  /// In the order of reading.
  private func node(at index: Int) -> ThriftTree {
    if index == 0 { return self }
    var rest = index - 1
    for child in children {
      let count = child.nodeCount
      if rest < count { return child.node(at: rest) }
      rest -= count
    }
    return self
  }

  /// `position` counts down to the node that is changed.
  private mutating func change(_ position: inout Int, _ donor: ThriftTree?, _ random: inout SeededRandom) {
    if position == 0 {
      position = -1
      if let donor { self = donor } else { changeHere(&random) }
      return
    }
    position -= 1
    switch self {
    case .list(let type, let element, var elements, let claimed):
      for index in elements.indices where position >= 0 { elements[index].change(&position, donor, &random) }
      self = .list(type: type, element: element, elements, claimed: claimed)
    case .map(let key, let value, var pairs):
      for index in pairs.indices where position >= 0 { pairs[index].change(&position, donor, &random) }
      self = .map(key: key, value: value, pairs)
    case .structure(var fields):
      for index in fields.indices where position >= 0 { fields[index].value.change(&position, donor, &random) }
      self = .structure(fields)
    default: break
    }
  }

  private mutating func changeHere(_ random: inout SeededRandom) {
    switch self {
    case .boolean(let value): self = .boolean(!value)
    case .byte: self = .byte(UInt8(truncatingIfNeeded: random.next()))
    case .integer(let type, let value): self = .integer(type: type, Self.changed(value, &random))
    case .double: self = .double(random.next())
    case .binary(let data): self = .binary(LibFuzzer.mutated(data, growingBy: 16))
    case .list(let type, let element, var elements, _):
      var claimed: UInt64?
      switch random.below(6) {
      case 0 where !elements.isEmpty: elements.remove(at: random.below(elements.count))
      case 1 where !elements.isEmpty: elements.append(elements[random.below(elements.count)])
      case 2 where elements.count > 1: elements.swapAt(random.below(elements.count), random.below(elements.count))
      case 3: elements = []
      case 4: claimed = [UInt64(elements.count) + 1, 1 << 31, UInt64(UInt32.max), UInt64.max][random.below(4)]
      default: elements.shuffle(using: &random)
      }
      self = .list(type: type, element: element, elements, claimed: claimed)
    case .map(let key, let value, let pairs):
      self = .map(key: key, value: value, Array(pairs.dropLast(random.below(pairs.count + 1))))
    case .structure(var fields):
      guard !fields.isEmpty else { return self = .structure([Field(id: 1, value: .integer(type: 5, 0))]) }
      let index = random.below(fields.count)
      switch random.below(4) {
      case 0: fields.remove(at: index)
      case 1: fields.append(fields[index])
      case 2: fields[index].id = Int16(1 + random.below(20))
      default: fields.swapAt(index, random.below(fields.count))
      }
      self = .structure(fields)
    }
  }

  private static func changed(_ value: Int64, _ random: inout SeededRandom) -> Int64 {
    switch random.below(8) {
    case 0: value &+ 1
    case 1: value &- 1
    case 2: 0 &- value
    case 3: Int64(random.below(16))
    case 4: value &+ Int64(random.below(64)) &- 32
    case 5: value &<< Int64(random.below(8))
    case 6: 1 &<< Int64(random.below(64))
    default: [0, -1, .max, .min, Int64(Int32.max), Int64(Int32.min), Int64(UInt32.max), 1 << 62][random.below(8)]
    }
  }
}

extension RoaringBitmapArray {
  /// The positions of either set.
  public func union(_ other: RoaringBitmapArray) -> RoaringBitmapArray {
    merged(with: other, keepingOwn: true, keepingOther: true) { $0 | $1 }
  }

  /// The positions of this set that the other lacks.
  public func subtracting(_ other: RoaringBitmapArray) -> RoaringBitmapArray {
    merged(with: other, keepingOwn: true, keepingOther: false) { $0 & ~$1 }
  }

  /// The positions that both sets have.
  public func intersection(_ other: RoaringBitmapArray) -> RoaringBitmapArray {
    merged(with: other, keepingOwn: false, keepingOther: false) { $0 & $1 }
  }

  private func merged(
    with other: RoaringBitmapArray, keepingOwn: Bool, keepingOther: Bool, _ combine: (UInt64, UInt64) -> UInt64
  ) -> RoaringBitmapArray {
    var keys: [Int64] = []
    var containers: [RoaringContainer] = []
    func keep(_ key: Int64, _ container: RoaringContainer?) {
      guard let container else { return }
      keys.append(key)
      containers.append(container)
    }
    var (own, others) = (0, 0)
    while own < self.keys.count || others < other.keys.count {
      let ownKey = own < self.keys.count ? self.keys[own] : .max
      let otherKey = others < other.keys.count ? other.keys[others] : .max
      if ownKey < otherKey {
        if keepingOwn { keep(ownKey, self.containers[own]) }
        own += 1
      } else if otherKey < ownKey {
        if keepingOther { keep(otherKey, other.containers[others]) }
        others += 1
      } else {
        var words = self.containers[own].words
        let otherWords = other.containers[others].words
        for index in words.indices { words[index] = combine(words[index], otherWords[index]) }
        keep(ownKey, RoaringContainer(words: words))
        own += 1
        others += 1
      }
    }
    return RoaringBitmapArray(keys: keys, containers: containers)
  }
}

extension RoaringBitmapArray: Equatable {
  /// Whether the positions are the same, however they are stored.
  public static func == (left: RoaringBitmapArray, right: RoaringBitmapArray) -> Bool {
    left.keys == right.keys && left.cardinality == right.cardinality
      && zip(left.containers, right.containers).allSatisfy { $0.asRuns == $1.asRuns }
  }
}

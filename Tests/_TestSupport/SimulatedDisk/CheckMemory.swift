/// What checks have seen that found nothing wrong. A check that would see the same again need not be made: what it does
/// follows from the answers it gets.
///
/// It is a tree: the first call of a check, for each answer to it the next call, and so on. To look a disk up, the calls on
/// the way are made on a copy of it. So files that no check looks at, such as those that nothing names yet, make no
/// difference, in whatever state they are. A class, since it grows.
final class CheckMemory {
  /// A call of a check and its answer.
  struct Look: Sendable {
    let call: SimulatedCall
    /// Stands for the names and bytes that it saw.
    let answer: Fingerprint
    /// Makes the call again.
    let perform: @Sendable (inout SimulatedDisk, SimulatedDisk.Step) -> Fingerprint
  }

  private final class Node {
    var look: Look?
    var answers: [Fingerprint: Node] = [:]
    /// Whether a check ended here.
    var isEnd = false
    /// Whether checks went on from here in different ways, though they had seen the same.
    var isUncertain = false
  }

  private var starts: [Fingerprint: Node] = [:]

  /// What a check saw that has passed and would see the same of this disk; `nil` when there was none.
  ///
  /// - Parameter circumstances: stands for what a check knows besides the disk.
  func known(_ disk: SimulatedDisk, time: Int64, _ circumstances: Fingerprint) -> [Look]? {
    guard var node = starts[circumstances] else { return nil }
    let holder = DiskHolder(disk, time: time)
    var looks: [Look] = []
    while !node.isUncertain {
      if node.isEnd { return looks }
      guard let look = node.look else { return nil }
      let answer = holder.repeating(look)
      guard let next = node.answers[answer] else { return nil }
      looks.append(Look(call: look.call, answer: answer, perform: look.perform))
      node = next
    }
    return nil
  }

  /// Notes a check that passed.
  func insert(_ looks: [Look], _ circumstances: Fingerprint) {
    var node = starts[circumstances] ?? Node()
    starts[circumstances] = node
    for look in looks {
      if let known = node.look {
        if "\(known.call)" != "\(look.call)" { node.isUncertain = true }
      } else {
        node.look = look
        node.isUncertain = node.isEnd
      }
      let next = node.answers[look.answer] ?? Node()
      node.answers[look.answer] = next
      node = next
    }
    node.isEnd = true
    if node.look != nil { node.isUncertain = true }
  }
}

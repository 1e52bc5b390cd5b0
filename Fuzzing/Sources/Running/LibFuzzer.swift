internal import Foundation

// libFuzzer's mutation of plain bytes: a function of C. For arguments that are all words, Swift's calling convention is
// the same.
@_silgen_name("LLVMFuzzerMutate")
private func mutatePlainly(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int) -> Int

/// The process's one target: libFuzzer calls functions of C that can hold no context.
private nonisolated(unsafe) var current: (any FuzzTarget)!

enum LibFuzzer {
  /// Makes the target the one that libFuzzer's calls go to.
  ///
  /// - Returns: the options that it is to be run with.
  static func pick(_ target: any FuzzTarget) -> [String] {
    current = target
    return [
      "-max_len=\(target.maximumSize)", "-detect_leaks=0", "-rss_limit_mb=1024", "-malloc_limit_mb=256", "-timeout=60",
    ]
  }

  fileprivate static func test(_ bytes: UnsafeRawBufferPointer) {
    let start = processorTime()
    current.run(bytes)
    let seconds = processorTime() - start
    claim(seconds < secondsPerInput, "an input of \(bytes.count) bytes took \(seconds) s")
  }

  /// Of processor time, with sanitizers on, which take most of it. Wall time would blame an input for a busy machine.
  static let secondsPerInput = 2.0

  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The bytes after one of libFuzzer's own mutations.
  static func mutated(_ bytes: [UInt8], growingBy room: Int = 64) -> [UInt8] {
    var bytes = bytes
    let count = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: max(1, room)))
    let capacity = bytes.count
    let result = bytes.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { mutatePlainly($0, count, capacity) } ?? 0
    }
    bytes.removeLast(bytes.count - min(result, bytes.count))
    return bytes
  }

  fileprivate static func mutate(
    _ data: UnsafeMutablePointer<UInt8>, count: Int, capacity: Int, seed: UInt32
  ) -> Int {
    var random = SeededRandom(seed: UInt64(seed))
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let result = current.mutated(bytes, &random), result.count <= capacity, !result.isEmpty else {
      return mutatePlainly(data, count, capacity)
    }
    UnsafeMutableBufferPointer(start: data, count: capacity).baseAddress?.update(from: result, count: result.count)
    return result.count
  }
}

/// Called first by libFuzzer's `main`, with the process's arguments, which it then reads as they are left here.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
  let given = (1..<Int(count.pointee)).compactMap { arguments.pointee[$0].map { String(cString: $0) } }
  // libFuzzer insists on the same first word, the pointer to it included.
  let words = [arguments.pointee[0]] + FuzzCommand.begin(given).map { strdup($0) } + [nil]
  let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count)
  list.initialize(from: words, count: words.count)
  count.pointee = CInt(words.count - 1)
  arguments.pointee = list
  return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  LibFuzzer.test(UnsafeRawBufferPointer(start: data, count: count))
  return 0
}

@_cdecl("LLVMFuzzerCustomMutator")
public func customMutator(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int, _ seed: UInt32) -> Int {
  LibFuzzer.mutate(data, count: count, capacity: capacity, seed: seed)
}

import Columnar
import Synchronization
import Testing

@testable import DeltaLake

private struct Failure: Error, Equatable {}

/// A batch of `count` rows that all hold `value`.
private func batch(_ value: Int64, count: Int = 1) -> RecordBatch {
  let column = Column(longs: Array(repeating: value, count: count))
  return RecordBatch(schema: StructType([StructField("n", .long)]), columns: [column], rowCount: count)
}

private func value(of batch: RecordBatch) -> Int64? {
  guard case .fixed(let buffer) = batch.columns[0].storage else { return nil }
  return buffer.values(of: Int64.self).first
}

@Suite("The batch pipeline")
struct BatchPipelineTests {
  @Test("gives batches in the tasks' order, whatever the workers", arguments: [1, 2, 5])
  func ordered(workers: Int) async throws {
    let pipeline = BatchPipeline<RecordBatch>(workerCount: workers, window: 4, isOrdered: true) { $0.rowCount }
    pipeline.start { enqueue in
      for task in 0..<50 {
        try await enqueue { emit in
          for part in 0..<3 {
            if task % 7 == 0 { await Task.yield() }
            try await emit(batch(Int64(task * 3 + part)))
          }
        }
      }
    }
    var values: [Int64] = []
    while let batch = try await pipeline.next() { values.append(try #require(value(of: batch))) }
    #expect(values == Array(0..<150))
  }

  @Test("gives every batch once when the order doesn't matter")
  func unordered() async throws {
    let pipeline = BatchPipeline<RecordBatch>(workerCount: 3, window: 2, isOrdered: false) { $0.rowCount }
    pipeline.start { enqueue in
      for task in 0..<40 { try await enqueue { emit in try await emit(batch(Int64(task))) } }
    }
    var values: [Int64] = []
    while let batch = try await pipeline.next() { values.append(try #require(value(of: batch))) }
    #expect(values.sorted() == Array(0..<40))
  }

  @Test("ends at once without tasks, and skips tasks without batches", arguments: [true, false])
  func empty(isOrdered: Bool) async throws {
    let nothing = BatchPipeline<RecordBatch>(workerCount: 2, window: 2, isOrdered: isOrdered) { $0.rowCount }
    nothing.start { _ in }
    #expect(try await nothing.next() == nil)
    let silent = BatchPipeline<RecordBatch>(workerCount: 2, window: 2, isOrdered: isOrdered) { $0.rowCount }
    silent.start { enqueue in for _ in 0..<9 { try await enqueue { _ in } } }
    #expect(try await silent.next() == nil)
  }

  @Test("holds no more than its window while nobody takes")
  func bounded() async throws {
    let emitted = Mutex(0)
    let pipeline = BatchPipeline<RecordBatch>(workerCount: 2, window: 10, isOrdered: true) { $0.rowCount }
    pipeline.start { enqueue in
      for task in 0..<100 {
        try await enqueue { emit in
          try await emit(batch(Int64(task), count: 5))
          emitted.withLock { $0 += 1 }
        }
      }
    }
    _ = try await pipeline.next()
    try await Task.sleep(for: .milliseconds(50))
    #expect(emitted.withLock { $0 } <= 5)
    pipeline.cancel()
  }

  @Test("a task that waits for its turn goes on once the consumer comes to it", .timeLimit(.minutes(1)))
  func turn() async throws {
    let pipeline = BatchPipeline<RecordBatch>(workerCount: 3, window: 2, isOrdered: true) { $0.rowCount }
    let step = Mutex(0)
    @Sendable func reach(_ wanted: Int) async throws {
      while step.withLock({ $0 }) < wanted { try await Task.sleep(for: .milliseconds(1)) }
    }
    pipeline.start { enqueue in
      try await enqueue { emit in
        try await reach(2)
        try await emit(batch(0))
      }
      try await enqueue { emit in
        try await reach(1)
        step.withLock { $0 = 2 }
        try await emit(batch(1))
      }
      // Fills the window, so that the task before sleeps.
      try await enqueue { emit in
        try await emit(batch(2))
        try await emit(batch(3))
        step.withLock { $0 = 1 }
      }
    }
    var values: [Int64] = []
    for _ in 0..<4 {
      try await Task.sleep(for: .milliseconds(50))
      values.append(try #require(try await pipeline.next().flatMap(value(of:))))
    }
    #expect(values == [0, 1, 2, 3])
    #expect(try await pipeline.next() == nil)
  }

  @Test("a failing task fails the consumer")
  func failing() async throws {
    let pipeline = BatchPipeline<RecordBatch>(workerCount: 2, window: 10, isOrdered: true) { $0.rowCount }
    pipeline.start { enqueue in
      try await enqueue { _ in throw Failure() }
      try await enqueue { emit in try await emit(batch(1)) }
    }
    await #expect(throws: Failure.self) { while try await pipeline.next() != nil {} }
  }

  @Test("gives all that comes before a task that fails, however early it does", .timeLimit(.minutes(1)))
  func failingInOrder() async throws {
    let pipeline = BatchPipeline<RecordBatch>(workerCount: 3, window: 2, isOrdered: true) { $0.rowCount }
    let hasFailed = Mutex(false)
    pipeline.start { enqueue in
      try await enqueue { emit in
        while !hasFailed.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
        try await Task.sleep(for: .milliseconds(20))
        for value in Int64(0)..<20 { try await emit(batch(value)) }
      }
      try await enqueue { emit in
        try await emit(batch(20))
        hasFailed.withLock { $0 = true }
        throw Failure()
      }
      for _ in 0..<20 { try await enqueue { emit in while true { try await emit(batch(99)) } } }
    }
    var values: [Int64] = []
    await #expect(throws: Failure.self) {
      while let batch = try await pipeline.next() { values.append(try #require(value(of: batch))) }
    }
    #expect(values == Array(0...20))
    await #expect(throws: Failure.self) { try await pipeline.next() }
  }

  @Test("gives all tasks of a feeder that fails before its error")
  func failingFeeder() async throws {
    let pipeline = BatchPipeline<RecordBatch>(workerCount: 2, window: 9, isOrdered: true) { $0.rowCount }
    pipeline.start { enqueue in
      for task in Int64(0)..<3 { try await enqueue { emit in try await emit(batch(task)) } }
      throw Failure()
    }
    var count = 0
    await #expect(throws: Failure.self) { while try await pipeline.next() != nil { count += 1 } }
    #expect(count == 3)
  }

  @Test("a cancelled consumer stops, and the workers with it")
  func cancelled() async throws {
    let pipeline = BatchPipeline<RecordBatch>(workerCount: 2, window: 1, isOrdered: true) { $0.rowCount }
    let stopped = Mutex(0)
    pipeline.start { enqueue in
      for _ in 0..<4 {
        try await enqueue { emit in
          defer { stopped.withLock { $0 += 1 } }
          while true { try await emit(batch(1)) }
        }
      }
    }
    let consumer = Task { while try await pipeline.next() != nil {} }
    try await Task.sleep(for: .milliseconds(20))
    consumer.cancel()
    await #expect(throws: CancellationError.self) { try await consumer.value }
    for _ in 0..<100 where stopped.withLock({ $0 }) < 2 { try await Task.sleep(for: .milliseconds(10)) }
    #expect(stopped.withLock { $0 } == 2)
  }
}

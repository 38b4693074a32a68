import Testing

@testable import GenAPIServer

@Suite("The queue of the log")
struct LogQueueTests {
  private func line(_ bytes: Int) -> [UInt8] { [UInt8](repeating: 120, count: bytes) }

  @Test("lines without room are dropped and counted in their place, and those before them stay")
  func full() {
    var queue = LogQueue(limitBytes: 2 * (100 + LogQueue.overhead))
    for _ in 0..<5 { queue.append(line(100)) }
    #expect(queue.dropped == 3)
    #expect(queue.take(mostBytes: 1_000) == [.line(line(100)), .line(line(100)), .dropped(3)])
  }

  @Test("what is being written counts until it is written")
  func underWay() {
    var queue = LogQueue(limitBytes: 2 * (100 + LogQueue.overhead))
    for _ in 0..<2 { queue.append(line(100)) }
    let taken = queue.take(mostBytes: 1_000)
    queue.append(line(1))
    #expect(queue.dropped == 1)
    queue.wrote(taken, lost: false)
    #expect(queue.bytes == 0)
    queue.append(line(1))
    #expect(queue.take(mostBytes: 1_000) == [.dropped(1), .line(line(1))])
  }

  @Test("a million empty lines are bounded too")
  func empty() {
    var queue = LogQueue(limitBytes: 6_400)
    for _ in 0..<1_000_000 { queue.append([]) }
    #expect(queue.take(mostBytes: .max).count <= 6_400 / LogQueue.overhead + 1)
    #expect(queue.dropped == 1_000_000 - 100)
  }

  @Test("what could not be written is counted as dropped")
  func unwritten() {
    var queue = LogQueue(limitBytes: 1_000)
    queue.append(line(10))
    queue.append(line(10))
    queue.wrote(queue.take(mostBytes: 10), lost: true)
    #expect(queue.dropped == 1)
    #expect(!queue.isEmpty)
  }
}

import GenAPIGateway
import GenAPITesting
import Locking
import TestWaiting
import Testing

@testable import GenAPIChannels

@Suite("An answer that is kept for a while")
struct AnswerCacheTests {
  @Test("is thrown away when what it says has changed, however young it is")
  func mark() async {
    let mark = Atomic<Int>(0)
    let made = Atomic<Int>(0)
    let cache = AnswerCache(
      for: .seconds(1), clock: VirtualClock(), mark: { mark.load(ordering: .relaxed) }
    ) { HTTPAnswer(text: "\(made.add(1, ordering: .relaxed).newValue)") }
    for _ in 0..<3 { #expect(await cache.answer().body == Array("1\n".utf8)) }
    mark.store(1, ordering: .relaxed)
    for _ in 0..<3 { #expect(await cache.answer().body == Array("2\n".utf8)) }
  }

  @Test("is made on a thread of its own, not on one of those that all requests share")
  func thread() async {
    let cache = AnswerCache(for: .seconds(1), clock: VirtualClock()) {
      let executor = withUnsafeCurrentTask { $0?.unownedTaskExecutor }
      return HTTPAnswer(text: "\(executor == WorkThreads.reports.asUnownedTaskExecutor())")
    }
    #expect(await cache.answer().body == Array("true\n".utf8))
  }

  @Test("is not given to who asks after the change, when it was begun before it")
  func overtaken() async throws {
    let mark = Atomic<Int>(0)
    let made = Atomic<Int>(0)
    let (stream, source) = AsyncStream.makeStream(of: Void.self)
    let cache = AnswerCache(
      for: .seconds(1), clock: VirtualClock(), mark: { mark.load(ordering: .relaxed) }
    ) {
      let number = made.add(1, ordering: .relaxed).newValue
      if number == 1 { for await _ in stream {} }
      return HTTPAnswer(text: "\(number)")
    }
    async let early = cache.answer()
    try await eventually { made.load(ordering: .relaxed) == 1 }
    mark.store(1, ordering: .relaxed)
    async let late = cache.answer()
    source.finish()
    #expect(await early.body == Array("1\n".utf8))
    #expect(await late.body == Array("2\n".utf8))
  }

  @Test("is good for all who asked before it was begun, though what it says changes at each look")
  func changesAllTheTime() async throws {
    let mark = Atomic<Int>(0)
    let made = Atomic<Int>(0)
    let (stream, source) = AsyncStream.makeStream(of: Void.self)
    let cache = AnswerCache(
      for: .seconds(1), clock: VirtualClock(), mark: { mark.add(1, ordering: .relaxed).newValue }
    ) {
      let number = made.add(1, ordering: .relaxed).newValue
      if number == 1 { for await _ in stream {} }
      return HTTPAnswer(text: "\(number)")
    }
    async let early = cache.answer()
    try await eventually { made.load(ordering: .relaxed) == 1 }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<20 { group.addTask { _ = await cache.answer() } }
      // All of them have looked: each waits for what was begun before it came.
      try? await eventually { mark.load(ordering: .relaxed) >= 21 }
      source.finish()
    }
    _ = await early
    #expect(made.load(ordering: .relaxed) == 2)
  }
}

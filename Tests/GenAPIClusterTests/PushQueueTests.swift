import GenAPIValue
import Synchronization
import Testing

@testable import GenAPICluster

@Suite("A flood of pushes")
struct PushQueueTests {
  private final class Gauge: Sendable {
    let now = Atomic(0)
    let most = Atomic(0)

    func inside() {
      let count = now.add(1, ordering: .sequentiallyConsistent).newValue
      most.max(count, ordering: .sequentiallyConsistent)
      now.subtract(1, ordering: .sequentiallyConsistent)
    }
  }

  @Test("is taken one after the other, each once")
  func oneByOne() async {
    let (queue, gauge) = (PushQueue(), Gauge())
    let done = await withTaskGroup(of: Bool.self) { group in
      for index in 0..<2_000 {
        group.addTask { await queue.run(for: "n\(index % 40)@h") { gauge.inside() } != nil }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    // Whoever finds too many waiting is refused; how many do is the machine's.
    #expect(done > 0 && gauge.most.load(ordering: .sequentiallyConsistent) == 1)
    #expect(await queue.run(for: "a@h") { 7 } == 7)
  }

  @Test("of one node waits up to its bound and is refused beyond, while another node's is taken")
  func ofNode() async {
    let queue = PushQueue()
    let (opened, open) = AsyncStream.makeStream(of: Void.self)
    let (entered, enter) = AsyncStream.makeStream(of: Void.self)
    let holder = Task {
      await queue.run(for: "flood@h") {
        enter.finish()
        for await _ in opened {}
      }
    }
    for await _ in entered {}
    let waiting = (0..<PushQueue.mostOfNode).map { _ in
      Task { await queue.run(for: "flood@h") { true } ?? false }
    }
    while queue.waiting < PushQueue.mostOfNode { await Task.yield() }
    #expect(await queue.run(for: "flood@h") { true } == nil)
    let other = Task { await queue.run(for: "calm@h") { true } ?? false }
    while queue.waiting < PushQueue.mostOfNode + 1 { await Task.yield() }
    open.finish()
    _ = await holder.value
    for task in waiting { #expect(await task.value) }
    #expect(await other.value)
    #expect(queue.waiting == 0)
    #expect(await queue.run(for: "flood@h") { true } == true)
  }
}

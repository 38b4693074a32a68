import Dispatch
import GenAPIValue
import Locking
import Testing

@testable import GenAPIGateway

@Suite("The table of functions that look-ups read")
struct PublishedTableTests {
  private let config = FunctionConfig(
    service: "s", requestType: "t", function: FunctionReference("M", "f"))

  @Test("a look-up finds what was published before it and nothing that was removed, on whichever thread")
  func everyThread() throws {
    let store = try GatewayFixture().gateway.configs
    for _ in 0..<200 {
      try store.add(config)
      #expect(finders(in: store) == 8)
      #expect(try store.delete("s", "t"))
      #expect(finders(in: store) == 0)
    }
  }

  /// Of eight threads those that find the function.
  private func finders(in store: ConfigStore) -> Int {
    let found = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      if case .found = store.lookup(service: "s", requestType: "t", version: nil) {
        found.add(1, ordering: .relaxed)
      }
    }
    return found.load(ordering: .relaxed)
  }

  @Test("a function that was removed is free, also where no thread looks anything up again")
  func removed() throws {
    let store = try GatewayFixture().gateway.configs
    try store.add(config)
    #expect(finders(in: store) == 8)
    weak let stored = store.stored("s", "t", nil)
    #expect(stored != nil)
    #expect(try store.delete("s", "t"))
    #expect(stored == nil)
  }
}

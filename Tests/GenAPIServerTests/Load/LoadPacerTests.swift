import Testing

@testable import GenAPIServer

@Suite("The pace of a load")
struct LoadPacerTests {
  @Test("a rate is kept over a long time, also one whose interval is no whole number")
  func exact() {
    var pacer = LoadPacer(interval: 1e9 / 30_000, now: 1_000)
    var count = 0
    while pacer.take(until: 100_000_000_000) != nil { count += 1 }
    #expect((2_999_999...3_000_001).contains(count))
  }

  @Test("what was due while nobody looked comes at once, each with its own time")
  func late() {
    var pacer = LoadPacer(interval: 10, now: 0)
    var due: [Int64] = []
    while let next = pacer.take(until: 100) { due.append(next) }
    #expect(due.count >= 9 && due.count <= 11)
    #expect(zip(due, due.dropFirst()).allSatisfy { $1 - $0 == 10 })
    #expect(pacer.take(until: 100) == nil && pacer.next > 100)
  }

  @Test("what to call is read with arguments and weight, and what is wrong is told")
  func kinds() throws {
    #expect(
      try LoadPlan.Kind(parsing: #"demo/echo={"message":"a=b*2"}*3"#)
        == LoadPlan.Kind(service: "demo", requestType: "echo", args: ["message": "a=b*2"], weight: 3))
    #expect(try LoadPlan.Kind(parsing: "demo/time*4").weight == 4)
    #expect(try LoadPlan.Kind(parsing: "demo/time").args == [:])
    #expect(
      try LoadPlan.Kind(parsing: #"a\/b/c/d={"x":1}*2"#)
        == LoadPlan.Kind(service: "a/b", requestType: "c/d", args: ["x": 1], weight: 2))
    for text in [
      "", "demo", "demo/", "/x", "a\\/b", "a/b={", "a/b=[1]", "a/b={}*", "a/b={}*99999999999999999999",
    ] {
      #expect(throws: CalledFunctionError.self, "\(text)") { try LoadPlan.Kind(parsing: text) }
    }
  }
}

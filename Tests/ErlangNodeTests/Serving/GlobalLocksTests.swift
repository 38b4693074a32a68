import OutsideText
import Testing

@testable import ErlangNode

@Suite("Locks that other nodes set here")
struct GlobalLocksTests {
  private func pid(_ node: String, _ id: UInt32) -> Pid {
    Pid(node: ByteText(node), id: id, serial: 0, creation: 1)
  }

  @Test("one requester has a resource, until the last process that holds it for him gives it back or ends")
  func holders() {
    var locks = GlobalLocks()
    let (first, second) = (pid("a@h", 1), pid("b@h", 2))
    let resource = Term.atom("resource")
    func set(_ requester: Term, _ pid: Pid) -> Bool { locks.set(resource, requester: requester, pid) }
    #expect(set(.atom("me"), first) && set(.atom("me"), first) && set(.atom("me"), second))
    #expect(!set(.atom("you"), second))
    locks.delete(resource, requester: .atom("you"), first)
    locks.delete(resource, requester: .atom("me"), first)
    #expect(!locks.holds(first) && locks.holds(second))
    #expect(!set(.atom("you"), first))
    locks.release(second)
    #expect(locks.count == 0)
    #expect(set(.atom("you"), first))
    locks.release(node: "a@h")
    #expect(locks.count == 0)
  }

  @Test("one node has its share of them, and all together have a bound")
  func bounds() {
    var locks = GlobalLocks()
    func set(_ node: Int, _ number: Int) -> Bool {
      locks.set(
        .tuple([.integer(Int64(node)), .integer(Int64(number))]), requester: .atom("me"), pid("n\(node)@h", 1)
      )
    }
    for number in 0..<GlobalLocks.mostOfNode { #expect(set(0, number)) }
    #expect(!set(0, GlobalLocks.mostOfNode) && set(1, 0))
    for node in 1...12 { for number in 0..<GlobalLocks.mostOfNode { _ = set(node, number) } }
    #expect(locks.count == GlobalLocks.most && !set(13, 0))
    locks.release(node: "n0@h")
    #expect(set(13, 0))
  }
}

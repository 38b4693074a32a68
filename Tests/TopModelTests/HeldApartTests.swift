import Testing

@testable import TopModel

@Suite("A value that is held apart")
struct HeldApartTests {
  private struct Owner: Equatable {
    @HeldApart var list: [Int] = []
  }

  @Test("a copy keeps what it had when the other is changed, either way")
  func copies() {
    var one = Owner()
    one.list = [1]
    var other = one
    other.list.append(2)
    #expect(one.list == [1] && other.list == [1, 2] && one != other)
    one.list.append(2)
    #expect(one == other)
    one.list = []
    #expect(other.list == [1, 2])
  }
}

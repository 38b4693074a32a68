import Testing

@testable import TopModel

@Suite("Rows that were made of one content")
struct MadeRowsTests {
  @Test("each is made once, and of more than a screen shows the others anew each time")
  func once() {
    let rows = MadeRows()
    var made: [Int: Int] = [:]
    for _ in 1...3 {
      for position in 0..<600 {
        let row = rows.row(at: position) {
          made[position, default: 0] += 1
          return RequestRow(service: "s\(position)", requestType: "t", version: nil)
        }
        #expect(row.service == "s\(position)")
      }
    }
    #expect((0..<500).allSatisfy { made[$0] == 1 } && (500..<600).allSatisfy { made[$0] == 3 })
  }
}

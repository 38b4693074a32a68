import Testing

@testable import genapi_top

/// How fast events are looked through.
@Suite struct SearchPaceTests {
  @Test(
    "where drawing is quick all kept events are looked through within three drawings, and slow ones get fewer"
  )
  func pace() {
    var pace = SearchPace()
    var looked = 0
    for _ in 0..<3 {
      looked += pace.events
      pace.drew(in: 5)
    }
    #expect(looked >= 8_000)
    for _ in 0..<20 { pace.drew(in: 1_000) }
    #expect(pace.events == SearchPace.bounds.lowerBound)
    for _ in 0..<20 { pace.drew(in: 0) }
    #expect(pace.events == SearchPace.bounds.upperBound)
  }
}

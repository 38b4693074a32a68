import Testing
import TopModel

@testable import TopScreen

@Suite("What the screen says of a past that is not kept as it was")
struct CoarsePastTests {
  private func header(_ change: (inout HeaderView) -> Void) -> String {
    var content = Sample.content
    change(&content.header)
    var state = ScreenState()
    state.size = ScreenSize(width: 160, height: 40)
    return ScreenRenderer().render(content, state: state).spans(row: 0).text
  }

  @Test("of a moment that is kept in steps the header says how long they are, of another nothing")
  func steps() {
    func paused(_ step: Int) -> String {
      header {
        $0.isPaused = true
        $0.secondsBack = 300
        $0.stepSeconds = step
      }
    }
    #expect(paused(10).contains("back, 10 s steps"))
    #expect(paused(1).contains("back") && !paused(1).contains("steps"))
  }

  @Test("a history that is shorter than 15 minutes for want of memory says how far it goes back")
  func short() {
    #expect(header { $0.shortSeconds = 540 }.contains("history 9m"))
    #expect(!header { $0.shortSeconds = nil }.contains("history"))
  }
}

import Testing
import TopModel

@testable import TopScreen

@Suite("Time")
struct TimeTests {
  @Test("space pauses at the moment shown, and goes back to live")
  func pause() {
    let desk = Desk()
    desk.type(" ")
    #expect(desk.state.settings.moment == .at(Sample.now))
    desk.type(" ")
    #expect(desk.state.settings.moment == .live)
  }

  @Test("arrows step a second, with Shift ten, never beyond what is kept")
  func steps() {
    let desk = Desk()
    desk.type(" ")
    desk.press(Key(.left), Key(.left), Key(.left, shift: true))
    #expect(desk.state.settings.moment == .at(Sample.now - 12_000_000))
    desk.press(Key(.right))
    #expect(desk.state.settings.moment == .at(Sample.now - 11_000_000))
    desk.press(Key(.right, shift: true), Key(.right, shift: true))
    #expect(desk.state.settings.moment == .at(Sample.now))
    desk.press(Key(.home), Key(.left))
    #expect(desk.state.settings.moment == .at(Sample.now - 900_000_000))
    #expect(desk.state.message != nil)
    desk.press(Key(.end))
    #expect(desk.state.settings.moment == .at(Sample.now))
  }

  @Test("a minute back pauses a live screen, and never goes beyond what was watched")
  func minutes() {
    let desk = Desk()
    desk.seat.withLock { $0.content.header.oldestAt = Sample.now - 90_000_000 }
    desk.type("[")
    #expect(desk.state.settings.moment == .at(Sample.now - 60_000_000))
    desk.type("]")
    #expect(desk.state.settings.moment == .at(Sample.now))
    desk.press(Key(.home))
    #expect(desk.state.settings.moment == .at(Sample.now - 90_000_000))
    desk.press(Key(.left))
    let oldest = TimeText.clock(Sample.now - 90_000_000, offset: desk.state.clockOffset)
    #expect(desk.state.message?.text == "the history goes back 90s, to \(oldest)")
    // As does a time that is written, wherever it is written; the moment shown is the oldest.
    for text in ["-20m", "-99h"] {
      for isOverPage in [false, true] {
        desk.seat.withLock {
          ($0.state.message, $0.state.dialogs, $0.state.settings.moment) = (nil, [], .live)
        }
        if isOverPage { desk.press(Key(.enter)) }
        desk.type("T\(text)")
        desk.press(Key(.enter))
        #expect(desk.text.contains("the history goes back 90s, to \(oldest)"), "\(text) \(desk.text)")
        #expect(desk.state.settings.moment == .at(Sample.now - 90_000_000))
      }
    }
  }

  @Test("a replay is sought where the history ends: forward it reads on, backward again")
  func seeking() {
    let desk = Desk()
    desk.seat.withLock {
      $0.content.header.oldestAt = Sample.now - 30_000_000
      $0.state.replaySpeed = 1
    }
    desk.type("]")
    #expect(desk.actions == [.replaySeek(to: Sample.now + 60_000_000)])
    desk.type(" ")
    desk.press(Key(.right))
    #expect(desk.actions == [.replaySeek(to: Sample.now + 1_000_000)])
    desk.type("[")
    #expect(desk.actions == [.replaySeek(to: Sample.now - 60_000_000)])
  }

  @Test("the newest moment is known while the panes show an older one")
  func newest() {
    let desk = Desk()
    desk.type(" ")
    desk.seat.withLock {
      $0.content.header.at = Sample.now - 30_000_000
      $0.content.header.secondsBack = 40
      $0.state.settings.moment = .at(Sample.now - 30_000_000)
    }
    #expect(desk.text.contains("40s back"))
    desk.press(Key(.end))
    #expect(desk.state.settings.moment == .at(Sample.now + 10_000_000))
  }

  @Test("live, the arrows go to the panes beside")
  func live() {
    let desk = Desk()
    desk.press(Key(.right))
    #expect(desk.state.settings.moment == .live)
    #expect(desk.state.focus == .latency)
  }

  @Test("only a replay has a speed")
  func speed() {
    let desk = Desk()
    desk.type("+")
    #expect(desk.actions.isEmpty)
    desk.seat.withLock { $0.state.replaySpeed = 1 }
    desk.type("+")
    #expect(desk.actions == [.replaySpeed(2)])
    desk.type("--")
    #expect(desk.state.replaySpeed == 0.5)
  }
}

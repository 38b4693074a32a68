import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("From a symptom to its cause")
struct JumpTests {
  private func title(_ desk: Desk) -> String {
    guard case .detail(let detail)? = desk.state.dialogs.last else { return "" }
    let content = desk.seat.withLock { $0.content }
    return DetailPage(detail, content: content, context: PaneContext(at: Sample.now), width: 100).title
  }

  @Test("o goes from an alert to the function or the breaker that it is about, and Esc back")
  func alert() {
    let desk = Desk()
    desk.seat.withLock {
      $0.content.alerts[0].subject = "order_service create_order"
      $0.content.alerts[1].subject = $0.content.circuits.breakers[0].alertSubject
    }
    desk.type("9gjjo")
    #expect(
      title(desk).contains("order_service create_order") || title(desk).contains("Breaker"), "\(desk.text)")
    desk.press(Key(.escape))
    desk.type("go")
    #expect(title(desk).hasPrefix("Breaker stream_pool"), "\(desk.text)")
    desk.press(Key(.escape))
    #expect(desk.state.dialogs.isEmpty)
  }

  @Test("Enter on an alert shows it, once more what it is about, and Esc goes back one page at a time")
  func pages() {
    let desk = Desk()
    desk.seat.withLock { $0.content.alerts[1].subject = "order_service" }
    desk.type("9g")
    desk.press(Key(.enter))
    #expect(title(desk) == "Alert")
    desk.press(Key(.enter))
    #expect(
      title(desk) == "order_service create_order@1.1.0" || title(desk).hasPrefix("order_service create_order")
    )
    desk.press(Key(.escape))
    #expect(title(desk) == "Alert")
  }

  @Test("o on a pool goes to its breaker that is not closed")
  func pool() {
    let desk = Desk()
    desk.type("4jo")
    #expect(title(desk) == "Breaker stream_pool")
  }

  @Test("o on a limit's key goes to the user, and so does Enter in the details of the limit")
  func user() {
    let desk = Desk()
    desk.type("3jo")
    #expect(title(desk) == "User u_17")
    #expect(desk.text.contains("refused 812"))
    desk.press(Key(.escape))
    desk.press(Key(.enter), Key(.enter))
    #expect(title(desk) == "User u_17")
  }

  @Test("a member of a group leads to everything about it")
  func member() {
    let desk = Desk()
    desk.type("6")
    desk.press(Key(.enter), Key(.enter))
    #expect(title(desk).hasPrefix("User u_"))
  }

  @Test(
    "= narrows the screen to the row, and once more to what it was",
    arguments: [
      ("1", "service:user_service type:get_user"), ("3j", "user:u_17"), ("5", "service:user_service"),
      ("8", "node:gw1"), ("4", "async_pool"), ("7", "req:req_81f2"),
    ])
  func narrow(keys: String, filter: String) {
    let desk = Desk()
    desk.type(keys)
    if keys == "7" { desk.type("k") }
    desk.type("=")
    #expect(desk.filter == filter)
    guard keys != "7" else { return }
    desk.type("=")
    #expect(desk.filter == "")
  }

  @Test("a name with blanks and signs of the filter's own is a term all the same")
  func hostileName() throws {
    for name in Sample.nasty + ["a b", "x:y", "*", "-z", "p,q", "a\"b", "a\\", "\u{301}x"] {
      var text = FilterText("user:old")
      text.set(FilterTermText("user", name))
      _ = try FilterExpression(parsing: text.text)
      #expect(text.terms.count == 1, "\(text.text)")
      #expect(text.values(of: "user").map(\.name) == [name], "\(text.text)")
      #expect(FilterText(text.text).terms == text.terms)
      text.remove(FilterTermText("user", name))
      #expect(text.terms.isEmpty)
    }
  }

  @Test(
    "what is picked from the list of services is in the filter whatever it is called, and is ticked when the list is opened again"
  )
  func hostilePick() throws {
    for name in Sample.nasty + ["a\"b", "p,q r", "x*", "\u{301}x"] where !name.isEmpty {
      let desk = Desk()
      desk.seat.withLock { $0.content.names.services = [name, "other"] }
      for _ in 0..<2 {
        desk.press(.character("f"))
        guard case .picker(let picker)? = desk.state.dialogs.last else { throw Missing() }
        #expect(picker.items.map(\.isOn) == [desk.filter != "", false], "\(desk.filter)")
        if desk.filter == "" { desk.press(.character(" ")) }
        desk.press(Key(.enter))
      }
      #expect(FilterText(desk.filter).values(of: "service").map(\.name) == [name], "\(desk.filter)")
    }
  }

  private struct Missing: Error {}

  @Test("u asks for a user; the one who was refused most stands first, and a name is found by its letters")
  func findUser() {
    let desk = Desk()
    desk.seat.withLock { $0.content.names.users = ["u_most", "u_17", "u_1"] }
    desk.type("u")
    #expect(desk.text.contains("Everything about a user"))
    desk.type("u_1")
    desk.press(Key(.enter))
    #expect(title(desk) == "User u_1")
    desk.press(Key(.escape))
    desk.type("u")
    desk.press(Key(.enter))
    #expect(title(desk) == "User u_most")
  }

  @Test("a page with lines that lead further is read to its end, and each of them is reached")
  func moving() {
    var dialog = DetailDialog(.request("r"))
    var page = DetailPage(dialog, content: ScreenContent(), context: PaneContext(), width: 80)
    page.lines = []
    for number in 0..<60 {
      page.note("line \(number)")
      if [3, 4, 40].contains(number) { page.link(RequestDetail(id: "\(number)")) }
    }
    #expect(dialog.followed(page, height: 10)?.line == 3)
    dialog.move(by: 1, page, height: 10)
    #expect(dialog.followed(page, height: 10)?.line == 4)
    for _ in 0..<31 { dialog.move(by: 1, page, height: 10) }
    #expect(dialog.followed(page, height: 10)?.line == 40, "\(dialog)")
    for _ in 0..<60 { dialog.move(by: 1, page, height: 10) }
    #expect(dialog.shownOffset(page, height: 10) == 50)
    // Out of sight is not followed.
    #expect(dialog.followed(page, height: 10) == nil)
    for _ in 0..<120 { dialog.move(by: -1, page, height: 10) }
    #expect(dialog.shownOffset(page, height: 10) == 0)
    #expect(dialog.followed(page, height: 10)?.line == 3)
    dialog.jump(by: -1, page, height: 10)
    #expect(dialog.followed(page, height: 10)?.line == 40)
  }

  @Test(
    "T goes to a time of day, or so long ago",
    arguments: [
      ("-7m", Int64(420)), ("90s", 90), ("12:00", 271), ("12:04:00", 31), ("1h", 900),
    ])
  func goTo(text: String, back: Int64) {
    let desk = Desk()
    desk.type("T")
    desk.type(text)
    desk.press(Key(.enter))
    guard case .at(let moment) = desk.state.settings.moment else {
      #expect(Bool(false), "\(text) did not go anywhere")
      return
    }
    #expect((Sample.now - moment) / 1_000_000 == back)
  }

  @Test(
    "what is no time says what is one, and stays to be mended",
    arguments: ["", "x", "25:00", "7", "-7", "12:61", "-9999999m", "+1:03", "-+7m", "0x1s", "1e3s"])
  func noTime(text: String) {
    let desk = Desk()
    desk.type("T")
    desk.type(text)
    desk.press(Key(.enter))
    #expect(desk.state.settings.moment == .live)
    #expect(desk.text.contains("is no time"))
  }

  @Test(
    "a time of day that is still to come says so, and the screen stays where it is, also over a page",
    arguments: ["23:30", "12:04:32", "23:30:00Z"], ["", "1"])
  func stillToCome(text: String, page: String) {
    let desk = Desk()
    desk.type(page)
    if !page.isEmpty { desk.press(Key(.enter)) }
    let before = desk.state.dialogs.count
    desk.type("T" + text)
    desk.press(Key(.enter))
    #expect(desk.state.settings.moment == .live && desk.state.dialogs.count == before + 1)
    #expect(desk.text.contains("\(text) has not come yet, it is 12:04:31"), "\(desk.text)")
    desk.press(Key(.escape))
    // As a mark, too.
    desk.press(Key(.escape))
    desk.type("D" + text)
    desk.press(Key(.enter))
    #expect(desk.state.mark == nil && desk.state.message?.text.contains("has not come yet") == true)
  }

  @Test("yesterday's time of day is gone to where it is kept, and today's where it was, kept or not")
  func yesterday() {
    let desk = Desk()
    // 00:05 in the clock's time, which is one hour ahead.
    let midnight = Sample.now / 86_400_000_000 * 86_400_000_000 - 3_600_000_000
    desk.seat.withLock {
      $0.content.header.at = midnight + 300_000_000
      $0.state.clockOffset = 3_600
    }
    desk.type("T23:58")
    desk.press(Key(.enter))
    #expect(desk.state.settings.moment == .at(midnight - 120_000_000))
    for (text, isGoneTo) in [("23:00", false), ("00:06", false), ("23:58Z", false), ("22:58Z", true)] {
      desk.seat.withLock { $0.state.settings.moment = .live }
      desk.type("T" + text)
      desk.press(Key(.enter))
      #expect((desk.state.settings.moment != .live) == isGoneTo, "\(text)")
      desk.press(Key(.escape))
    }
    // It was, so long ago that it is not kept.
    desk.seat.withLock {
      $0.content.header.at = midnight + 43_200_000_000
      $0.state.settings.moment = .live
    }
    desk.type("T11:00")
    desk.press(Key(.enter))
    #expect(desk.state.settings.moment == .at(midnight + 43_200_000_000 - 900_000_000))
    #expect(desk.state.message?.text.contains("the history goes back") == true)
  }

  @Test("T, Space and the keys that step go to another moment while a page lies over the panes, which stays")
  func momentOfPage() {
    let desk = Desk()
    desk.type("1")
    desk.press(Key(.enter))
    let page = title(desk)
    #expect(!page.isEmpty)
    desk.press(Key(.left))
    #expect(desk.state.settings.moment == .live)
    desk.type("T-7m")
    desk.press(Key(.enter))
    #expect(desk.state.settings.moment == .at(Sample.now - 420_000_000) && title(desk) == page)
    desk.press(Key(.left))
    #expect(desk.state.settings.moment == .at(Sample.now - 421_000_000) && title(desk) == page)
    desk.type(" ")
    #expect(desk.state.settings.moment == .live && title(desk) == page)
    desk.type("[")
    #expect(desk.state.settings.moment == .at(Sample.now - 60_000_000) && title(desk) == page)
  }

  @Test("help begins with the questions that operators ask, each with keys that are bound")
  func help() {
    let desk = Desk()
    desk.type("?")
    #expect(desk.text.contains("What do you want to know?"))
    for journey in Journey.allCases {
      #expect(desk.text.contains(journey.question), "\(desk.text)")
      #expect(!journey.keys(.standard).contains("  "))
    }
  }
}

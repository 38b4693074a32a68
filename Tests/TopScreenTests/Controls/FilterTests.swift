import Testing
import TopModel

@testable import TopScreen

@Suite("Filter")
struct FilterTests {
  @Test("every letter is tried at once")
  func live() {
    let desk = Desk()
    desk.type("/a")
    #expect(desk.filter == "a")
    desk.type("b")
    #expect(desk.actions == [.filterChanged(desk.state.settings.filter)])
    #expect(desk.filter == "ab")
    desk.press(Key(.backspace))
    #expect(desk.filter == "a")
  }

  @Test("a faulty term is underlined with the reason, and Enter says what stays in force")
  func faulty() {
    let desk = Desk()
    desk.type("/x dur:no")
    #expect(desk.state.filterLine?.problem?.range.contains(7) == true)
    #expect(desk.filter == "x dur")
    let grid = desk.screen
    let row = grid.height - 1
    #expect(grid[9, row].style.isUnderlined)
    #expect(!grid[2, row].style.isUnderlined)
    #expect(desk.text.contains("▲ "))
    desk.press(Key(.enter))
    #expect(desk.state.filterLine == nil)
    #expect(desk.state.message?.kind == .warning)
    #expect(desk.filter == "" && desk.actions == [.filterChanged(FilterExpression())])
    // The text is not lost: it is the first of the history.
    desk.type("/")
    desk.press(Key(.up))
    #expect(desk.state.filterLine?.editor.text == "x dur:no")
  }

  @Test("what is no filter at the end leaves the one that was there before")
  func faultyAfterGood() {
    let desk = Desk()
    desk.type("/chat")
    desk.press(Key(.enter))
    desk.type("/ dur:no")
    desk.press(Key(.enter))
    #expect(desk.filter == "chat")
  }

  @Test("Esc leaves the filter as it was before")
  func escape() {
    let desk = Desk()
    desk.type("/abc")
    desk.press(Key(.escape))
    #expect(desk.state.filterLine == nil)
    #expect(desk.state.settings.filter == FilterExpression())
    #expect(desk.state.filterHistory.isEmpty)
  }

  @Test("Tab completes terms and the values on the screen, and offers the next when pressed again")
  func completion() {
    let desk = Desk()
    desk.type("/se")
    desk.press(Key(.tab))
    #expect(desk.state.filterLine?.editor.text == "service:")
    desk.type("chat,us")
    desk.press(Key(.tab))
    #expect(desk.state.filterLine?.editor.text == "service:chat,user_service")
    desk.type(" -status:")
    desk.press(Key(.tab))
    #expect(desk.filter == "service:chat,user_service -status:ok")
    desk.press(Key(.tab))
    #expect(desk.filter == "service:chat,user_service -status:error")
  }

  @Test("the arrows bring back earlier filters")
  func history() {
    let desk = Desk()
    desk.type("/one")
    desk.press(Key(.enter))
    desk.press(.character("/"), .control("u"))
    desk.type("two")
    desk.press(Key(.enter), .character("/"), Key(.up))
    #expect(desk.state.filterLine?.editor.text == "two")
    desk.press(Key(.up), Key(.up))
    #expect(desk.state.filterLine?.editor.text == "one")
    desk.press(Key(.down))
    #expect(desk.state.filterLine?.editor.text == "two")
  }

  @Test("the line is edited as in a shell")
  func editing() {
    var editor = LineEditor("one two")
    for key in [Key.control("w"), .character("x"), Key(.home), .character("y"), Key(.right), Key(.delete)] {
      _ = editor.handle(key)
    }
    #expect(editor.text == "yoe x")
    _ = editor.handle(.control("k"))
    #expect(editor.text == "yo")
    _ = editor.handle(.control("u"))
    #expect(editor.text == "")
    for _ in 0..<2000 { _ = editor.handle(.character("a")) }
    #expect(editor.text.count == 1000)
  }

  @Test("a picker sets its own term and leaves the others alone")
  func terms() {
    var terms = FilterText("status:error service:a,\"b c\" text")
    #expect(terms.values(of: "service").map(\.name) == ["a", "b c"])
    terms.set("service", ["\"x y\"", "z"])
    #expect(terms.text == "status:error service:\"x y\",z text")
    terms.set("service", [])
    terms.set("node", ["gw1"])
    #expect(terms.text == "status:error text node:gw1")
  }

  @Test("space picks services from the list, letters narrow it, Enter applies")
  func picker() {
    let desk = Desk()
    desk.type("f")
    desk.type("pay")
    desk.type(" ")
    #expect(desk.text.contains("[x] payment_service"))
    desk.press(Key(.enter))
    #expect(desk.filter == "service:payment_service")
    #expect(desk.state.dialogs.isEmpty)
    desk.type("e ")
    desk.press(Key(.enter))
    #expect(desk.filter == "service:payment_service cat:executor")
    desk.type("n ")
    desk.press(Key(.escape))
    #expect(desk.filter == "service:payment_service cat:executor")
  }

  @Test("a long filter scrolls so that the cursor stays in sight")
  func longLine() {
    let desk = Desk(width: 80, height: 24)
    desk.type("/" + String(repeating: "服务 ", count: 60) + "end")
    expectExactWidths(desk.screen)
    #expect(desk.text.contains("end"))
  }

  @Test("a pane that a term cannot narrow says so, the others do not")
  func marks() {
    let desk = Desk(width: 200, height: 60)
    desk.type("/user:u_17")
    desk.press(Key(.enter))
    let lines = desk.text.split(separator: "\n").map(String.init)
    func title(_ name: String) -> String {
      // From the pane's name to the next pane's frame.
      guard let line = lines.first(where: { $0.contains(name) }), let range = line.firstRange(of: name) else {
        return ""
      }
      return String(line[range.lowerBound...].prefix { $0 != "╮" })
    }
    for name in ["1 Requests", "2 Latency", "4 Circuits", "5 Configs", "8 Nodes"] where !title(name).isEmpty {
      #expect(title(name).contains("not by user"), "\(name)")
    }
    #expect(title("1 Requests").contains("not by user"))
    for name in ["3 Rate limits", "6 Relay", "7 Events"] {
      #expect(!title(name).isEmpty && !title(name).contains("not by"), "\(name)")
    }
    desk.press(.control("u"))
    #expect(!desk.text.contains("not by"))
  }
}

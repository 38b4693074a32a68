import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

/// Which row one comes to.
@Suite("Who comes to a pane comes to what is wrong")
struct FirstRowTests {
  private func content(at: Int64, worstLast: Bool = false) -> ScreenContent {
    var content = Sample.content
    content.header.at = at
    if worstLast { content.nodes.reverse() }
    return content
  }

  private func press(_ keys: String, _ state: inout ScreenState, _ content: ScreenContent) {
    for key in keys { _ = ScreenController().handle(.character(key), state: &state, content: content) }
  }

  @Test(
    "every pane with the keys again after a while is at its first row, whatever was selected there before")
  func first() {
    for pane in PaneKind.allCases where !pane.type.isTail && pane.digit != nil {
      let other: PaneKind = pane == .requests ? .limits : .requests
      var state = ScreenState()
      state.size = ScreenSize(width: 120, height: 36)
      let before = content(at: Sample.now)
      guard state.rows(of: pane, before).ids.count > 1 else { continue }
      press(String(pane.digit!) + "j", &state, before)
      #expect(state[list: pane].index == 1, "\(pane)")
      press(String(other.digit!), &state, before)
      let later = content(at: Sample.now + 60_000_000)
      press(String(pane.digit!), &state, later)
      #expect(state[list: pane].index == 0 && state[list: pane].selectedID == nil, "\(pane)")
    }
  }

  @Test(
    "a row that was chosen a moment ago is still selected, and so is one in the pane that had the keys all the time"
  )
  func chosen() {
    var state = ScreenState()
    state.size = ScreenSize(width: 120, height: 36)
    press("8j", &state, content(at: Sample.now))
    let chosen = state.selectedID(content(at: Sample.now))
    press("18", &state, content(at: Sample.now + 10_000_000))
    #expect(state.selectedID(content(at: Sample.now + 10_000_000)) == chosen)
    press("8", &state, content(at: Sample.now + 900_000_000))
    #expect(state.selectedID(content(at: Sample.now + 900_000_000)) == chosen)
  }

  @Test("a pane without the keys shows its first rows though one further down was selected in it a while ago")
  func unfocused() {
    var content = content(at: Sample.now)
    content.nodes = (1...40).map { (number: Int) in
      NodeRow(kind: .service, name: ByteText("node\(number)"), isUp: number > 1)
    }
    var state = ScreenState()
    state.size = ScreenSize(width: 200, height: 60)
    press("8G1", &state, content)
    func isFirstSeen(after seconds: Int64) -> Bool {
      content.header.at = Sample.now + seconds * 1_000_000
      return TextWriter.write(ScreenRenderer().render(content, state: state)).contains("node1 ")
    }
    #expect(!isFirstSeen(after: 5) && isFirstSeen(after: 60))
  }

  @Test(
    "a full pool on 120x36 has what waits in it, with the names of several gateways",
    arguments: [(120, 36), (80, 24)])
  func fullPool(width: Int, height: Int) {
    var content = Sample.content
    content.circuits = CircuitsContent()
    content.circuits.pools = ["gw2", "gw1", "gw3"].map { (node: ByteText) in
      var pool = PoolState(name: "async_pool", workers: 20, busy: 0, queueLimit: 20)
      if node == "gw2" { (pool.busy, pool.queued) = (20, 20) }
      return CircuitsContent.Pool(node: node, state: pool)
    }
    content.troubles.fullPools = 1
    var state = ScreenState()
    state.size = ScreenSize(width: width, height: height)
    if height == 24 { state.focus = .circuits }
    let text = TextWriter.write(ScreenRenderer().render(content, state: state))
    let lines = text.split(separator: "\n").filter { $0.contains("gw2") && $0.contains("closed") }
    #expect(text.contains("1 FULL") && text.contains("QUEUE"), "\(text)")
    #expect(lines.first?.contains(" 20 ") == true, "\(text)")
    guard height == 24 else { return }
    state.focus = .requests
    let bar = TextWriter.write(ScreenRenderer().render(content, state: state))
    #expect(bar.contains("4 Circuits ○1") || bar.contains("4 Cir ○1"), "\(bar)")
  }

  @Test("beside a service's open breaker the failures of the pool's own breaker are not told as 0 of 5")
  func failures() {
    var content = Sample.content
    var pool = PoolState(name: "async_pool", workers: 20, threshold: 5)
    pool.openServices = 1
    content.circuits = CircuitsContent()
    content.circuits.pools = [CircuitsContent.Pool(node: "gw1", state: pool)]
    let text = TextWriter.write(PaneTests.draw(.circuits, content, width: 78, height: 8))
    #expect(text.contains("1 svc") && !text.contains("0/5"), "\(text)")
  }

  @Test(
    "no size that a terminal claims is larger than what is drawn",
    arguments: [(65_535, 65_535), (32_768, 36), (120, 65_535)])
  func sizes(width: Int, height: Int) {
    var state = ScreenState()
    state.size = ScreenSize(width: width, height: height)
    let grid = ScreenRenderer().render(Sample.content, state: state)
    #expect(
      grid.width == min(width, ScreenSize.mostColumns) && grid.height == min(height, ScreenSize.mostRows))
  }
}

import GenAPITelemetry
import GenAPIValue
import Testing

@Suite("Bounds of names and texts")
struct TextBoundTests {
  @Test("a text is cut by bytes: one character can be a megabyte")
  func oneCharacter() {
    let text = "e" + String(repeating: "\u{301}", count: 500_000)
    #expect(text.count == 1)
    let cut = ByteText(text).cut(bytes: TextLimit.text)
    #expect(cut.utf8.count <= 1_024)
    #expect(cut.hasSuffix("… (cut, 1000001 bytes)"))
  }

  @Test("a cut never leaves half a character's bytes", arguments: ["a漢字", "é", "🚀", "x"])
  func whole(unit: ByteText) {
    let text = String(repeating: unit.string, count: 2_000)
    for most in [40, 41, 42, 43, 100, 1_024] {
      let cut = ByteText(text).cut(bytes: most)
      #expect(cut.utf8.count <= most && !cut.string.unicodeScalars.contains("\u{FFFD}"))
      let name = TextBound.cutName(ByteText(text), to: most)
      #expect(name.utf8.count <= most && !name.string.unicodeScalars.contains("\u{FFFD}"))
    }
  }

  @Test("what is short enough stays as it is")
  func short() {
    let name = String(repeating: "n", count: 256)
    #expect(TextBound.cutName(ByteText(name)).string == name)
    #expect(
      ByteText(String(repeating: "t", count: 1_024)).cut(bytes: TextLimit.text).utf8.allSatisfy {
        $0 == UInt8(ascii: "t")
      })
  }

  @Test("two long names that begin alike stay two")
  func apart() {
    let name = String(repeating: "n", count: 400_000)
    #expect(TextBound.cutName("\(name)1") != TextBound.cutName("\(name)2"))
    #expect(TextBound.cutName("\(name)1") == TextBound.cutName("\(name)1"))
  }

  @Test("a list that is cut says how many there were")
  func lists() {
    var function = FunctionState(
      service: "s", requestType: "t", nodes: (0..<1_000).map { "node\($0)" })
    var bound = TextBound()
    function.edit(&bound)
    #expect(function.nodes.count == 200)
    #expect(function.nodes[198] == "node198" && function.nodes[199] == "… and 801 more")
    #expect(bound.cuts == 801)
  }

  @Test("nothing is cut of a state of the usual size, and its bytes are added up")
  func usual() {
    var state = GatewayState()
    for number in 0..<100 {
      state.functions.append(
        FunctionState(service: "service_\(number)", requestType: "get", nodes: ["local"]))
      state.series.append(SeriesState(service: "service_\(number)", requestType: "get", lastError: "boom"))
    }
    var cut = state
    var bound = TextBound()
    cut.edit(&bound)
    #expect(cut == state && bound.cuts == 0)
    #expect((20_000...500_000).contains(bound.bytes))
  }
}

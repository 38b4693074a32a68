import Testing
import TopModel

@testable import genapi_top

@Suite("Values that begin with a dash")
struct DashedValuesTests {
  @Test(
    "a filter or a key that begins with a dash belongs to its option; options and help stay what they are")
  func joined() {
    #expect(DashedValues.joined(["--filter", "-user:x", "--once"]) == ["--filter=-user:x", "--once"])
    #expect(DashedValues.joined(["--press", "- -", "--from", "-5s"]) == ["--press=- -", "--from=-5s"])
    for option in ["--batch", "--count", "--epmd-port", "--size"] {
      #expect(DashedValues.joined([option, "-1"]) == ["\(option)=-1"])
    }
    #expect(DashedValues.joined(["--filter", "--once"]) == ["--filter", "--once"])
    #expect(DashedValues.joined(["--filter", "-h"]) == ["--filter", "-h"])
    #expect(DashedValues.joined(["--once", "-x"]) == ["--once", "-x"])
    #expect(DashedValues.joined(["--", "--filter", "-x"]) == ["--", "--filter", "-x"])
  }

  @Test("a microsecond is written with either of the two letters")
  func micro() throws {
    for unit in ["us", "\u{B5}s", "\u{3BC}s"] {
      #expect(try AlertExpression(parsing: "p99 < 500\(unit)").bound == 500)
      #expect((try? FilterExpression(parsing: "dur:>500\(unit)")) != nil)
    }
  }
}

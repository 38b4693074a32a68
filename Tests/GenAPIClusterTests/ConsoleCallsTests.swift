import Foundation
import Testing

@testable import GenAPICluster

/// docs/console-calls.md: the library's calls beside this gateway's.
@Suite("The library's calls, one by one")
struct ConsoleCallsTests {
  private static let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized
  private static let page =
    (try? String(contentsOf: root.appendingPathComponent("docs/console-calls.md"), encoding: .utf8)) ?? ""

  /// The cells of the rows that begin with a call.
  private static let rows: [[String]] = page.split(separator: "\n")
    .filter { $0.hasPrefix("| `PhoenixGenApi.") || $0.hasPrefix("| `create_group") }
    .map { line in
      line.replacing("\\|", with: "\u{0}").split(separator: "|").map {
        $0.replacing("\u{0}", with: "|").trimmingCharacters(in: .whitespaces)
      }
    }

  private static func quoted(_ text: String) -> [String] {
    text.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
  }

  @Test(
    "every command of the console has its row, with the names and arguments that it has, and no other has one"
  )
  func complete() {
    let commands = Self.rows.filter { $0.count == 4 }.map { $0[0] }
    let expected = ConsoleCommand.all.map { command in
      command.names.map { "`\($0)/\(command.arityText)`" }.joined(separator: ", ")
    }
    let missing = Set(expected).subtracting(commands).sorted()
    let extra = Set(commands).subtracting(expected).sorted()
    #expect(missing.isEmpty, "rows to be there: \(missing.joined(separator: "\n"))")
    #expect(extra.isEmpty, "rows of no command: \(extra.joined(separator: "\n"))")
    #expect(commands.count == expected.count)
  }

  @Test("every test that holds a row is there, and has the call in it or calls all that there are")
  func held() throws {
    for row in Self.rows {
      let held = Self.quoted(row.last ?? "").filter { $0.contains("Tests.") }
      if row.count == 4 { #expect(!held.isEmpty, "\(row[0])") }
      for name in held {
        let parts = name.split(separator: ".").map(String.init)
        let file = Self.root.appendingPathComponent("Tests/GenAPIClusterTests/\(parts[0]).swift")
        let source = try String(contentsOf: file, encoding: .utf8)
        let test = try #require(
          source.components(separatedBy: "\n  @Test(").first { $0.contains("func \(parts[1])(") }, "\(name)")
        if ["ConsoleTests.answers", "ConsoleTests.refused"].contains(name) {
          let isReading = ConsoleCommand.all.contains {
            $0.action == nil && row[0].contains("`\($0.names[0])/\($0.arityText)`")
          }
          #expect((name == "ConsoleTests.answers") == isReading, "\(row[0])")
          #expect(test.contains("for name in command.names"))
        } else {
          let functions = Self.quoted(row[0]).compactMap {
            $0.split(separator: "/").first?.split(separator: ".").last
          }
          #expect(functions.contains { test.contains($0) }, "\(name) has none of \(functions)")
        }
      }
    }
  }

  @Test("every command of a shell that is named is one")
  func shell() throws {
    let console = try String(contentsOf: Self.root.appendingPathComponent("docs/console.md"), encoding: .utf8)
    for row in Self.rows where row.count == 4 {
      for command in Self.quoted(row[1]) {
        let words = command.split(separator: " ")
        let listed = console.split(separator: "\n").filter {
          $0.hasPrefix("| `\(words[0]) ") || $0.hasPrefix("| `\(words[0])`")
        }
        #expect(listed.count == 1 && words.dropFirst().allSatisfy { listed[0].contains($0) }, "\(command)")
      }
    }
  }

  /// What the module itself offers in 2.24.0.
  private static let helpers = """
    add_global_limit attach_telemetry cache_status call_flow call_flow_print check_rate_limit cleanup_failed_configs \
    clear_failed_configs cluster_print cluster_view debug_print debug_report detach_telemetry failed_configs \
    failed_configs_print failed_configs_summary flows_print get_global_limits get_rate_limit_config \
    get_rate_limit_status health_check health_print inspect_print inspect_request list_call_flows pool_status \
    push_config pushed_services_status remove_global_limit reset_rate_limit rl_config rl_global rl_status \
    set_global_limits statistics stats_print stop_stream stop_trace stop_trace_functions trace_functions \
    trace_processes trace_status update_rate_limit_config verify_config
    """

  @Test("every public function of the library's own module has a place")
  func helpers() {
    for name in Self.helpers.split(separator: " ") {
      #expect(Self.rows.contains { $0[0].contains("`PhoenixGenApi.\(name)/") }, "\(name)")
    }
  }
}

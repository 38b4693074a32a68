import GenAPIGateway
import GenAPIValue

/// Functions every server has, for a first round trip and for trying limits, timeouts and breakers. A config makes
/// them callable: `mfa = "Builtin.echo"`. The relay's operations are there too, as `Relay.create_group` and so on.
///
/// | function | arguments | answers |
/// |---|---|---|
/// | `Builtin.echo` | any | its argument; a list of them when there are several |
/// | `Builtin.time` | none | the time in UTC, ISO 8601, and microseconds since the Unix epoch |
/// | `Builtin.add` | a, b | their sum |
/// | `Builtin.slow` | milliseconds | that number, so much later |
/// | `Builtin.stream` | count, interval_ms | a stream of 1 … count |
/// | `Builtin.fail` | reason | an error with this reason |
package enum BuiltinFunctions {
  /// Longest wait a client may ask for, in milliseconds.
  static let longestWaitMs: Int64 = 300_000

  package static func register(on gateway: Gateway) {
    let functions = gateway.functions
    let clock = gateway.clock
    functions.register("Builtin.echo") { call in
      .ok(call.arguments.count == 1 ? call.arguments[0] : .array(call.arguments))
    }
    functions.register("Builtin.time") { _ in
      let now = clock.wallMicroseconds()
      return .ok(["utc": .string(ByteText(ISO8601Timestamp.string(microseconds: now))), "unix_us": .int(now)])
    }
    functions.register("Builtin.add") { call in
      let numbers = call.arguments.compactMap(\.double)
      guard numbers.count == 2, numbers.count == call.arguments.count else {
        throw ArgumentError("add takes two numbers")
      }
      if let a = call.arguments[0].int, let b = call.arguments[1].int {
        let (sum, overflow) = a.addingReportingOverflow(b)
        if !overflow { return .ok(.int(sum)) }
      }
      let sum = numbers[0] + numbers[1]
      guard sum.isFinite else { throw ArgumentError("the sum of these numbers is beyond a double") }
      return .ok(.double(sum))
    }
    functions.register("Builtin.slow") { call in
      let milliseconds = try wait(call.arguments.first, "milliseconds")
      try await clock.sleep(nanoseconds: milliseconds * 1_000_000)
      return .ok(.int(milliseconds))
    }
    functions.register("Builtin.stream") { call in
      guard let stream = call.stream else { throw FunctionError("called without a stream", isFinal: true) }
      guard call.arguments.count == 2, let count = call.arguments[0].int, (0...1_000_000).contains(count)
      else {
        throw ArgumentError("stream takes a count, a whole number of 0 to 1000000, and an interval_ms")
      }
      let interval = try wait(call.arguments[1], "interval_ms")
      for part in 0..<count {
        if part > 0 && interval > 0 { try await clock.sleep(nanoseconds: interval * 1_000_000) }
        guard await stream.send(.int(part + 1)) else { break }
      }
      return .ok(.null)
    }
    functions.register("Builtin.fail") { call in
      .error(FunctionError(call.arguments.first?.string ?? "asked to fail", isFinal: true, isForClient: true))
    }
  }

  private static func wait(_ value: Value?, _ name: ByteText) throws -> Int64 {
    guard let milliseconds = value?.int, (0...longestWaitMs).contains(milliseconds) else {
      throw ArgumentError("\(name) must be a whole number of 0 to \(longestWaitMs)")
    }
    return milliseconds
  }
}

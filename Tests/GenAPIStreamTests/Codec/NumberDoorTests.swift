import GenAPITelemetry
import GenAPIValue
import NIOCore
import TestStates
import Testing

@testable import GenAPIStream

@Suite("Numbers that no gateway can mean, as a line brings them")
struct NumberDoorTests {
  /// Numbers that are names: an entry is found by them, and nobody counts with them.
  private static let identities: Set<ByteText> = ["id", "worker"]

  private func lines(_ state: Value) -> [ByteBuffer] {
    ["snapshot", "state"].map { type in
      var frame = state.object ?? [:]
      frame["t"] = .string(ByteText(type))
      frame["at"] = 1
      frame["seq"] = 1
      return ByteBuffer(string: Value.object(frame).json)
    }
  }

  private func state(_ frame: Frame) throws -> GatewayState {
    switch frame {
    case .snapshot(_, _, let state): return state
    case .state(_, _, let change):
      var state = GatewayState()
      state.apply(change)
      return state
    default:
      Issue.record("\(frame)")
      return GatewayState()
    }
  }

  private func expectBounds(_ state: GatewayState, _ hint: String) throws {
    for field in try WrittenField.all(of: state) where !Self.identities.contains(field.key) {
      if let count = field.value.int, field.key != "sum" {
        #expect((0...1 << 53).contains(count), "\(hint): \(field.section) \(field.key) is \(count)")
      }
      if case .double(let number) = field.value {
        #expect((0...Double(1 << 53)).contains(number), "\(hint): \(field.section) \(field.key) is \(number)")
      }
    }
  }

  @Test(
    "a number of any field of a state is at least 0 and at most 2^53, in whatever way its line is read",
    arguments: [Int64.min, -5, -1, 1 << 53, 1 << 60, .max])
  func all(number: Int64) throws {
    let state = try GatewayState.example(number: number)
    #expect(try WrittenField.all(of: state).count { $0.value.int == number } > 100)
    for line in lines(try ValueEncoder().encode(state)) {
      for isScanned in [true, false] {
        let frame = try FrameDecoder.decodeFields(line, isScanned: isScanned).get().0
        let read = try self.state(frame)
        #expect(read.series.count == 1 && read.pools.count == 1 && read.process.uptimeMs >= 0)
        try expectBounds(read, "\(number)")
      }
    }
  }

  /// The value with the number at each of its places in turn replaced, and the names that lead there.
  private func replaced(_ value: Value, _ path: [ByteText] = [], by number: Value) -> [(Value, [ByteText])] {
    switch value {
    case .object(let fields):
      fields.keys.flatMap { key in
        replaced(fields[key] ?? .null, path + [key], by: number).map { changed, path in
          var fields = fields
          fields[key] = changed
          return (.object(fields), path)
        }
      }
    case .array(let elements):
      elements.indices.flatMap { index in
        replaced(elements[index], path, by: number).map { changed, path in
          var elements = elements
          elements[index] = changed
          return (.array(elements), path)
        }
      }
    case .int, .double: [(number, path)]
    default: []
    }
  }

  @Test(
    "one number that makes no sense is brought into the bounds, or its line refused with words that name the field",
    arguments: [-1, 1e300, -1e300, 0.5, "7", true, [-1], ["a": 1]] as [Value])
  func each(number: Value) throws {
    let state = try ValueEncoder().encode(try GatewayState.example())
    let all = replaced(state, by: number)
    #expect(all.count > 100)
    for (changed, path) in all {
      for line in lines(changed) {
        switch FrameDecoder.decode(line) {
        case .success(let frame): try expectBounds(try self.state(frame), "\(path)")
        case .failure(let error):
          #expect(error.code == .badField && number != -1, "\(path): \(error.message)")
          let name = path.last { $0 != "buckets" } ?? ""
          #expect(error.message.string.contains(name.string), "\(path): \(error.message)")
        }
      }
    }
  }
}

import GenAPIValue

/// The operation that caused a request, as its client told: W3C Trace Context, https://www.w3.org/TR/trace-context/.
///
/// A gateway records no operation of its own under this name, so it hands on what it got, as the specification has it for
/// who only forwards. A reference, so that a request without one costs nothing.
public final class TraceContext: Sendable, Hashable {
  /// 32 hexadecimal digits: names the whole trace.
  public let traceID: ByteText
  /// 16 hexadecimal digits: names the operation that caused this one.
  public let parentSpanID: ByteText
  /// Sampled (1) and random (2); others are not known and not handed on.
  public let flags: UInt8
  /// `tracestate`, what the systems of the trace want to be told; nil for none that can be handed on.
  public let state: ByteText?

  /// What every system hands on at least: section 3.3.1.5.
  public static let mostStateBytes = 512
  /// A later version may say more behind what this one says; that is not handed on.
  private static let mostParentBytes = 512

  /// Whether the caller records this trace.
  public var isSampled: Bool { flags & 1 != 0 }

  /// Its `traceparent`, in version 00.
  public var parent: ByteText { "00-\(traceID)-\(parentSpanID)-0\(flags)" }

  /// nil for what is no `traceparent`: then there is none, and nothing is wrong with the request.
  ///
  /// - Parameter state: left out when it is longer than is handed on, or no printable ASCII.
  public init?(parent: ByteText, state: ByteText? = nil) {
    let bytes = parent.utf8
    guard bytes.count >= 55, bytes.count <= Self.mostParentBytes else { return nil }
    let parts = parent.prefix(bytes: 56).split(separator: UInt8(ascii: "-"))
    guard parts.count >= 4, let version = Self.hex(parts[0], digits: 2), version != "ff",
      let traceID = Self.hex(parts[1], digits: 32), let span = Self.hex(parts[2], digits: 16),
      let flagText = Self.hex(parts[3], digits: 2), let flags = UInt8(flagText.string, radix: 16),
      traceID.utf8.contains(where: { $0 != UInt8(ascii: "0") }),
      span.utf8.contains(where: { $0 != UInt8(ascii: "0") })
    else { return nil }
    // Version 00 ends here; a later one goes on behind another hyphen.
    guard bytes.count == 55 || (version != "00" && parts.count == 5) else { return nil }
    self.traceID = traceID
    parentSpanID = span
    self.flags = flags & 3
    let isTaken = state.map { state in
      !state.isEmpty && state.byteCount <= Self.mostStateBytes
        && state.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }
    self.state = isTaken == true ? state : nil
  }

  /// In lower case, as the specification demands.
  private static func hex(_ text: ByteText, digits: Int) -> ByteText? {
    let isHex = text.utf8.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
    }
    return isHex && text.byteCount == digits ? text : nil
  }

  public static func == (one: TraceContext, other: TraceContext) -> Bool {
    one === other
      || (one.traceID == other.traceID && one.parentSpanID == other.parentSpanID && one.flags == other.flags
        && one.state == other.state)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(traceID)
    hasher.combine(parentSpanID)
  }
}

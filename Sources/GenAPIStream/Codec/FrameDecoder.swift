import GenAPITelemetry
import GenAPIValue
import NIOCore

/// Reads lines of JSON into frames. Texts in them that are too long are cut, see `TextBound`.
public enum FrameDecoder {
  /// A line without its end. One with changed buckets is refused: alone it tells no latencies, see `Subscription.changedBuckets`.
  public static func decode(_ line: ByteBuffer) -> Result<Frame, FrameError> {
    if let frame = scanned(line) { return .success(frame) }
    return decodeFields(line).map(\.0)
  }

  /// A line that a client sent: of a type that clients do not send no more is read than that.
  static func clientFrame(_ line: ByteBuffer) -> Result<Frame, FrameError> {
    do throws(FrameError) {
      let fields = try FrameFields(line, isScanned: false)
      guard clientTypes.contains(fields.type) else {
        throw FrameError(
          .unknownFrame,
          "clients send subscribe, ping, pong, bye and error, not \"\(fields.type.cut(bytes: 64))\"")
      }
      return .success(try frame(fields).cut(lineBytes: line.readableBytes))
    } catch {
      return .failure(error)
    }
  }

  private static let clientTypes: Set<ByteText> = ["subscribe", "ping", "pong", "bye", "error"]

  /// What a line says beside its frame.
  struct Line {
    var frame: Frame
    /// Where a line of a recording came from, when it says so.
    var target: ByteText?
    /// The rest of this state follows in the next line.
    var hasMore = false
    /// Places in the state's list of series of those of which only the buckets came that changed.
    var changedSeries: [Int] = []
  }

  /// Where nobody keeps the histograms that changed.
  static let bucketsAlone = FrameError(
    .badField, "state: latency.buckets is missing: what changed of buckets that are not known tells nothing")

  static func line(_ line: ByteBuffer) -> Result<Line, FrameError> {
    if let frame = scanned(line) { return .success(Line(frame: frame)) }
    return fields(line)
  }

  /// The frame of a line in the form that gateways write it in, of the two kinds that come most: an event, and a state that tells of the
  /// process alone.
  static func scanned(_ line: ByteBuffer) -> Frame? {
    line.withUnsafeReadableBytes { bytes in
      guard let record = EventFrameScanner.decode(bytes) else { return QuietLineScanner.frame(bytes) }
      return .event(bytes.count > EventRecord.mostBytes ? record.cut(lineBytes: bytes.count) : record)
    }
  }

  /// A line in whatever form.
  ///
  /// - Parameter isScanned: whether a state's series are read where they lie.
  static func decodeFields(_ line: ByteBuffer, isScanned: Bool = true)
    -> Result<(Frame, target: ByteText?), FrameError>
  {
    fields(line, isScanned: isScanned).flatMap {
      $0.changedSeries.isEmpty ? .success(($0.frame, $0.target)) : .failure(bucketsAlone)
    }
  }

  private static func fields(_ line: ByteBuffer, isScanned: Bool = true) -> Result<Line, FrameError> {
    do throws(FrameError) {
      let fields = try FrameFields(line, isScanned: isScanned)
      return .success(
        Line(
          frame: try frame(fields).cut(lineBytes: line.readableBytes), target: fields.object["from"]?.string,
          hasMore: fields.object["more"] == .bool(true), changedSeries: fields.changedSeries))
    } catch {
      return .failure(error)
    }
  }

  private static func frame(_ fields: FrameFields) throws(FrameError) -> Frame {
    switch fields.type {
    case "event": return .event(try event(fields))
    case "state":
      return .state(
        at: try fields.int("at"), sequence: try fields.int("seq"), try fields.stateChange())
    case "snapshot":
      // Read as a change from nothing, so that a section an older gateway does not know is empty, not an error.
      var state = GatewayState()
      state.apply(try fields.stateChange())
      return .snapshot(at: try fields.int("at"), sequence: try fields.int("seq"), state)
    case "dropped":
      return .dropped(
        at: try fields.int("at"),
        DroppedEvents(
          count: try fields.int("count"), fromSequence: try fields.int("from_seq"),
          toSequence: try fields.int("to_seq")))
    case "ping": return .ping(at: try fields.int("at", default: 0))
    case "pong": return .pong(at: try fields.int("at", default: 0))
    case "hello": return .hello(try fields.decode(Hello.self))
    case "subscribe": return .subscribe(try SubscriptionDecoder.subscription(fields))
    case "bye": return .bye(reason: try fields.string("reason", default: ""))
    case "error":
      return .error(
        code: StreamErrorCode(rawValue: try fields.string("code")),
        message: try fields.string("message", default: ""))
    case "recording":
      return .recording(
        RecordingHeader(
          proto: Int(clamping: try fields.int("proto")), startedAt: try fields.int("started_at", default: 0),
          targets: try fields.strings("targets")))
    default: return .unknown(type: fields.type)
    }
  }

  private static func event(_ fields: FrameFields) throws(FrameError) -> EventRecord {
    EventRecord(
      node: fields.object["node"]?.string, sequence: try fields.int("seq"), at: try fields.int("at"),
      name: try fields.string("name"), measurements: try fields.object("m"),
      metadata: try fields.object("d"))
  }
}

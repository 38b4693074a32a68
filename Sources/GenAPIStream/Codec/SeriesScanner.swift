import GenAPITelemetry
import GenAPIValue

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The `series` of a state's line, read where they lie without making values of them.
///
/// They are nearly all of a line, and nearly all of them are latencies: as values each of their numbers takes more time
/// than the whole entry does here, where they are brought into the range that is believed. An entry in any other form than this one is no error: it is nil here, and read as a
/// value.
struct SeriesScanner {
  /// The pairs of the last histogram; their memory serves the next one.
  private var pairs: [(Int, Int64)] = []
  /// Places in the list of the series of which only those buckets came that changed.
  private(set) var changed: [Int] = []
  /// The last histogram was one of these.
  private var isChange = false

  /// The list whose bracket is next, and the white space behind it; nil for another form, with the reader anywhere.
  mutating func list(_ reader: inout JSONReader) -> [SeriesState]? {
    guard reader.take(UInt8(ascii: "[")) else { return nil }
    var list: [SeriesState] = []
    if reader.take(UInt8(ascii: "]")) { return list }
    repeat {
      guard let entry = entry(&reader) else { return nil }
      if isChange { changed.append(list.count) }
      list.append(entry)
    } while reader.take(UInt8(ascii: ","))
    return reader.take(UInt8(ascii: "]")) ? list : nil
  }

  /// The fields that were seen, each by its bit: one that comes twice, or does not come, is for the general reader.
  private struct Seen {
    static let service = 1
    static let requestType = 2
    static let version = 4
    static let requests = 8
    static let outcomes = 16
    static let retries = 32
    static let latency = 64
    static let maxUs = 128
    static let lastError = 256
    static let lastErrorAt = 512
    static let lastRefusal = 1_024
    static let lastRefusalAt = 2_048
    static let needed = service | requestType | requests | outcomes | retries | latency | maxUs

    private var bits = 0

    /// False when it was there already.
    mutating func insert(_ field: Int) -> Bool {
      defer { bits |= field }
      return bits & field == 0
    }

    var hasAll: Bool { bits & Self.needed == Self.needed }
  }

  private mutating func entry(_ reader: inout JSONReader) -> SeriesState? {
    guard reader.take(UInt8(ascii: "{")) else { return nil }
    isChange = false
    var entry = SeriesState(service: "", requestType: "")
    var seen = Seen()
    repeat {
      guard let key = reader.plainKey(), field(key, &reader, &entry, &seen) else { return nil }
    } while reader.take(UInt8(ascii: ","))
    return reader.take(UInt8(ascii: "}")) && seen.hasAll ? entry : nil
  }

  /// False for a field in another form, and for one that is not known.
  private mutating func field(
    _ key: UnsafeRawBufferPointer, _ reader: inout JSONReader, _ entry: inout SeriesState, _ seen: inout Seen
  ) -> Bool {
    if key.isText("service") {
      return seen.insert(Seen.service) && Self.text(&reader) { entry.service = $0 }
    }
    if key.isText("request_type") {
      return seen.insert(Seen.requestType) && Self.text(&reader) { entry.requestType = $0 }
    }
    if key.isText("version") { return seen.insert(Seen.version) && Self.text(&reader) { entry.version = $0 } }
    if key.isText("requests") {
      return seen.insert(Seen.requests) && Self.number(&reader) { entry.requests = $0 }
    }
    if key.isText("outcomes") { return seen.insert(Seen.outcomes) && Self.counts(&reader, &entry.outcomes) }
    if key.isText("retries") {
      return seen.insert(Seen.retries) && Self.number(&reader) { entry.retries = $0 }
    }
    if key.isText("latency") { return seen.insert(Seen.latency) && histogram(&reader, &entry.latency) }
    if key.isText("max_us") { return seen.insert(Seen.maxUs) && Self.number(&reader) { entry.maxUs = $0 } }
    if key.isText("last_error") {
      return seen.insert(Seen.lastError) && Self.text(&reader) { entry.lastError = $0 }
    }
    if key.isText("last_error_at") {
      return seen.insert(Seen.lastErrorAt) && Self.number(&reader) { entry.lastErrorAt = $0 }
    }
    if key.isText("last_refusal") {
      return seen.insert(Seen.lastRefusal) && Self.text(&reader) { entry.lastRefusal = $0 }
    }
    if key.isText("last_refusal_at") {
      return seen.insert(Seen.lastRefusalAt) && Self.number(&reader) { entry.lastRefusalAt = $0 }
    }
    return false
  }

  @inline(__always)
  private static func number(_ reader: inout JSONReader, _ set: (Int64) -> Void) -> Bool {
    guard let number = reader.wholeNumber() else { return false }
    set(NumberBound.count(number))
    return true
  }

  @inline(__always)
  private static func text(_ reader: inout JSONReader, _ set: (ByteText) -> Void) -> Bool {
    guard let text = reader.plainText() else { return false }
    set(text)
    return true
  }

  private static func counts(_ reader: inout JSONReader, _ counts: inout [ByteText: Int64]) -> Bool {
    guard reader.take(UInt8(ascii: "{")) else { return false }
    if reader.take(UInt8(ascii: "}")) { return true }
    repeat {
      guard let key = reader.plainText(), reader.take(UInt8(ascii: ":")), let count = reader.wholeNumber()
      else {
        return false
      }
      // Of equal names the last one counts, as when they are read as an object.
      counts[key] = NumberBound.count(count)
    } while reader.take(UInt8(ascii: ","))
    return reader.take(UInt8(ascii: "}"))
  }

  private mutating func histogram(_ reader: inout JSONReader, _ histogram: inout LatencyHistogram) -> Bool {
    guard reader.take(UInt8(ascii: "{")) else { return false }
    var sum: Int64?
    var hasBuckets = false
    repeat {
      guard let key = reader.plainKey() else { return false }
      if key.isText("sum"), sum == nil, let number = reader.wholeNumber() {
        sum = number
      } else if key.isText("buckets"), !hasBuckets, buckets(&reader) {
        hasBuckets = true
      } else if key.isText("changed"), !hasBuckets, buckets(&reader) {
        hasBuckets = true
        isChange = true
      } else {
        return false
      }
    } while reader.take(UInt8(ascii: ","))
    guard reader.take(UInt8(ascii: "}")), let sum, hasBuckets else { return false }
    histogram = LatencyHistogram(pairs: pairs, sum: sum)
    return true
  }

  private mutating func buckets(_ reader: inout JSONReader) -> Bool {
    pairs.removeAll(keepingCapacity: true)
    guard reader.take(UInt8(ascii: "[")) else { return false }
    if reader.take(UInt8(ascii: "]")) { return true }
    repeat {
      guard reader.take(UInt8(ascii: "[")), let bucket = reader.wholeNumber(),
        reader.take(UInt8(ascii: ",")), let count = reader.wholeNumber(), reader.take(UInt8(ascii: "]"))
      else { return false }
      pairs.append((Int(clamping: bucket), count))
    } while reader.take(UInt8(ascii: ","))
    return reader.take(UInt8(ascii: "]"))
  }
}

extension UnsafeRawBufferPointer {
  @inline(__always)
  fileprivate func isText(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && memcmp(baseAddress!, text.utf8Start, count) == 0
  }
}

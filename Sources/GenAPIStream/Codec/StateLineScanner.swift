import GenAPITelemetry
import GenAPIValue

/// The line of a snapshot or a state, its series read where they lie and all else as values.
///
/// A line in any other form than this one, and every broken one, is no error: it is nil here, and all of it is read as values.
struct StateLineScanner {
  let type: ByteText
  /// All fields but the series and the process.
  private(set) var object: ValueObject = [:]
  /// nil where the line has none.
  let series: [SeriesState]?
  /// nil where the line has none.
  private(set) var process: ProcessState?
  /// Places in it of those of which only some buckets came.
  private(set) var changed: [Int] = []

  init?(_ bytes: UnsafeRawBufferPointer) {
    var reader = JSONReader(bytes: bytes, maxDepth: 64)
    // Other lines, many of them, are told from these by their beginning.
    guard reader.take(UInt8(ascii: "{")), let first = reader.plainKey(), first.elementsEqual("t".utf8),
      let type = reader.plainText(), type == "state" || type == "snapshot", reader.take(UInt8(ascii: ","))
    else { return nil }
    object["t"] = .string(type)
    var series: [SeriesState]?
    repeat {
      guard let name = reader.plainKey() else { return nil }
      // Of equal keys the last one counts: that one is not to be read as another.
      if name.elementsEqual("t".utf8) { return nil }
      if name.elementsEqual("series".utf8) {
        var scanner = SeriesScanner()
        guard series == nil, let list = scanner.list(&reader) else { return nil }
        series = list
        changed = scanner.changed
        continue
      }
      if name.elementsEqual("process".utf8) {
        guard process == nil, let read = ProcessScanner.process(&reader) else { return nil }
        process = read
        continue
      }
      let key = ByteText(decoding: name)
      guard let value = try? reader.value(depth: 1) else { return nil }
      object[key] = value
    } while reader.take(UInt8(ascii: ","))
    guard reader.take(UInt8(ascii: "}")), reader.isAtEnd else { return nil }
    self.type = type
    self.series = series
  }
}

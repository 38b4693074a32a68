import GenAPITelemetry
import GenAPIValue

/// The `process` of a state's line, read where it lies: all that most lines of a gateway have in which nothing happens.
///
/// In any other form than this one it is no error: it is nil here, and read as a value. Numbers are brought into the range that is believed.
enum ProcessScanner {
  /// The object whose brace is next.
  static func process(_ reader: inout JSONReader) -> ProcessState? {
    guard reader.take(UInt8(ascii: "{")) else { return nil }
    var process = ProcessState()
    // By place among the keys.
    var seen: UInt = 0
    let keys = ProcessState.CodingKeys.allCases
    repeat {
      guard let key = reader.plainKey(),
        let place = keys.firstIndex(where: { key.elementsEqual($0.rawValue.utf8) }), seen & 1 << place == 0
      else { return nil }
      seen |= 1 << place
      let field = keys[place]
      if field == .cpuSeconds {
        switch try? reader.value(depth: 2) {
        case .int(let seconds): process.cpuSeconds = NumberBound.seconds(Double(seconds))
        case .double(let seconds): process.cpuSeconds = NumberBound.seconds(seconds)
        default: return nil
        }
        continue
      }
      guard let number = reader.wholeNumber().map({ NumberBound.count($0) }) else { return nil }
      switch field {
      case .cpuSeconds: break
      case .residentBytes: process.residentBytes = number
      case .threads: process.threads = Int(clamping: number)
      case .uptimeMs: process.uptimeMs = number
      case .droppedLogLines: process.droppedLogLines = number
      }
    } while reader.take(UInt8(ascii: ","))
    // What gateways of before did not send is 0.
    if let place = keys.firstIndex(of: .droppedLogLines) { seen |= 1 << place }
    return reader.take(UInt8(ascii: "}")) && seen.nonzeroBitCount == keys.count ? process : nil
  }
}

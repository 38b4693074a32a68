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
    var seen: Set<ProcessState.CodingKeys> = []
    repeat {
      guard let key = reader.plainKey(),
        let field = ProcessState.CodingKeys.allCases.first(where: { key.elementsEqual($0.rawValue.utf8) }),
        seen.insert(field).inserted
      else { return nil }
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
    seen.insert(.droppedLogLines)
    return reader.take(UInt8(ascii: "}")) && seen.count == ProcessState.CodingKeys.allCases.count
      ? process : nil
  }
}

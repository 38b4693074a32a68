import GenAPITelemetry
import GenAPIValue

/// The line of a second in which nothing happened, as a gateway writes it: `{"t":"state","at":1,"seq":2,"process":{…}}`. A hundred quiet gateways
/// send nothing else.
///
/// A line in any other form is no error: it is nil here, and read as all states are.
enum QuietLineScanner {
  static func frame(_ bytes: UnsafeRawBufferPointer) -> Frame? {
    guard bytes.starts(with: begin) else { return nil }
    var reader = JSONReader(bytes: UnsafeRawBufferPointer(rebasing: bytes[begin.count...]), maxDepth: 64)
    guard let at = reader.wholeNumber(), reader.take(UInt8(ascii: ",")),
      let sequenceKey = reader.plainKey(), sequenceKey.elementsEqual("seq".utf8),
      let sequence = reader.wholeNumber(), reader.take(UInt8(ascii: ",")),
      let processKey = reader.plainKey(), processKey.elementsEqual("process".utf8),
      let process = ProcessScanner.process(&reader), reader.take(UInt8(ascii: "}")), reader.isAtEnd
    else { return nil }
    return .state(at: at, sequence: sequence, GatewayStateChange(process: process))
  }

  private static let begin = Array(#"{"t":"state","at":"#.utf8)
}

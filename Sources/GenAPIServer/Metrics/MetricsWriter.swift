import GenAPITelemetry
import GenAPIValue

/// Writes families of metrics one after the other.
struct MetricsWriter {
  let format: MetricsFormat
  private var text = ""
  private var name = ""

  init(_ format: MetricsFormat) { self.format = format }

  /// A family and its samples.
  mutating func family(_ family: MetricFamily, _ samples: (inout MetricsWriter) -> Void) {
    name = family.name
    // The older format knows no suffix: the family is called as its samples are.
    let shown = family.kind == .counter && format == .prometheus ? name + "_total" : name
    line("# HELP \(shown) \(Self.escaped(family.help, quotes: format == .openMetrics))")
    line("# TYPE \(shown) \(family.kind.rawValue)")
    if let unit = family.unit, format == .openMetrics { line("# UNIT \(shown) \(unit)") }
    samples(&self)
  }

  /// A sample of the family.
  mutating func sample(_ suffix: String, _ labels: [(String, ByteText)], _ value: some Numeric) {
    line("\(name)\(suffix)\(Self.text(labels)) \(value)")
  }

  mutating func count(_ labels: [(String, ByteText)], _ value: Int64) { sample("_total", labels, value) }

  /// The bounds are fixed, so that a series never changes its shape.
  mutating func histogram(_ labels: [(String, ByteText)], _ latency: LatencyHistogram) {
    let bounds: [Int64] = [
      100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
      2_500_000, 5_000_000, 10_000_000, 30_000_000, 60_000_000,
    ]
    var index = 0
    var seen: Int64 = 0
    let buckets = latency.buckets
    for bound in bounds {
      while index < buckets.count, LatencyHistogram.representative(of: buckets[index].bucket) <= bound {
        seen += buckets[index].count
        index += 1
      }
      sample("_bucket", labels + [("le", "\(Self.seconds(bound))")], seen)
    }
    sample("_bucket", labels + [("le", "+Inf")], latency.count)
    sample("_sum", labels, Self.seconds(latency.sum))
    sample("_count", labels, latency.count)
  }

  var finished: String { format == .openMetrics ? text + "# EOF\n" : text }

  private mutating func line(_ line: String) {
    text += line
    text += "\n"
  }

  private static func seconds(_ microseconds: Int64) -> Double { Double(microseconds) / 1_000_000 }

  static func text(_ labels: [(String, ByteText)]) -> String {
    guard !labels.isEmpty else { return "" }
    return "{" + labels.map { "\($0)=\"\(escaped($1.string, quotes: true))\"" }.joined(separator: ",") + "}"
  }

  /// Byte by byte, as its readers do: a quote that a combining mark follows is one character to Swift, and a quote to
  /// them.
  static func escaped(_ text: String, quotes: Bool) -> String {
    func needsEscape(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\n") || (quotes && byte == UInt8(ascii: "\""))
    }
    guard text.utf8.contains(where: needsEscape) else { return text }
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if needsEscape(byte) { bytes.append(UInt8(ascii: "\\")) }
      bytes.append(byte == UInt8(ascii: "\n") ? UInt8(ascii: "n") : byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

import GenAPITelemetry
import GenAPIValue
import NIOCore

/// Writes a state into lines, in one go: every entry is written once, into the line that it still fits into.
final class StateLines {
  private enum Begun: Equatable {
    case nothing
    case object(ByteText)
    case list(ByteText)
    /// The keys of a section's entries that are gone.
    case removed(ByteText)

    /// What it takes at most beside its entries.
    var bytes: Int {
      switch self {
      case .nothing: 0
      case .object(let name), .list(let name): name.utf8.count + 8
      case .removed(let name): name.utf8.count + 24
      }
    }
  }

  private let at: Int64
  private let sequence: Int64
  private let limit: Int
  private var lines: [ByteBuffer] = []
  private var line = ByteBuffer()
  /// Of the line, without any section.
  private var emptyBytes = 0
  private var begun = Begun.nothing
  /// Sections that the line must have before it ends, in their order: what a snapshot's first line still lacks.
  private var due: [(name: ByteText, content: [UInt8])] = []
  private var dueBytes = 0
  private var json = JSONWriter(capacity: 4_096)

  /// What ends a line.
  private static let end = 16

  init(_ type: ByteText, at: Int64, sequence: Int64, limit: Int) {
    self.at = at
    self.sequence = sequence
    self.limit = limit
    beginLine(type)
  }

  /// The lines, each with its end.
  ///
  /// - Parameter hasMore: the state goes on behind the last of them.
  func finished(hasMore: Bool = false) -> [ByteBuffer] {
    endLine(hasMore: hasMore)
    return lines
  }

  // MARK: What is written

  /// The line must have these sections, whatever else comes into it.
  func owe(_ sections: [(name: ByteText, content: [UInt8])]) {
    due = sections
    dueBytes = sections.reduce(0) { $0 + Self.bytes($1) }
  }

  /// Nothing more comes of a section: it is written as it is due, if it still is.
  func end(_ name: ByteText) {
    if let section = takeDue(name) { writeSection(section) }
  }

  private func takeDue(_ name: ByteText) -> (name: ByteText, content: [UInt8])? {
    guard due.first?.name == name else { return nil }
    let section = due.removeFirst()
    dueBytes -= Self.bytes(section)
    return section
  }

  func object(_ name: ByteText, _ object: some StateFields) {
    json.restart(keepingAtMost: 65_536)
    EntryEncoder.write(object, &json)
    write(as: .object(name)) { EntryEncoder.writeTight(object, &$0) }
  }

  func entry<Entry: StateEntry>(_ entry: Entry, of name: ByteText) {
    json.restart(keepingAtMost: 65_536)
    EntryEncoder.write(entry, &json)
    write(as: .list(name)) { EntryEncoder.writeTight(entry, &$0) }
  }

  /// A series of which only the buckets are told that changed; nil for all.
  func series(_ series: SeriesState, changed: ChangedBuckets?) {
    guard let changed else { return entry(series, of: "series") }
    json.restart(keepingAtMost: 65_536)
    EntryEncoder.write(series, changed: changed, &json)
    write(as: .list("series")) { EntryEncoder.writeTight(series, changed: changed, &$0) }
  }

  func removed(_ key: ByteText, of name: ByteText) {
    json.restart(keepingAtMost: 65_536)
    json.string(key)
    write(as: .removed(name)) { _ in }
  }

  // MARK: Lines

  private func write(as kind: Begun, tight: (inout JSONWriter) -> Void) {
    if !isRoom(for: json.count + kind.bytes) {
      if line.readableBytes > emptyBytes || !due.isEmpty {
        endLine(hasMore: true)
        beginLine("state")
      }
      if !isRoom(for: json.count + kind.bytes) {
        json.restart()
        tight(&json)
      }
    }
    if begun == kind {
      line.writeStaticString(",")
    } else {
      if case .list(let name) = kind { _ = takeDue(name) }
      begin(kind)
    }
    _ = json.withBytes { line.writeBytes($0) }
  }

  private func isRoom(for bytes: Int) -> Bool {
    line.readableBytes + bytes + dueBytes + Self.end <= limit
  }

  private static func bytes(_ section: (name: ByteText, content: [UInt8])) -> Int {
    section.name.utf8.count + 4 + section.content.count
  }

  private func beginLine(_ type: ByteText) {
    var head = JSONWriter()
    head.beginObject()
    head.key("t")
    head.string(type)
    head.key("at")
    head.int(at)
    head.key("seq")
    head.int(sequence)
    line = ByteBufferAllocator().buffer(capacity: min(limit, 4_096))
    _ = head.withBytes { line.writeBytes($0) }
    emptyBytes = line.readableBytes
    begun = .nothing
  }

  private func endLine(hasMore: Bool) {
    for section in due { writeSection(section) }
    due = []
    dueBytes = 0
    endBegun()
    line.writeStaticString(hasMore ? ",\"more\":true}\n" : "}\n")
    lines.append(line)
  }

  private func writeSection(_ section: (name: ByteText, content: [UInt8])) {
    endBegun()
    key(section.name)
    line.writeBytes(section.content)
  }

  private func begin(_ kind: Begun) {
    switch (begun, kind) {
    case (.removed, .removed(let name)):
      line.writeStaticString("],\"")
      line.writeBytes(name.utf8)
      line.writeStaticString("\":[")
    case (_, .removed(let name)):
      endBegun()
      line.writeStaticString(",\"removed\":{\"")
      line.writeBytes(name.utf8)
      line.writeStaticString("\":[")
    case (_, .list(let name)):
      endBegun()
      key(name)
      line.writeStaticString("[")
    case (_, .object(let name)):
      endBegun()
      key(name)
    case (_, .nothing): endBegun()
    }
    begun = kind
  }

  private func endBegun() {
    switch begun {
    case .nothing, .object: break
    case .list: line.writeStaticString("]")
    case .removed: line.writeStaticString("]}")
    }
    begun = .nothing
  }

  private func key(_ name: ByteText) {
    line.writeStaticString(",\"")
    line.writeBytes(name.utf8)
    line.writeStaticString("\":")
  }
}

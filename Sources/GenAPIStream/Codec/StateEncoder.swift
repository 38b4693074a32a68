import GenAPITelemetry
import GenAPIValue
import NIOCore

/// Writes `snapshot` and `state` frames, in several lines when one would be too long. Each but the last says that there is more.
enum StateEncoder {
  /// The first line is a `snapshot`, which has every section; what does not fit into it follows in `state` frames.
  static func snapshot(
    at: Int64, sequence: Int64, _ state: GatewayState, limit: Int = StreamProtocol.maximumLineBytes
  ) -> [ByteBuffer] {
    let lines = StateLines("snapshot", at: at, sequence: sequence, limit: limit)
    var due = DueSections(state: state)
    GatewayState.visitSections(&due)
    if due.bytes > limit / 2 {
      due = DueSections(state: state, isTight: true)
      GatewayState.visitSections(&due)
    }
    lines.owe(due.sections)
    var written = SnapshotSections(state: state, lines: lines)
    GatewayState.visitSections(&written)
    return lines.finished()
  }

  /// - Parameters:
  ///   - buckets: for each of the change's series the buckets that are told, nil for all; empty for all of all.
  ///   - hasMore: more of the change follows.
  static func change(
    at: Int64, sequence: Int64, _ change: GatewayStateChange, buckets: [ChangedBuckets?] = [],
    hasMore: Bool = false, limit: Int = StreamProtocol.maximumLineBytes
  ) -> [ByteBuffer] {
    let lines = StateLines("state", at: at, sequence: sequence, limit: limit)
    for (section, keys) in (change.removed ?? [:]).sorted(by: { $0.key < $1.key }) {
      for key in keys { lines.removed(key, of: section) }
    }
    var written = ChangedSections(change: change, buckets: buckets, lines: lines)
    GatewayState.visitSections(&written)
    return lines.finished(hasMore: hasMore)
  }

  static func write(_ at: Int64, _ sequence: Int64, hasMore: Bool, _ json: inout JSONWriter) {
    json.key("at")
    json.int(at)
    json.key("seq")
    json.int(sequence)
    if hasMore {
      json.key("more")
      json.bool(true)
    }
  }

  /// Writes the sections of a state into an object that was begun.
  static func write(_ state: some Encodable, _ json: inout JSONWriter) {
    // None of the state's types throws when encoded; a state that did would be an empty frame.
    guard let fields = try? ValueEncoder().encode(state).object else { return }
    for (key, value) in fields {
      json.key(escaping: key)
      json.value(value)
    }
  }
}

/// What a snapshot's first line must have: every object, and of every list that it is one.
private struct DueSections: SectionVisitor {
  let state: GatewayState
  var isTight = false
  var sections: [(name: ByteText, content: [UInt8])] = []
  var bytes = 0

  mutating func object<Object>(_ section: ObjectSection<Object>) {
    var json = JSONWriter()
    if isTight {
      EntryEncoder.writeTight(state[keyPath: section.path], &json)
    } else {
      EntryEncoder.write(state[keyPath: section.path], &json)
    }
    sections.append((section.name, json.bytes))
    bytes += json.count
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    sections.append((section.name, Array("[]".utf8)))
  }
}

private struct SnapshotSections: SectionVisitor {
  let state: GatewayState
  let lines: StateLines

  mutating func object<Object>(_ section: ObjectSection<Object>) { lines.end(section.name) }

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    for entry in state[keyPath: section.path] { lines.entry(entry, of: section.name) }
    lines.end(section.name)
  }
}

private struct ChangedSections: SectionVisitor {
  let change: GatewayStateChange
  let buckets: [ChangedBuckets?]
  let lines: StateLines

  mutating func object<Object>(_ section: ObjectSection<Object>) {
    if let object = change[section] { lines.object(section.name, object) }
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    if section.name == "series", !buckets.isEmpty {
      for (series, changed) in zip(change.series, buckets) { lines.series(series, changed: changed) }
    } else {
      for entry in change[section] { lines.entry(entry, of: section.name) }
    }
  }
}

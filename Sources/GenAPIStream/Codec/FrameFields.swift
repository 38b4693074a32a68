import GenAPITelemetry
import GenAPIValue
import NIOCore

/// The fields of a line, with errors that name the field.
struct FrameFields {
  let object: ValueObject
  let type: ByteText
  /// The series of a state that were read where they lie; they are not in `object`. nil when they were not.
  let series: [SeriesState]?
  /// The process of a state that was read where it lies; it is not in `object`. nil when it was not.
  let process: ProcessState?
  /// Places in the list of series of those of which only the buckets came that changed, see `docs/stream.md`.
  let changedSeries: [Int]
  /// How the fields' names begin in errors: `filter.exclude.`.
  private let prefix: ByteText

  /// - Parameter isScanned: whether a state's series are read where they lie.
  init(_ line: ByteBuffer, isScanned: Bool = true) throws(FrameError) {
    if isScanned, let state = line.withUnsafeReadableBytes({ StateLineScanner($0) }) {
      self = FrameFields(state)
    } else {
      try self.init(general: line)
    }
  }

  private init(_ state: StateLineScanner) {
    object = state.object
    type = state.type
    series = state.series
    process = state.process
    changedSeries = state.changed
    prefix = ""
  }

  private init(general line: ByteBuffer) throws(FrameError) {
    let value: Value
    do throws(JSONError) {
      value = try line.withUnsafeReadableBytes { bytes in
        Result { () throws(JSONError) in try JSONReader.parse(bytes, maxDepth: 64) }
      }.get()
    } catch {
      throw FrameError(.malformed, "the line is no JSON: \(error)")
    }
    guard case .object(var object) = value else {
      throw FrameError(.malformed, "a line is a JSON object, not \(value.instead(of: "an object"))")
    }
    guard case .string(let type)? = object["t"] else {
      throw FrameError(.malformed, "the field t, the type of the frame, is missing or no string")
    }
    changedSeries = Self.takeChanged(&object)
    self.object = object
    self.type = type
    series = nil
    process = nil
    prefix = ""
  }

  /// Changed buckets are read as buckets.
  private static func takeChanged(_ object: inout ValueObject) -> [Int] {
    guard case .array(var list)? = object["series"] else { return [] }
    var places: [Int] = []
    for place in list.indices {
      guard case .object(var entry) = list[place], case .object(var latency)? = entry["latency"],
        let changed = latency["changed"], latency["buckets"] == nil
      else { continue }
      latency["changed"] = nil
      latency["buckets"] = changed
      entry["latency"] = .object(latency)
      list[place] = .object(entry)
      places.append(place)
    }
    if !places.isEmpty { object["series"] = .array(list) }
    return places
  }

  init(_ object: ValueObject, of type: ByteText, prefix: ByteText) {
    series = nil
    process = nil
    changedSeries = []
    self.object = object
    self.type = type
    self.prefix = prefix
  }

  /// - Parameter found: what is there instead; nil for its kind.
  func wrong(_ field: ByteText, _ wanted: ByteText, found: ByteText? = nil) -> FrameError {
    let found =
      found.map { "not \($0)" } ?? object[field].map { "not \($0.instead(of: wanted))" }
      ?? "and it is missing"
    return FrameError(.badField, "\(type): \(prefix)\(field) must be \(wanted), \(found)")
  }

  /// - Throws: for the first field that is none of these.
  func check(allowed: [ByteText]) throws(FrameError) {
    guard let field = object.keys.first(where: { !allowed.contains($0) }) else { return }
    let known = allowed.map(\.string).joined(separator: ", ")
    throw FrameError(
      .badField, "\(type): \(prefix)\(field.cut(bytes: 64)) is not known; allowed are \(known)")
  }

  func int(_ field: ByteText) throws(FrameError) -> Int64 {
    guard let value = object[field]?.int else { throw wrong(field, "a whole number") }
    return value
  }

  func int(_ field: ByteText, default value: Int64) throws(FrameError) -> Int64 {
    has(field) ? try int(field) : value
  }

  func string(_ field: ByteText) throws(FrameError) -> ByteText {
    guard let value = object[field]?.string else { throw wrong(field, "a string") }
    return value
  }

  func string(_ field: ByteText, default value: ByteText) throws(FrameError) -> ByteText {
    has(field) ? try string(field) : value
  }

  func bool(_ field: ByteText, default value: Bool) throws(FrameError) -> Bool {
    guard has(field) else { return value }
    guard let found = object[field]?.bool else { throw wrong(field, "true or false") }
    return found
  }

  /// An absent object is empty.
  func object(_ field: ByteText) throws(FrameError) -> ValueObject {
    guard has(field) else { return [:] }
    guard let found = object[field]?.object else { throw wrong(field, "an object") }
    return found
  }

  /// An absent list is empty.
  func strings(_ field: ByteText) throws(FrameError) -> [ByteText] {
    guard has(field) else { return [] }
    guard let values = object[field]?.array else { throw wrong(field, "a list of strings") }
    let strings = values.compactMap(\.string)
    guard strings.count == values.count else {
      throw wrong(field, "a list of strings", found: "one with others")
    }
    return strings
  }

  func decode<T: Decodable>(_ type: T.Type) throws(FrameError) -> T {
    do {
      return try ValueDecoder().decode(type, from: .object(object))
    } catch let error as DecodingError {
      throw FrameError(.badField, "\(self.type): \(Self.describe(error))")
    } catch {
      throw FrameError(.badField, "\(self.type): \(error)")
    }
  }

  /// What a state's line says of its sections, every number of it in the range that is believed, see `NumberBound`.
  func stateChange() throws(FrameError) -> GatewayStateChange {
    let isAllScanned = object.keys.allSatisfy(Self.ofEveryState.contains)
    if let process, series == nil, isAllScanned { return GatewayStateChange(process: process) }
    var change = try decode(GatewayStateChange.self)
    if !isAllScanned {
      var bound = NumberBound()
      change.edit(&bound)
    }
    if let series { change.series = series }
    if let process { change.process = process }
    return change
  }

  /// What a state's line has beside what the state says.
  private static let ofEveryState: Set<ByteText> = ["t", "at", "seq"]

  /// A field that is null counts as absent.
  private func has(_ field: ByteText) -> Bool { object[field].map { !$0.isNull } ?? false }

  private static func describe(_ error: DecodingError) -> ByteText {
    let context: DecodingError.Context? =
      switch error {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
        .dataCorrupted(let context):
        context
      @unknown default: nil
      }
    guard let context else { return "\(error)" }
    let path = PlaceText.path(context.codingPath.map(PlaceText.Part.init))
    return path.isEmpty ? ByteText(context.debugDescription) : "\(path): \(context.debugDescription)"
  }
}

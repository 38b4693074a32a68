import GenAPITelemetry

/// What functions did in a second, by rising number, in one flat piece of memory: some 20 bytes a function, of which a list of values
/// would take 130, and an allocation each.
///
/// A number is written with seven bits a byte, the lowest first; of a function's number how much it is more than the one before, and
/// of latencies how far their bucket is from the one before, with a bit for those that are several. How long an entry is stands in front
/// of it, so that what is looked for is found without reading the others.
struct PackedSeries: Sendable {
  private var bytes: [UInt8] = []
  /// Of every sixteenth function its number and where its entry begins: the upper and the lower half.
  private var blocks: [UInt64] = []
  private(set) var count = 0
  /// The greatest number of a function; -1 where there is none.
  private(set) var greatest: Int32 = -1

  private static let block = 16

  init() {}

  /// - Parameter deltas: by rising number, each once.
  init(_ deltas: [SeriesDelta]) {
    guard !deltas.isEmpty else { return }
    var written: [UInt8] = []
    written.reserveCapacity(deltas.count * 32)
    blocks.reserveCapacity((deltas.count + Self.block - 1) / Self.block)
    var entry: [UInt8] = []
    for index in deltas.indices { append(deltas[index], to: &written, by: &entry) }
    // As long as it is: it stays for minutes.
    bytes = Array(unsafeUninitializedCapacity: written.count) { bytes, count in
      (_, count) = bytes.update(from: written)
    }
  }

  var isEmpty: Bool { count == 0 }

  /// Whether both are the same memory, so that neither needs to be looked at.
  func shares(_ other: PackedSeries) -> Bool { count == other.count && bytes.shares(other.bytes) }

  /// What it takes in memory.
  var storedBytes: Int { isEmpty ? 0 : bytes.count + blocks.count * 8 + 64 }

  // MARK: Writing

  private struct Flags {
    static let failed: UInt8 = 1
    static let rejected: UInt8 = 2
    static let unavailable: UInt8 = 4
    static let retries: UInt8 = 8
    static let inFlight: UInt8 = 16
    static let endings: UInt8 = 32
    static let latencies: UInt8 = 64
    /// As many began as ended well: nearly always.
    static let isEven: UInt8 = 128
  }

  /// - Parameter entry: memory for one of them.
  private mutating func append(_ delta: SeriesDelta, to bytes: inout [UInt8], by entry: inout [UInt8]) {
    if count % Self.block == 0 {
      blocks.append(UInt64(UInt32(bitPattern: delta.series)) << 32 | UInt64(bytes.count))
    } else {
      Self.write(UInt32(delta.series - greatest), to: &bytes)
    }
    greatest = delta.series
    count += 1
    entry.removeAll(keepingCapacity: true)
    Self.write(delta, to: &entry)
    Self.write(UInt32(entry.count), to: &bytes)
    bytes += entry
  }

  private static func write(_ delta: SeriesDelta, to bytes: inout [UInt8]) {
    let latencies = delta.packedLatencies
    var flags: UInt8 = 0
    if delta.failed != 0 { flags |= Flags.failed }
    if delta.rejected != 0 { flags |= Flags.rejected }
    if delta.unavailable != 0 { flags |= Flags.unavailable }
    if delta.retries != 0 { flags |= Flags.retries }
    if delta.inFlight != 0 { flags |= Flags.inFlight }
    if delta.endsOtherwise { flags |= Flags.endings }
    if !latencies.isEmpty { flags |= Flags.latencies }
    if delta.started == delta.ok { flags |= Flags.isEven }
    bytes.append(flags)
    write(UInt32(bitPattern: delta.ok), to: &bytes)
    if flags & Flags.isEven == 0 { write(UInt32(bitPattern: delta.started), to: &bytes) }
    if delta.inFlight != 0 { write(UInt32(bitPattern: delta.inFlight), to: &bytes) }
    if delta.failed != 0 { write(UInt32(bitPattern: delta.failed), to: &bytes) }
    if delta.rejected != 0 { write(UInt32(bitPattern: delta.rejected), to: &bytes) }
    if delta.unavailable != 0 { write(UInt32(bitPattern: delta.unavailable), to: &bytes) }
    if delta.retries != 0 { write(UInt32(bitPattern: delta.retries), to: &bytes) }
    if delta.endsOtherwise {
      let endings = delta.notOk
      write(UInt32(endings.count), to: &bytes)
      for ending in endings { write(ending, to: &bytes) }
    }
    guard !latencies.isEmpty else { return }
    write(UInt32(latencies.count), to: &bytes)
    var last: UInt32 = 0
    for entry in latencies {
      let (bucket, number) = (entry >> 21, entry & SeriesDelta.bucketCountMask)
      write((bucket &- last) << 1 | (number == 1 ? 0 : 1), to: &bytes)
      if number != 1 { write(number, to: &bytes) }
      last = bucket
    }
  }

  private static func write(_ value: UInt32, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  // MARK: Reading

  private struct Reader {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0

    mutating func next() -> UInt32 {
      var value: UInt32 = 0
      var shift: UInt32 = 0
      while true {
        let byte = bytes[position]
        position += 1
        value |= UInt32(byte & 0x7F) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
    }

    mutating func nextCount() -> Int32 { Int32(bitPattern: next()) }

    /// Goes on behind the entry.
    mutating func skip() { position += Int(next()) }

    /// Reads how many requests a function had, and how many it has under way, and nothing else.
    ///
    /// - Returns: what else there is.
    @discardableResult
    mutating func readRequests(_ delta: inout SeriesDelta) -> UInt8 {
      _ = next()
      let flags = bytes[position]
      position += 1
      delta.ok = nextCount()
      delta.started = flags & Flags.isEven == 0 ? nextCount() : delta.ok
      delta.inFlight = flags & Flags.inFlight == 0 ? 0 : nextCount()
      return flags
    }

    /// Reads all but the number.
    mutating func read(_ delta: inout SeriesDelta) {
      let flags = readRequests(&delta)
      delta.failed = flags & Flags.failed == 0 ? 0 : nextCount()
      delta.rejected = flags & Flags.rejected == 0 ? 0 : nextCount()
      delta.unavailable = flags & Flags.unavailable == 0 ? 0 : nextCount()
      delta.retries = flags & Flags.retries == 0 ? 0 : nextCount()
      delta.removeParts()
      if flags & Flags.endings != 0 {
        for _ in 0..<next() { delta.append(ending: next()) }
      }
      guard flags & Flags.latencies != 0 else { return }
      var bucket: UInt32 = 0
      for _ in 0..<next() {
        let step = next()
        bucket &+= step >> 1
        delta.append(latency: bucket << 21 | (step & 1 == 0 ? 1 : next()))
      }
    }
  }

  /// Shows one after the other, in one place that is written anew for each: no memory is taken for them.
  func forEach(_ body: (SeriesDelta) -> Void) {
    guard count > 0 else { return }
    bytes.withUnsafeBufferPointer { bytes in
      var reader = Reader(bytes: bytes)
      var delta = SeriesDelta(series: 0)
      for index in 0..<count {
        if index % Self.block == 0 {
          delta.series = number(ofBlock: index / Self.block)
        } else {
          delta.series += Int32(bitPattern: reader.next())
        }
        reader.read(&delta)
        body(delta)
      }
    }
  }

  private func number(ofBlock block: Int) -> Int32 {
    Int32(bitPattern: UInt32(truncatingIfNeeded: blocks[block] >> 32))
  }

  /// What a function did, found in as many steps as its place has digits; nil for one that did nothing.
  func delta(of number: Int) -> SeriesDelta? {
    find(number) { number, reader in
      var delta = SeriesDelta(series: number)
      reader.read(&delta)
      return delta
    }
  }

  /// How many requests a function had, and how many it has under way; nil for one that did nothing. No memory is taken.
  func requests(of number: Int) -> (started: Int32, inFlight: Int32)? {
    find(number) { number, reader in
      var delta = SeriesDelta(series: number)
      reader.readRequests(&delta)
      return (delta.started, delta.inFlight)
    }
  }

  private func find<Found>(_ number: Int, _ read: (Int32, inout Reader) -> Found) -> Found? {
    var (low, high) = (0, blocks.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(self.number(ofBlock: middle)) <= number { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let block = low - 1
    return bytes.withUnsafeBufferPointer { bytes in
      var reader = Reader(bytes: bytes, position: Int(UInt32(truncatingIfNeeded: blocks[block])))
      var found = self.number(ofBlock: block)
      for index in block * Self.block..<Swift.min(count, (block + 1) * Self.block) {
        if index % Self.block > 0 { found += Int32(bitPattern: reader.next()) }
        if found > number { return nil }
        if found == number { return read(found, &reader) }
        reader.skip()
      }
      return nil
    }
  }
}

extension PackedSeries: Sequence {
  /// Each as a value of its own.
  struct Iterator: IteratorProtocol {
    fileprivate let series: PackedSeries
    private var index = 0
    private var position = 0
    private var number: Int32 = 0

    fileprivate init(_ series: PackedSeries) { self.series = series }

    mutating func next() -> SeriesDelta? {
      guard index < series.count else { return nil }
      var delta = SeriesDelta(series: number)
      series.bytes.withUnsafeBufferPointer { bytes in
        var reader = Reader(bytes: bytes, position: position)
        if index % PackedSeries.block == 0 {
          delta.series = series.number(ofBlock: index / PackedSeries.block)
        } else {
          delta.series += Int32(bitPattern: reader.next())
        }
        reader.read(&delta)
        position = reader.position
      }
      number = delta.series
      index += 1
      return delta
    }
  }

  func makeIterator() -> Iterator { Iterator(self) }

  var underestimatedCount: Int { count }

  var first: SeriesDelta? { first { _ in true } }
}

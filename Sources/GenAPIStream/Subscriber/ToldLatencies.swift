import GenAPITelemetry
import GenAPIValue

/// The latencies of each series as a connection has told them: what makes whole histograms of those of which only the buckets came
/// that changed.
struct ToldLatencies {
  private struct Told {
    let service: ByteText
    let requestType: ByteText
    let version: ByteText?
    var latency: LatencyHistogram

    init(_ series: SeriesState) {
      service = series.service
      requestType = series.requestType
      version = series.version
      latency = series.latency
    }

    func isOf(_ series: SeriesState) -> Bool {
      requestType == series.requestType && service == series.service
        && (version ?? "") == (series.version ?? "")
    }

    var key: ByteText { [service, requestType, version ?? ""].joinedAsKey }
    var bytes: Int {
      MemoryLayout<Told>.stride + service.utf8.count + requestType.utf8.count + (version?.utf8.count ?? 0)
        + latency.storedBytes
    }
  }

  private var told: [Told] = []
  /// By key; nil while series come in the order in which they came first.
  private var places: [ByteText: Int]?
  /// Where the next series is looked for first.
  private var next = 0
  /// What all that is kept takes in memory, about.
  private var bytes = 0
  private let most: Int
  /// More came than is kept. Nothing is kept any more, and series of which only some buckets come are left out.
  private(set) var isFull = false

  /// - Parameter most: about what is kept in bytes, as of what a dashboard keeps of a gateway's series.
  init(most: Int) { self.most = most }

  /// Makes the histograms of a line whole.
  ///
  /// - Throws: for changed buckets of a series that was not told.
  mutating func complete(_ line: inout FrameDecoder.Line) throws(FrameError) {
    switch line.frame {
    case .snapshot(_, _, let state):
      guard line.changedSeries.isEmpty else { throw FrameDecoder.bucketsAlone }
      forgetAll()
      for series in state.series { keep(series) }
    case .state(let at, let sequence, var change):
      if let gone = change.removed?["series"] { forget(gone) }
      guard !change.series.isEmpty else { return }
      try complete(&change.series, line.changedSeries)
      line.changedSeries = []
      line.frame = .state(at: at, sequence: sequence, change)
    default: break
    }
  }

  private mutating func complete(_ list: inout [SeriesState], _ changed: [Int]) throws(FrameError) {
    var changed = changed[...]
    var left: [Int] = []
    for place in list.indices {
      guard changed.first == place else {
        keep(list[place])
        continue
      }
      changed.removeFirst()
      if isFull {
        left.append(place)
        continue
      }
      guard let known = self.place(of: list[place]) else { throw FrameDecoder.bucketsAlone }
      bytes -= told[known].latency.storedBytes
      let latency = list[place].latency
      told[known].latency.update(latency.buckets.map { ($0.bucket, $0.count) }, sum: latency.sum)
      bytes += told[known].latency.storedBytes
      list[place].latency = told[known].latency
    }
    for place in left.reversed() { list.remove(at: place) }
  }

  private mutating func keep(_ series: SeriesState) {
    guard !isFull else { return }
    if let place = place(of: series) {
      bytes -= told[place].latency.storedBytes
      told[place].latency = series.latency
      bytes += series.latency.storedBytes
    } else {
      let new = Told(series)
      places?[new.key] = told.count
      told.append(new)
      bytes += new.bytes
      next = told.count
    }
    guard bytes > most else { return }
    forgetAll()
    isFull = true
  }

  private mutating func place(of series: SeriesState) -> Int? {
    if let near = told.withUnsafeBufferPointer({ $0.near(next) { $0.pointee.isOf(series) } }) {
      next = near + 1
      return near
    }
    if told.isEmpty { return nil }
    if places == nil {
      places = Dictionary(
        told.enumerated().map { ($0.element.key, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }
    guard let place = places?[series.entryKey] else { return nil }
    next = place + 1
    return place
  }

  private mutating func forget(_ keys: [ByteText]) {
    let keys = Set(keys)
    told.removeAll { keys.contains($0.key) }
    bytes = told.reduce(0) { $0 + $1.bytes }
    (places, next) = (nil, 0)
  }

  private mutating func forgetAll() { (told, places, next, bytes) = ([], nil, 0, 0) }
}

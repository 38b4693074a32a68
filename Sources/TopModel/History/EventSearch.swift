import DequeModule
import GenAPIValue

/// The newest events that pass, found piece by piece: a look goes through a bounded number of events, however many are
/// kept, and the next one goes on from there. No event is looked at twice.
///
/// To tell whether an event passes its fields are read, some microseconds each: through ten thousand of them for every
/// key and every frame the screen would stand still.
struct EventSearch {
  /// What is looked for.
  enum Query: Equatable {
    /// Up to a moment, microseconds since the Unix epoch.
    case filter(FilterExpression, until: Int64)
    case request(ByteText)
    case ends(RequestEnds)
    case function(service: ByteText, requestType: ByteText, until: Int64)
    /// Ends of requests for functions that do not exist, whatever they are called.
    case unsupported(until: Int64)
    /// Of somebody, whatever it is.
    case user(ByteText, until: Int64)
    /// Calls of a service, or of any, that failed, attempts of them that were made again, and what a pool told of the tasks that ended in it or that it refused: only of a call
    /// that it told something of can it be said that it was in that pool.
    case breaker(service: ByteText?, pool: ByteText, until: Int64)

    func passes(_ row: EventRow) -> Bool {
      let record = row.record
      switch self {
      case .filter(let filter, let until):
        return record.at <= until && (filter.isEmpty || filter.matches(row))
      case .request(let id): return record.requestID == id
      case .ends(let ends): return ends.includes(row)
      case .function(let service, let type, let until):
        return record.at <= until && record.service == service && record.requestType == type
      case .unsupported(let until): return record.at <= until && record.outcome == .unsupported
      case .user(let user, let until): return record.at <= until && record.userID == user
      case .breaker(let service, let pool, let until):
        guard record.at <= until else { return false }
        // The tasks of an Elixir gateway name no service.
        let named = record.service.flatMap { $0.isEmpty ? nil : $0 }
        switch record.known {
        case .workerPoolTaskRejected, .workerPoolTaskException, .workerPoolTaskStop:
          return record.metadata("pool_name")?.string == pool
            && (service == nil || (named ?? service) == service)
        case .executorRequestStop, .executorRequestException:
          return record.isFailedEnd && (service == nil || named == service)
        case .executorRetry: return service == nil || named == service
        default: return false
        }
      }
    }
  }

  /// What found events may take in memory, in bytes; they stay when the history has forgotten them.
  static let budget = 4_000_000

  let limit: Int
  private let budget: Int
  private var found: Deque<EventRow> = []
  private var bytes = 0
  /// All that is kept with these numbers was looked at; nil before the first look.
  private var looked: Range<Int64>?
  /// There is no room for older ones, or there are none.
  private var hasOldest = false
  /// Every event there is was looked at, as far as there was room for what passed.
  private(set) var isComplete = false
  /// How many percent of the events that are kept were looked at.
  private(set) var percent = 0

  init(limit: Int) {
    self.limit = max(0, limit)
    // Who asks for all of them gets all of them: they are kept by the history as well.
    budget = limit >= EventHistory.capacity ? EventHistory.budget + EventHistory.troubleBudget : Self.budget
  }

  /// Oldest first.
  var rows: [EventRow] { Array(found) }

  /// Goes on, first with what came since the last look, through at most so many events.
  mutating func look(through most: Int, of history: EventHistory, where passes: (EventRow) -> Bool) {
    guard limit > 0 else {
      percent = 100
      return isComplete = true
    }
    var left = most
    var low = looked?.lowerBound ?? history.total
    var high = looked?.upperBound ?? history.total
    while left > 0, let (row, number) = history.first(from: high) {
      left -= 1
      high = number + 1
      guard passes(row) else { continue }
      found.append(row)
      bytes += row.record.storedBytes
      while found.count > limit || bytes > budget, found.count > 1 {
        bytes -= found.removeFirst().record.storedBytes
        hasOldest = true
      }
    }
    while left > 0, !hasOldest {
      guard let (row, number) = history.last(before: low) else {
        hasOldest = true
        break
      }
      left -= 1
      low = number
      guard passes(row) else { continue }
      bytes += row.record.storedBytes
      found.prepend(row)
      hasOldest = found.count >= limit || bytes >= budget
    }
    looked = low..<high
    isComplete = hasOldest && high >= history.total
    percent = isComplete ? 100 : history.percent(in: low..<high)
  }
}

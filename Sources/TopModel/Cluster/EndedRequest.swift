import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// How a request ended: read of its event once, and not again for each thing that requests have in common.
struct EndedRequest {
  let row: EventRow
  let outcome: RequestOutcome?
  let isRefused: Bool
  let isFailed: Bool

  init(_ row: EventRow) {
    self.row = row
    outcome = row.record.outcome
    isRefused = row.record.isRefusedEnd
    isFailed = !isRefused && row.record.isFailedEnd
  }

  var record: EventRecord { row.record }
  /// What was refused took no time, and says nothing of how long it takes.
  var duration: Int64? { outcome?.hasRun == true ? record.durationUs : nil }
}

import GenAPITelemetry
import GenAPIValue

extension PoolCore {
  enum Action {
    case emit(TelemetryEvent)
    case note(BreakerNotice)
    case launch(PoolJob, slot: Int)
    /// It waits for a worker.
    case wait(PoolJob)
    /// Cancel the Swift tasks of a job that has ended.
    case stop(UInt64, isWorking: Bool)
    case refuse(PoolJob, PoolRefusal)
    /// Tell of a refusal; how the job ended is told by itself.
    case reject(PoolJob, PoolRefusal)
    case finish(PoolJob, TaskEnd)
  }

  struct Run {
    var job: PoolJob
    let slot: Int
    let slotPermit: CircuitBreaker.Permit
    var poolPermit: CircuitBreaker.Permit
    let startedAt: Int64
  }
}

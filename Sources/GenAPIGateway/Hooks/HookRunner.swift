import GenAPITelemetry
import GenAPIValue

/// Runs before and after hooks, each under its own timeout.
struct HookRunner: Sendable {
  let bus: TelemetryBus
  let clock: any GatewayClock
  let registry: FunctionRegistry
  let statistics: GatewayStatistics

  /// What the hook decided, or why it did not: a hook that fails or times out aborts.
  nonisolated(nonsending) func before(
    _ span: RequestSpan, _ request: Request, _ config: FunctionConfig, _ reference: FunctionReference,
    _ hook: @escaping FunctionRegistry.BeforeHook
  ) async -> Result<BeforeHookResult, HookFailure> {
    await run(span, .before, reference, config) { try await hook(request, config, reference.arguments) }
  }

  /// The response to send; a hook that fails or times out changes nothing.
  nonisolated(nonsending) func after(
    _ span: RequestSpan, _ request: Request, _ stored: StoredFunction, _ response: Response
  ) async
    -> Response
  {
    guard let reference = stored.config.afterExecute, let hook = registry.afterHook(reference) else {
      return response
    }
    let config = stored.config
    let result = await run(span, .after, reference, config) {
      try await hook(request, config, response, reference.arguments)
    }
    switch result {
    case .success(let changed): return changed
    case .failure: return response
    }
  }

  private func run<Answer: Sendable>(
    _ span: RequestSpan, _ phase: HookRun.Phase, _ reference: FunctionReference, _ config: FunctionConfig,
    _ hook: @escaping @Sendable () async throws -> Answer
  ) async -> Result<Answer, HookFailure> {
    let run = HookRun(
      request: span.context, phase: phase, module: reference.module, function: reference.function)
    let now = clock.now()
    bus.emit(phase.startName, at: now, .hookStart(run, systemTime: now.wallNanoseconds))
    let start = now.monotonicNanoseconds / 1_000
    do {
      let answer = try await withDeadline(milliseconds: config.hookTimeoutMs, on: clock, hook)
      let duration = clock.monotonicMicroseconds() - start
      statistics.hookRan(run, durationUs: duration, failed: false)
      bus.emit(.hookStop(run, durationUs: duration))
      return .success(answer)
    } catch {
      let duration = clock.monotonicMicroseconds() - start
      let failure =
        (error as? DeadlineExceeded).map {
          Failure(kind: "timeout", reason: "hook timed out after \($0.milliseconds)ms")
        } ?? Failure(reason: "\(error)")
      statistics.hookRan(run, durationUs: duration, failed: true)
      bus.emit(.hookException(run, durationUs: duration, failure))
      // That it took too long is said in our words; whatever else it threw is nobody's but the operator's.
      let isForClient = error is DeadlineExceeded || (error as? FunctionError)?.isForClient == true
      return .failure(HookFailure(reason: failure.reason, isForClient: isForClient))
    }
  }
}

/// Why a hook gave no answer.
struct HookFailure: Error {
  var reason: ByteText
  /// The reason is worded for the client.
  var isForClient: Bool
}

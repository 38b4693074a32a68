import GenAPIStream
import GenAPITelemetry

extension LineClient {
  func event() async throws -> EventRecord {
    try await next("an event") { frame in
      if case .event(let record) = frame { record } else { nil }
    }
  }

  func snapshot() async throws -> GatewayState {
    try await next("a snapshot") { frame in
      if case .snapshot(_, _, let state) = frame { state } else { nil }
    }
  }

  func dropped() async throws -> DroppedEvents {
    try await next("a dropped frame") { frame in
      if case .dropped(_, let events) = frame { events } else { nil }
    }
  }

  func errorCode() async throws -> StreamErrorCode {
    try await next("an error") { frame in
      if case .error(let code, _) = frame { code } else { nil }
    }
  }
}

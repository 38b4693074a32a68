import Benchmark
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Synchronization

/// A message to all members of a group, beside appending it to as many arrays.
func relayBenchmarks() {
  for members in [10, 1_000, 10_000] {
    let configuration = Benchmark.Configuration(
      metrics: [.wallClock], scalingFactor: .kilo, maxDuration: .seconds(3), maxIterations: 1_000)
    Benchmark("relay to \(members) members", configuration: configuration) { benchmark in
      var limits = RelayLimits()
      limits.membersPerGroup = 10_000
      let relay = Relay(bus: TelemetryBus(node: "bench"), clock: SystemTime(), limits: limits)
      let connections = (0..<members).map { Box(UInt64($0)) }
      try relay.createGroup(groupID: "g", type: .public, creator: "u_0", connection: connections[0])
      for index in 1..<members {
        try relay.join(groupID: "g", userID: "u_\(index)", connection: connections[index])
      }
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        blackHole(try relay.send(groupID: "g", from: "u_0", message: "hello", requestID: "r"))
      }
      benchmark.stopMeasurement()
    }
    Benchmark("baseline: append to \(members) arrays", configuration: configuration) { benchmark in
      let connections = (0..<members).map { Box(UInt64($0)) }
      let response = Response.sync("r", ["message": "hello"])
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { for connection in connections { connection.push(response) } }
      benchmark.stopMeasurement()
    }
  }
}

private final class Box: ClientConnection {
  let connectionID: ConnectionID
  private let responses = Mutex<[Response]>([])

  init(_ number: UInt64) { connectionID = ConnectionID(number) }

  func push(_ response: Response) {
    responses.withLock { responses in
      if responses.count == 64 { responses.removeAll(keepingCapacity: true) }
      responses.append(response)
    }
  }
}

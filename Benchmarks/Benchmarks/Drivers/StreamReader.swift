import Foundation
import GenAPIStream
import GenAPITelemetry

/// Decodes all a gateway sends, over so many connections, until it says bye.
enum StreamReader {
  static func run(port: Int, connections: Int) async throws {
    let subscribers = (0..<connections).map { _ in
      StreamSubscriber(target: StreamTarget(host: "127.0.0.1", port: port), eventLimit: 1_000_000)
    }
    let results = await withTaskGroup(of: (Double, Double).self) { group in
      let ready = Counter()
      for subscriber in subscribers {
        group.addTask { await read(subscriber, ready, connections) }
      }
      return await group.reduce((0.0, 0.0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    }
    let answer = ["received": results.0, "lost": results.1, "cpu": cpuSeconds()]
    print(String(decoding: try JSONSerialization.data(withJSONObject: answer), as: UTF8.self))
  }

  private static func read(_ subscriber: StreamSubscriber, _ ready: Counter, _ connections: Int) async
    -> (Double, Double)
  {
    var received = 0.0
    var lost = 0.0
    subscriber.start()
    for await batch in subscriber.batches {
      for item in batch {
        switch item {
        case .frame(.snapshot):
          if await ready.add() == connections {
            say("ready")
          }
        case .frame(.event): received += 1
        case .frame(.dropped(_, let dropped)), .overrun(let dropped): lost += Double(dropped.count)
        case .closed:
          await subscriber.stop()
          return (received, lost)
        default: break
        }
      }
    }
    return (received, lost)
  }
}

actor Counter {
  private var count = 0

  func add() -> Int {
    count += 1
    return count
  }
}

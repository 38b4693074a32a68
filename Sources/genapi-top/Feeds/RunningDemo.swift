import Foundation
import GenAPIDemo
import GenAPIStream
import Logging

/// The demo cluster, from start to stop, for a program that waits with its main thread.
final class RunningDemo {
  let targets: [StreamTarget]
  private let cluster: DemoCluster

  init() throws {
    // What it would log belongs on no screen.
    let cluster = DemoCluster(logger: Logger(label: "demo") { _ in SwiftLogNoOpLogHandler() })
    self.cluster = cluster
    targets = try Blocking.wait { try await cluster.start() }.map { try StreamTarget(parsing: $0.string) }
  }

  func stop() {
    let cluster = cluster
    Blocking.wait(atMost: .seconds(2)) { await cluster.stop() }
  }
}

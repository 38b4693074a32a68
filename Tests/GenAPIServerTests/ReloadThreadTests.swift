import Foundation
import GenAPIGateway
import Testing

@testable import GenAPIServer

@Suite("The thread of reloads")
struct ReloadThreadTests {
  /// As the program's `Reloader`.
  private actor Reading {
    nonisolated var unownedExecutor: UnownedSerialExecutor { ReloadThread.shared.asUnownedSerialExecutor() }

    func thread() -> String? { Thread.current.name }
  }

  @Test("runs all of a reload, whoever asks for it, and nothing of a report", arguments: 0..<20)
  func apart(_ index: Int) async {
    let reading = Reading()
    #expect(await reading.thread() == "genapi reload")
    let (asked, report) = await withTaskExecutorPreference(WorkThreads.reports) {
      (await reading.thread(), Self.name())
    }
    #expect(asked == "genapi reload")
    #expect(report == "genapi report")
  }

  private static func name() -> String? { Thread.current.name }
}

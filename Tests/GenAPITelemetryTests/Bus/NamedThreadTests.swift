import Dispatch
import Foundation
import Locking
import Testing

@testable import GenAPITelemetry

@Suite("Threads with a name")
struct NamedThreadTests {
  @Test(
    "have it before they do anything, as far as the system keeps it",
    arguments: [("log", "log"), ("telemetry a handler of long name", "telemetry a …")])
  func names(_ name: String, _ kept: String) async {
    for _ in 0..<50 {
      let found = await withCheckedContinuation { (done: CheckedContinuation<String?, Never>) in
        NamedThread.start(name) { done.resume(returning: Thread.current.name) }
      }
      #expect(found == kept)
    }
  }

  @Test("are the only ones that are made: none is named before it runs, which may be lost")
  func onlyOnes() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let sources = folder.appending(path: "../../../Sources").standardized
    let files = try #require(FileManager.default.enumerator(atPath: sources.path()))
    var making: [String] = []
    for case let file as String in files where file.hasSuffix(".swift") {
      let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
      if text.contains(/\bThread\s*(\{|\(block|\(target)/) { making.append(file) }
    }
    #expect(making == ["GenAPITelemetry/Bus/NamedThread.swift"])
  }
}

import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import Listening

@Suite("Files of Unix sockets")
struct UnixListenerTests {
  private let group = MultiThreadedEventLoopGroup.singleton
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "u\(UInt32.random(in: 0...UInt32.max))")

  private var path: String { folder.appendingPathComponent("t.sock").path }

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func bind() async throws -> any Channel {
    try await UnixListener.bind(ServerBootstrap(group: group), at: path, mode: 0o600, group: group)
  }

  private func connects() async -> Bool {
    guard let client = try? await ClientBootstrap(group: group).connect(unixDomainSocketPath: path).get()
    else { return false }
    try? await client.close()
    return true
  }

  @Test("a listener that ends takes its file away, which is its user's alone")
  func removes() async throws {
    let listener = try await bind()
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(await connects())
    try await listener.close()
    #expect(!FileManager.default.fileExists(atPath: path))
    try FileManager.default.removeItem(at: folder)
  }

  @Test("a listener that ends leaves the file of its successor, which was started meanwhile")
  func successor() async throws {
    let first = try await bind()
    // As a script does that clears the folder before a start.
    try FileManager.default.removeItem(atPath: path)
    let second = try await bind()
    try await first.close()
    #expect(await connects())
    try await second.close()
    #expect(!FileManager.default.fileExists(atPath: path))
    try FileManager.default.removeItem(at: folder)
  }

  @Test(
    "a socket that is answered is in use, a file that is none stays, and one that nobody answers on is taken over"
  )
  func taken() async throws {
    let first = try await bind()
    let inUse = await #expect(throws: (any Error).self) { _ = try await bind() }
    #expect(inUse.map(ListenProblem.describe) == "the address is in use")
    #expect(await connects())
    // Left over, as after a crash.
    let left = folder.appendingPathComponent("left").path
    try FileManager.default.moveItem(atPath: path, toPath: left)
    try await first.close()
    try FileManager.default.moveItem(atPath: left, toPath: path)
    let second = try await bind()
    #expect(await connects())
    try await second.close()
    try Data().write(to: URL(fileURLWithPath: path))
    let wrong = await #expect(throws: (any Error).self) { _ = try await bind() }
    #expect(wrong.map(ListenProblem.describe) == "there is a file at that path, and it is no socket")
    try FileManager.default.removeItem(at: folder)
  }
}

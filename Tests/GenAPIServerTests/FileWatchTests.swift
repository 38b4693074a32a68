import Foundation
import Testing

@testable import GenAPIServer

@Suite("Looking at files for changes")
struct FileWatchTests {
  private static func folder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func write(_ text: String, _ file: URL) throws {
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  @Test("other content is told once, when it was there twice; the same content written anew is none")
  func content() throws {
    try Self.folder { folder in
      let file = folder.appendingPathComponent("secret")
      try write("one", file)
      var watch = FileWatch()
      watch.follow([file.path])
      #expect(watch.changed().isEmpty && watch.changed().isEmpty)
      try write("two", file)
      #expect(watch.changed().isEmpty)
      #expect(watch.changed() == [file.path])
      #expect(watch.changed().isEmpty)
      try write("two", file)
      #expect(watch.changed().isEmpty && watch.changed().isEmpty)
    }
  }

  @Test(
    "a link that points elsewhere is a change, as Kubernetes changes a volume; so is what was gone and comes back"
  )
  func links() throws {
    try Self.folder { folder in
      let files = FileManager.default
      for name in ["1", "2"] {
        try files.createDirectory(at: folder.appendingPathComponent(name), withIntermediateDirectories: false)
        try write("secret of \(name)", folder.appendingPathComponent(name).appendingPathComponent("secret"))
      }
      let data = folder.appendingPathComponent("..data")
      try files.createSymbolicLink(atPath: data.path, withDestinationPath: "1")
      let secret = folder.appendingPathComponent("secret")
      try files.createSymbolicLink(atPath: secret.path, withDestinationPath: "..data/secret")
      var watch = FileWatch()
      watch.follow([secret.path])
      let next = folder.appendingPathComponent("..next")
      try files.createSymbolicLink(atPath: next.path, withDestinationPath: "2")
      #expect(rename(next.path, data.path) == 0)
      #expect(watch.changed().isEmpty)
      #expect(watch.changed() == [secret.path])
      try files.removeItem(at: secret)
      #expect(watch.changed().isEmpty && watch.changed().isEmpty)
      try write("another", secret)
      #expect(watch.changed().isEmpty)
      #expect(watch.changed() == [secret.path])
    }
  }

  @Test(
    "a file that was changed between its reading and the first look has changed; what was told is not told again"
  )
  func readBefore() throws {
    try Self.folder { folder in
      let file = folder.appendingPathComponent("secret")
      func read(_ text: String) -> [String: Int] { [file.path: FileWatch.content(of: text)] }
      // A start that waits, for epmd say, looks a minute after it has read.
      try write("two", file)
      var watch = FileWatch()
      func look() -> [String] { watch.changed() + watch.changed() }
      watch.follow([file.path], reading: read("one"))
      #expect(look() == [file.path])
      // The reload failed: the configuration in force is the one before.
      watch.follow([file.path], reading: read("one"))
      #expect(look().isEmpty)
      watch.follow([file.path], reading: read("two"))
      #expect(look().isEmpty)
      // A reload that somebody asked for read a third, and the file was put back before the next look.
      watch.follow([file.path], reading: read("three"))
      #expect(look() == [file.path])
      watch.follow([file.path], reading: read("two"))
      #expect(look().isEmpty)
      try FileManager.default.removeItem(at: file)
      #expect(look().isEmpty && watch.gone() == [file.path])
    }
  }

  @Test("a file is missing for as long as it is, and health says so")
  func missing() throws {
    try Self.folder { folder in
      let file = folder.appendingPathComponent("secret")
      try write("one", file)
      var watch = FileWatch()
      watch.follow([file.path, folder.appendingPathComponent("never").path])
      let log = ReloadLog(certificates: [])
      func look() -> [String] {
        _ = watch.changed()
        log.tellMissing(watch.missing)
        return watch.missing
      }
      #expect(look().isEmpty && look().isEmpty && log.missingCheck == nil)
      try FileManager.default.removeItem(at: file)
      #expect(look().isEmpty && look() == [file.path] && look() == [file.path])
      #expect(watch.gone() == [file.path] && watch.missing == [file.path])
      let check = try #require(log.missingCheck)
      #expect(check.status == .degraded && check.name == "missing_files")
      #expect(check.detail.contains(file.path) && check.detail.contains("fails without it"))
      try write("one", file)
      #expect(look().isEmpty && log.missingCheck == nil)
    }
  }

  @Test("a file that is gone is told once, when it was not there twice: one that is replaced is not gone")
  func gone() throws {
    try Self.folder { folder in
      let file = folder.appendingPathComponent("secret")
      try write("one", file)
      var watch = FileWatch()
      let never = folder.appendingPathComponent("never").path
      watch.follow([file.path, never])
      func look() -> [String] {
        #expect(watch.changed().isEmpty)
        return watch.gone()
      }
      try FileManager.default.removeItem(at: file)
      #expect(look().isEmpty)
      #expect(look() == [file.path])
      #expect(look().isEmpty)
      // The same again is no other content, and one that was away for a moment is not told.
      try write("one", file)
      #expect(look().isEmpty && look().isEmpty)
      try FileManager.default.removeItem(at: file)
      #expect(look().isEmpty)
      try write("one", file)
      #expect(look().isEmpty && look().isEmpty)
    }
  }

  @Test("a file that is still written is not taken; one that is no plain file is not read")
  func settling() throws {
    try Self.folder { folder in
      let file = folder.appendingPathComponent("secret")
      try write("one", file)
      let pipe = folder.appendingPathComponent("pipe")
      #expect(mkfifo(pipe.path, 0o600) == 0)
      var watch = FileWatch()
      watch.follow([file.path, pipe.path])
      for length in 1...5 {
        try write(String(repeating: "x", count: length), file)
        #expect(watch.changed().isEmpty)
      }
      #expect(watch.changed() == [file.path])
    }
  }

  @Test("a change is seen again as often as is asked for, and from the beginning where it went on")
  func again() throws {
    try Self.folder { folder in
      let file = folder.appendingPathComponent("secret")
      try write("one", file)
      var watch = FileWatch()
      watch.follow([file.path])
      func looks(_ count: Int) -> [[String]] { (0..<count).map { _ in watch.changed(seenAgain: 3) } }
      try write("two", file)
      #expect(looks(3) == [[], [], []])
      try write("three", file)
      #expect(looks(5) == [[], [], [], [file.path], []])
    }
  }

  @Test(
    "a file that grew too large, or became a link to a device, has changed and is not gone; it is told once, and so is its return"
  )
  func unreadable() throws {
    try Self.folder { folder in
      let file = folder.appendingPathComponent("genapi.toml")
      try write("one", file)
      var watch = FileWatch()
      watch.follow([file.path])
      func look() -> [String] { watch.changed() + watch.changed() + watch.changed() }
      #expect(truncate(file.path, 17 << 20) == 0)
      #expect(look() == [file.path] && watch.gone().isEmpty)
      #expect(look().isEmpty && watch.writtenAnew().isEmpty)
      try write("one", file)
      #expect(look().isEmpty && watch.writtenAnew() == [file.path] && watch.writtenAnew().isEmpty)
      try FileManager.default.removeItem(at: file)
      try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "/dev/zero")
      #expect(look() == [file.path] && watch.gone().isEmpty)
      try FileManager.default.removeItem(at: file)
      try write("two", file)
      #expect(look() == [file.path] && watch.writtenAnew().isEmpty)
    }
  }

  @Test("a file that was gone and is back as it was is told, for whoever could not read it meanwhile")
  func backAgain() throws {
    try Self.folder { folder in
      let file = folder.appendingPathComponent("genapi.toml")
      try write("one", file)
      var watch = FileWatch()
      watch.follow([file.path], reading: [file.path: FileWatch.content(of: "one")])
      func look() -> [String] { watch.changed() + watch.changed() }
      let away = folder.appendingPathComponent("away")
      #expect(rename(file.path, away.path) == 0)
      #expect(look().isEmpty && watch.gone() == [file.path])
      #expect(rename(away.path, file.path) == 0)
      #expect(look().isEmpty && watch.writtenAnew() == [file.path])
      #expect(look().isEmpty && watch.writtenAnew().isEmpty)
    }
  }

  @Test("a certificate that expires is told when that is first seen, and again as fewer days are left")
  func expiry() {
    var watch = ExpiryWatch()
    let day: Int64 = 86_400
    let certificate = CertificateUse(use: "websocket", path: "c.pem", expiresAt: 100 * day)
    func told(daysLeft: Int64) -> [String] { watch.warnings([certificate], at: (100 - daysLeft) * day) }
    #expect(told(daysLeft: 22).isEmpty)
    #expect(told(daysLeft: 21) == ["the certificate c.pem (websocket) expires in 21 days and 0 hours"])
    #expect(told(daysLeft: 20).isEmpty && told(daysLeft: 15).isEmpty)
    #expect(told(daysLeft: 14).count == 1 && told(daysLeft: 2).count == 1 && told(daysLeft: 1).count == 1)
    #expect(told(daysLeft: 0) == ["the certificate c.pem (websocket) has expired"])
    #expect(told(daysLeft: -3).isEmpty)
    // A new one in its place, and one that cannot be read.
    let new = CertificateUse(use: "websocket", path: "c.pem", expiresAt: 110 * day)
    #expect(watch.warnings([new], at: 100 * day).count == 1)
    #expect(watch.warnings([CertificateUse("cluster", "/nowhere.pem")], at: 100 * day).isEmpty)
  }
}

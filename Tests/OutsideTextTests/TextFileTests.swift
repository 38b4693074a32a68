import Foundation
import OutsideText
import Testing

@Suite("What a person names as a file")
struct TextFileTests {
  private func reading(_ bytes: [UInt8], atMost most: Int = 100) throws -> String {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()) é.txt").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try TextFile.read(path, atMost: most)
  }

  @Test("a mark of byte order at the beginning is left out, and only there")
  func mark() throws {
    #expect(try reading([0xEF, 0xBB, 0xBF, 0x61]) == "a")
    #expect(try reading([0x61, 0xEF, 0xBB, 0xBF]).utf8.count == 4)
    #expect(try reading([]) == "")
  }

  @Test("a pipe is read like a file")
  func pipe() throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data("a = 1\n".utf8))
    try pipe.fileHandleForWriting.close()
    #expect(try TextFile.read("/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)") == "a = 1\n")
  }

  @Test("what cannot be read is told in words")
  func faults() {
    func fault(_ body: () throws -> String) -> String {
      do {
        return "read: \(try body())"
      } catch {
        return "\(error)"
      }
    }
    #expect(fault { try TextFile.read("/nowhere/x") } == "cannot be read: No such file or directory")
    #expect(fault { try TextFile.read("/tmp") } == "cannot be read: Is a directory")
    #expect(fault { try TextFile.read("/dev/zero", atMost: 1_000_000) } == "has more than 1000000 bytes")
    #expect(fault { try reading([0xFF]) } == "is not UTF-8")
  }

  @Test("a named pipe that nobody writes to is told so, one that is written to late or slowly is read")
  func namedPipe() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID())").path
    #expect(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let begun = ContinuousClock.now
    #expect(throws: TextFile.Failure.self) { try TextFile.opened(path, patience: 300) }
    #expect(ContinuousClock.now - begun < .seconds(4))
    do {
      _ = try TextFile.opened(path, patience: 10)
    } catch {
      #expect(error.description == "cannot be read: it is a pipe that nobody writes to")
    }
    // It is opened late, and written to only after the patience is over.
    let writer = Thread {
      usleep(100_000)
      let pipe = open(path, O_WRONLY)
      usleep(2_400_000)
      _ = "a = 1\n".withCString { write(pipe, $0, 6) }
      close(pipe)
    }
    writer.start()
    let file = try TextFile.opened(path, patience: 2_000)
    defer { close(file) }
    #expect(try TextFile.read(descriptor: file, atMost: 100) == Array("a = 1\n".utf8))
  }

  @Test(
    "a writer that stays and is silent is told of by the name of what is read, once; one that writes on is not"
  )
  func silent() throws {
    for isSilent in [true, false] {
      let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID())").path
      #expect(mkfifo(path, 0o600) == 0)
      defer { unlink(path) }
      let writer = Thread {
        let pipe = open(path, O_WRONLY)
        for part in ["a = ", "1", "\n"] {
          if isSilent { usleep(600_000) }
          _ = part.withCString { write(pipe, $0, part.utf8.count) }
        }
        close(pipe)
      }
      writer.start()
      let file = try TextFile.opened(path)
      defer { close(file) }
      var told: [String] = []
      let text = try TextFile.read(
        descriptor: file, atMost: 100, called: "my\u{1B}pipe", patience: isSilent ? 50 : 5_000
      ) { told.append($0) }
      #expect(text == Array("a = 1\n".utf8))
      #expect(
        told
          == (isSilent
            ? ["my␛pipe is waited for: whoever writes to it has not come to an end (4 bytes so far)"] : []))
    }
  }

  @Test("a plain file is read, and nothing else waited for")
  func plain() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "secret\n".write(toFile: folder + "/file", atomically: true, encoding: .utf8)
    // Nobody writes to it, so opening it as others are would take for ever.
    #expect(mkfifo(folder + "/pipe", 0o600) == 0)
    func fault(_ path: String, atMost most: Int = 100) -> String? {
      do {
        _ = try TextFile.readPlain(path, atMost: most)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(try TextFile.readPlain(folder + "/file") == "secret\n")
    #expect(fault(folder + "/file", atMost: 3) == "has more than 3 bytes")
    #expect(fault(folder) == "cannot be read: Is a directory")
    #expect(fault(folder + "/pipe") == "is no plain file" && fault("/dev/null") == "is no plain file")
    #expect(fault(folder + "/none") == "cannot be read: No such file or directory")
  }
}

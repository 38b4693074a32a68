import Foundation
import Logging
import ProgramOutput
import Testing

@testable import GenAPIServer

@Suite("The program's log")
struct ServerLogTests {
  /// A pipe whose reader does not read until it is asked to.
  private final class SlowReader {
    let reading: Int32
    let writing: Int32

    init() {
      var ends: [Int32] = [0, 0]
      precondition(pipe(&ends) == 0)
      (reading, writing) = (ends[0], ends[1])
    }

    var output: Output { Output(descriptor: writing, name: "a pipe") }

    /// Whole lines, until one contains the text, or nobody can write any more.
    func read(until end: String) -> String { read { $0.contains(end) } }

    func read(until isEnd: (String) -> Bool) -> String {
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while bytes.last != 10 || !isEnd(String(decoding: bytes, as: UTF8.self)) {
        let count = Foundation.read(reading, &buffer, buffer.count)
        guard count > 0 else { break }
        bytes += buffer[..<count]
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  @Test(
    "nobody waits for a reader that does not read; what it missed is counted, and told when it reads again")
  func unread() {
    let reader = SlowReader()
    let log = ServerLog(.info, output: reader.output, limitBytes: 100_000)
    let logger = log.logger(label: "test")
    // Far more than a pipe and the queue hold: this ends only because nobody waits.
    for number in 0..<20_000 { logger.info("line \(number) of many that nobody reads") }
    let dropped = log.droppedLines
    #expect(dropped > 15_000 && dropped < 20_000)
    log.finish(milliseconds: 1)
    // This ends only because all that is missing is told.
    let text = reader.read { text in
      let told = text.split(separator: "\n").filter { $0.contains("lines of the log are missing here") }
      return told.compactMap { $0.split(separator: "lines=").last.flatMap { Int64($0) } }.reduce(0, +)
        == dropped
    }
    #expect(text.contains("line 0 of many"))
    logger.notice("read again")
    #expect(reader.read(until: "read again").contains("read again"))
    #expect(log.droppedLines == dropped)
  }

  @Test("what was logged is written before the program ends")
  func finished() {
    let reader = SlowReader()
    let log = ServerLog(.info, output: reader.output)
    for number in 0..<500 { log.logger(label: "test").info("\(number)") }
    log.finish(milliseconds: 60_000)
    close(reader.writing)
    #expect(reader.read(until: "no such line").split(separator: "\n").count == 500)
  }

  @Test("a log that cannot be written is counted, and stops nothing")
  func broken() {
    let log = ServerLog(.info, output: Output(descriptor: -1, name: "nothing"))
    for _ in 0..<10 { log.logger(label: "test").info("x") }
    log.finish(milliseconds: 60_000)
    #expect(log.droppedLines == 10)
  }

  @Test("level and format follow the log, whenever a logger was made")
  func live() {
    let reader = SlowReader()
    let log = ServerLog(.error, output: reader.output)
    let logger = log.logger(label: "test")
    logger.info("not told")
    log.level = .debug
    log.format = .json
    logger.debug("told")
    #expect(reader.read(until: "told").hasPrefix("{\"time\""))
  }

  @Test("text for the journal has no second time; a log sent elsewhere keeps its time")
  func journal() throws {
    let reader = SlowReader()
    var status = stat()
    #expect(fstat(reader.writing, &status) == 0)
    let stream = "\(status.st_dev):\(status.st_ino)"
    let log = ServerLog(.info, output: reader.output, journalStream: stream)
    log.logger(label: "test").error("told")
    #expect(reader.read(until: "told") == "<3>error test: told\n")
    for other in [nil, "1:2", "x", "\(stream):1", "-1:-1"] {
      let other = ServerLog(.info, output: reader.output, journalStream: other)
      other.logger(label: "test").error("elsewhere")
      #expect(!reader.read(until: "elsewhere").hasPrefix("<"))
    }
  }

  @Test("a logger's own metadata and an error are in the line; what the message brings outranks them")
  func metadata() {
    let reader = SlowReader()
    let log = ServerLog(.info, output: reader.output)
    var logger = log.logger(label: "test")
    logger[metadataKey: "node"] = "gw1"
    logger[metadataKey: "user"] = "a"
    logger.info("told", metadata: ["user": "b"])
    #expect(reader.read(until: "told").hasSuffix("info test: told node=gw1 user=b\n"))
  }
}

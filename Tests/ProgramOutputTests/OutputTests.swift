import Foundation
import ProgramOutput
import Testing

@Suite struct OutputTests {
  @Test("what could not be written is told with the system's reason")
  func full() throws {
    let file = open("/dev/full", O_WRONLY)
    try #require(file >= 0)
    defer { close(file) }
    #expect(throws: OutputError.failed(name: "here", code: ENOSPC)) {
      try Output(descriptor: file, name: "here").write("x")
    }
  }

  @Test("a descriptor that is closed is an error, not an end of the program")
  func closed() {
    #expect(throws: OutputError.failed(name: "here", code: EBADF)) {
      try Output(descriptor: -1, name: "here").write("x")
    }
    #expect(!Output(descriptor: -1, name: "here").isReaderGone)
  }

  @Test("a pipe that was made non-blocking loses nothing")
  func nonBlocking() async throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    let (reading, writing) = (ends[0], ends[1])
    _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    let bytes = (0..<400_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let reader = Task.detached {
      let data = FileHandle(fileDescriptor: reading, closeOnDealloc: true).readDataToEndOfFile()
      return [UInt8](data)
    }
    try Output(descriptor: writing, name: "pipe").write(bytes)
    close(writing)
    #expect(await reader.value == bytes)
  }

  @Test("a reader that is gone is told before something is written, and when it is")
  func gone() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    let output = Output(descriptor: ends[1], name: "pipe")
    #expect(!output.isReaderGone)
    close(ends[0])
    #expect(output.isReaderGone)
    #expect(throws: OutputError.readerGone) { try output.write("x") }
    close(ends[1])
  }
}

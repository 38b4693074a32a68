import Foundation
import GenAPIValue

// Programs that a measurement needs beside the product's own. `scripts/bench` starts them.
let words = Array(CommandLine.arguments.dropFirst())
switch words.first {
case "echo-server": try EchoServer.run()
case "stream": try await StreamMeasurement.run(rate: Int(words[1])!, subscribers: Int(words[2])!, seconds: 3)
case "read": try await StreamReader.run(port: Int(words[1])!, connections: Int(words[2])!)
case "rpc":
  try await RemoteCalls.run(
    node: ByteText(words[1]), epmdPort: Int(words[2])!, callers: Int(words[3])!, seconds: 3)
case "toon": try TOONMessages.run()
case "gateways":
  try ScaledGateways.run(gateways: Int(words[1])!, functions: Int(words[2])!, every: Int(words[3])!)
case "copy": try RawCopy.run(bytes: Int(words[1])!)
default:
  FileHandle.standardError.write(
    Data(
      "Drivers echo-server | stream RATE SUBSCRIBERS | rpc NODE EPMD_PORT CALLERS | copy BYTES | toon\n  | gateways NUMBER FUNCTIONS EVERY\n"
        .utf8)
  )
  exit(2)
}

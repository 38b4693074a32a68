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
case "states":
  try await StateMeasurement(
    functions: Int(words[1])!, subscribers: Int(words[2])!, changed: Int(words[3])!, users: Int(words[4])!,
    seconds: Double(words[5])!
  ).run()
case "state-bytes": try StateBytes.run(functions: Int(words[1])!)
case "drain": try StreamDrain.run(port: Int(words[1])!, connections: Int(words[2])!)
case "copy": try RawCopy.run(bytes: Int(words[1])!)
default:
  let usage = """
    Drivers echo-server | stream RATE SUBSCRIBERS | rpc NODE EPMD_PORT CALLERS | copy BYTES | toon
      | gateways NUMBER FUNCTIONS EVERY
      | states FUNCTIONS SUBSCRIBERS CHANGED USERS SECONDS | drain PORT CONNECTIONS | state-bytes FUNCTIONS

    """
  FileHandle.standardError.write(Data(usage.utf8))
  exit(2)
}

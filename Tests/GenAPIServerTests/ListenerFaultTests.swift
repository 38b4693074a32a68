import ErlangNode
import Foundation
import GenAPIGateway
import NIOCore
import NIOPosix
import TestCertificates
import Testing

@testable import GenAPIServer

@Suite("What a start would stumble on is a fault of the file")
struct ListenerFaultTests {
  private static let anonymous = "auth.mode = \"anonymous\"\n"
  private static let cluster = "cluster.name = \"a@127.0.0.1\"\ncluster.cookie = \"c\"\n"

  private func faults(_ toml: String, file: String = "g.toml", _ environment: [String: String] = [:])
    -> [String]
  {
    do {
      _ = try ServerConfiguration(toml: Self.anonymous + toml, file: file, environment: environment)
      return []
    } catch {
      return error.faults.map(\.description)
    }
  }

  /// Runs with a folder that holds a certificate, its key, another key and a text that is neither.
  private func withFiles(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in [
      "c.pem": TestCertificate.first.certificate, "k.pem": TestCertificate.first.key,
      "other.pem": TestCertificate.second.key, "text.pem": "no PEM", "empty.pem": "",
    ] {
      let path = folder.appendingPathComponent(name).path
      let access: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
      #expect(FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: access))
    }
    try body(folder.appendingPathComponent("g.toml").path)
  }

  @Test(
    "a certificate and its key are taken, in every section that has TLS", arguments: ["websocket", "cluster"])
  func goodKey(section: String) throws {
    try withFiles { file in
      let toml = Self.cluster + "\(section).tls_certificate = \"c.pem\"\n\(section).tls_key = \"k.pem\"\n"
      #expect(faults(toml, file: file).isEmpty)
      if section == "cluster" { #expect(faults(toml + "cluster.tls_ca = \"c.pem\"", file: file).isEmpty) }
    }
  }

  @Test(
    "a certificate or key that cannot be used is told with its own line", arguments: ["websocket", "cluster"])
  func badKey(section: String) throws {
    try withFiles { file in
      func found(_ certificate: String, _ key: String, _ more: String = "") -> [String] {
        faults(
          Self.cluster + "\(section).tls_certificate = \"\(certificate)\"\n\(section).tls_key = \"\(key)\"\n"
            + more,
          file: file)
      }
      let (first, second) = ("\(file):4: \(section).tls_certificate: ", "\(file):5: \(section).tls_key: ")
      #expect(
        found("c.pem", "other.pem") == [
          second + "\"other.pem\" is not the key of the certificate in \"c.pem\""
        ])
      let missing =
        "\"nowhere.pem\" (\(file.dropLast(6))nowhere.pem) cannot be read: No such file or directory"
      #expect(found("nowhere.pem", "k.pem") == [first + missing])
      #expect(found("c.pem", "nowhere.pem") == [second + missing])
      #expect(found("empty.pem", "k.pem") == [first + "\"empty.pem\" is empty"])
      #expect(found("c.pem", "empty.pem") == [second + "\"empty.pem\" is empty"])
      for wrong in ["text.pem", "k.pem"] {
        #expect(found(wrong, "k.pem") == [first + "\"\(wrong)\" holds no certificate in PEM"])
      }
      for wrong in ["text.pem", "c.pem"] {
        #expect(
          found("c.pem", wrong) == [second + "\"\(wrong)\" holds no key in PEM, or one with a passphrase"])
      }
      // Both at once: nobody starts twice to find two faults.
      #expect(found("text.pem", "nowhere.pem").count == 2)
      if section == "cluster" {
        #expect(
          found("c.pem", "k.pem", "cluster.tls_ca = \"text.pem\"") == [
            "\(file):6: cluster.tls_ca: \"text.pem\" holds no certificate in PEM"
          ])
      }
    }
  }

  @Test("a stream that listens nowhere is a fault with its line, or its variable")
  func nowhere() {
    #expect(
      faults("telemetry.listen = []") == ["g.toml:2: telemetry.listen: must have one address or more, not []"]
    )
    #expect(
      faults("", ["GENAPI_TELEMETRY_LISTEN": ","]) == [
        "$GENAPI_TELEMETRY_LISTEN: telemetry.listen: must be a list of strings, not \",\""
      ])
    // Set to nothing is not set.
    #expect(faults("", ["GENAPI_TELEMETRY_LISTEN": ""]).isEmpty)
  }

  @Test("the path of a Unix socket has the bytes that every system takes")
  func paths() {
    let longest = "/" + String(repeating: "p", count: 102)
    #expect(faults("telemetry.listen = [\"unix:\(longest)\"]").isEmpty)
    #expect(
      faults("telemetry.listen = [\"unix:\(longest)q\"]") == [
        "g.toml:2: telemetry.listen: the path of a socket may have 103 bytes, and this has 104"
      ])
    #expect(faults("telemetry.listen = [\"unix:/a\\u0000b\"]").count == 1)
  }

  @Test(
    "a host that is neither an address nor a possible name is a fault of its listener",
    arguments: [
      "999.1.1.1", "1.2.3", "127.1", "0x7f000001", "0X7F.0x1",
      "1.2.3.4.5", "a b", "-a.example", "a..b", "höst", "[::1::]", "[1:2]",
    ])
  func hosts(host: String) {
    for (key, value) in [
      ("websocket.listen", "\"\(host):4800\""), ("telemetry.listen", "[\"\(host):4800\"]"),
      ("health.listen", "\"\(host):4800\""),
    ] {
      let found = faults("telemetry.token = \"0123456789abcdef\"\n\(key) = \(value)")
      #expect(found.count == 1 && found[0].hasPrefix("g.toml:3: \(key): \""), "\(found)")
    }
    if !host.hasPrefix("["), !host.contains(" "), host != "höst" {
      let found = faults("cluster.cookie = \"c\"\ncluster.name = \"a@\(host)\"")
      #expect(found.count == 1 && found[0].hasPrefix("g.toml:3: cluster.name: the host"), "\(found)")
    }
  }

  @Test(
    "addresses and possible names are taken",
    arguments: [
      "127.0.0.1", "0.0.0.0", "[::1]", "[fe80::1%eth0]", "localhost", "a_b.example.org.", "4you.example", "x",
    ])
  func goodHosts(host: String) {
    #expect(faults("websocket.listen = \"\(host):4800\"").isEmpty)
  }

  @Test("two listeners at one place are a fault, whichever they are")
  func twice() {
    #expect(
      faults("websocket.listen = \"127.0.0.1:4800\"\nhealth.listen = \"127.0.0.1:4800\"") == [
        "g.toml:3: health.listen: 127.0.0.1:4800 is taken by websocket.listen, 127.0.0.1:4800"
      ])
    #expect(
      faults("telemetry.listen = [\"127.0.0.1:4800\", \"127.0.0.1:4800\"]") == [
        "g.toml:2: telemetry.listen: 127.0.0.1:4800 is there twice"
      ])
    #expect(faults("telemetry.listen = [\"unix:/run/a\", \"unix:/run/a\"]").count == 1)
    // What is set is told, not the default that was there first or last.
    #expect(
      faults("websocket.listen = \"127.0.0.1:4710\"") == [
        "g.toml:2: websocket.listen: 127.0.0.1:4710 is taken by telemetry.listen, 127.0.0.1:4710"
      ])
    // Every address is this one, too, and an address may be written in several ways.
    #expect(faults("websocket.listen = \"0.0.0.0:4710\"").count == 1)
    #expect(faults("websocket.listen = \"[::1]:4800\"\nhealth.listen = \"[0:0::1]:4800\"").count == 1)
    #expect(faults("websocket.listen = \"A.example:4800\"\nhealth.listen = \"a.example:4800\"").count == 1)
    // An IPv4 address in the form of an IPv6 one is that address.
    for (one, other) in [
      ("127.0.0.1", "[::ffff:127.0.0.1]"), ("0.0.0.0", "[::ffff:192.0.2.1]"),
      ("[::ffff:0.0.0.0]", "127.0.0.1"),
      ("[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
    ] {
      #expect(
        faults("websocket.listen = \"\(one):4800\"\ntelemetry.listen = \"\(other):4800\"")
          .count { $0.contains(" is taken by ") } == 1,
        "\(one) and \(other)")
    }
    #expect(faults(Self.cluster + "cluster.listen_port = 4700").count == 1)
  }

  @Test("one place is one however it is spelled, and is told as what it is")
  func spellings() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "genapi-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/in")
    for (one, other) in [
      ("/tmp/a.sock", "/tmp/./a.sock"), ("/tmp/a.sock", "//tmp/a.sock"), ("/tmp/a.sock", "/tmp//a.sock"),
      ("/no/such/a.sock", "/no/./such/a.sock"), ("a.sock", "./a.sock"),
      (folder + "/in/a", folder + "/link/a"), (folder + "/in/../b", folder + "/b"),
    ] {
      #expect(
        faults("telemetry.listen = [\"unix:\(one)\", \"unix:\(other)\"]") == [
          "g.toml:2: telemetry.listen: unix:\(other) is taken by unix:\(one) of the same list"
        ])
    }
    #expect(faults("telemetry.listen = [\"unix:/tmp/a\", \"unix:/tmp/b\"]").isEmpty)
    let isV6 = try SocketAddress.makeAddressResolvingHost("localhost", port: 0).ipAddress == "::1"
    let own = isV6 ? "[::1]" : "127.0.0.1"
    for (one, other) in [("localhost", own), (own, "LocalHost"), ("0.0.0.0", "127.0.0.1")] {
      #expect(
        faults("telemetry.listen = [\"\(one):4801\", \"\(other):4801\"]").filter { $0.contains(" taken ") }
          == [
            "g.toml:2: telemetry.listen: \(other):4801 is taken by \(one):4801 of the same list"
          ])
    }
  }

  @Test("ports that the system chooses, and other hosts, are no conflict")
  func notTwice() {
    #expect(faults("websocket.listen = \"127.0.0.1:0\"\nhealth.listen = \"127.0.0.1:0\"").isEmpty)
    #expect(faults("websocket.listen = \"127.0.0.2:4710\"").isEmpty)
    #expect(faults("websocket.listen = \"[::ffff:127.0.0.2]:4710\"").isEmpty)
    #expect(faults("websocket.listen = \"[::1]:4710\"").isEmpty)
  }

  @Test(
    "at every address of both families one port is two listeners, in any order and at any door: [::] is IPv6 alone beside IPv4",
    arguments: [
      ("telemetry.listen = [\"0.0.0.0:P\", \"[::]:P\"]", "127.0.0.1:0"),
      ("telemetry.listen = [\"[::]:P\", \"0.0.0.0:P\"]", "127.0.0.1:0"),
      ("telemetry.listen = [\"[::]:P\", \"127.0.0.1:P\"]", "127.0.0.1:0"),
      ("telemetry.listen = [\"[0::0]:P\"]", "127.0.0.1:P"),
      ("telemetry.listen = [\"127.0.0.1:P\"]", "[::]:P"),
      ("telemetry.listen = [\"127.0.0.1:0\"]\nhealth.listen = \"127.0.0.1:P\"", "[::]:P"),
      ("telemetry.listen = [\"127.0.0.1:0\"]\nhealth.listen = \"[::]:P\"", "0.0.0.0:P"),
    ])
  func bothFamilies(_ listeners: String, _ sockets: String) async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    // Another program may take a port that is free in one family, or was a moment ago: then another is tried.
    for attempt in 1...5 {
      guard let free = try? await ServerBootstrap(group: group).bind(host: "::1", port: 0).get() else {
        return
      }
      let port = try #require(free.localAddress?.port)
      try await free.close()
      do {
        return try await serveBoth(listeners, sockets, port)
      } catch  where attempt < 5 {}
    }
  }

  /// Serves at a port of both families, and connects to each.
  private func serveBoth(_ listeners: String, _ sockets: String, _ port: Int) async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    let text = "websocket.listen = \"\(sockets)\"\ntelemetry.token = \"0123456789abcdef\"\n\(listeners)\n"
    let configuration = try ServerConfiguration(
      toml: Self.anonymous + text.replacing(":P\"", with: ":\(port)\""), file: "g.toml", environment: [:])
    let server = try GatewayServer(configuration, log: ServerLog(.critical))
    try await server.start()
    for host in ["::1", "127.0.0.1"] {
      let client = try await ClientBootstrap(group: group).connect(host: host, port: port).get()
      try await client.close()
    }
    await server.stop()
  }

  @Test("alone on its port [::] takes IPv4 too")
  func bothAtOne() async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    guard let free = try? await ServerBootstrap(group: group).bind(host: "::1", port: 0).get() else { return }
    try await free.close()
    let configuration = try ServerConfiguration(
      toml: Self.anonymous + "websocket.listen = \"[::]:0\"\ntelemetry.listen = \"127.0.0.1:0\"\n",
      file: "g.toml", environment: [:])
    let server = try GatewayServer(configuration, log: ServerLog(.critical))
    try await server.start()
    let port = try #require(server.channels.boundAddress?.port)
    let client = try await ClientBootstrap(group: group).connect(host: "127.0.0.1", port: port).get()
    try await client.close()
    await server.stop()
  }

  @Test("an address that is in use is told in words, by every listener")
  func inUse() async throws {
    let taken = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(taken.localAddress?.port)
    let place = "127.0.0.1:\(port)"
    for listeners in [
      "websocket.listen = \"\(place)\"\ntelemetry.listen = \"127.0.0.1:0\"\n",
      "websocket.listen = \"127.0.0.1:0\"\ntelemetry.listen = \"\(place)\"\n",
      "websocket.listen = \"127.0.0.1:0\"\ntelemetry.listen = \"127.0.0.1:0\"\nhealth.listen = \"\(place)\"\n",
      "websocket.listen = \"127.0.0.1:0\"\ntelemetry.listen = \"127.0.0.1:0\"\ncluster.listen_port = \(port)\n"
        + Self.cluster,
    ] {
      let configuration = try ServerConfiguration(
        toml: Self.anonymous + listeners, file: "g.toml", environment: [:])
      let server = try GatewayServer(configuration, log: ServerLog(.critical))
      let error = await #expect(throws: (any Error).self) { try await server.start() }
      #expect("\(try #require(error))" == "cannot listen on \(place): the address is in use")
    }
    try await taken.close()
  }
}

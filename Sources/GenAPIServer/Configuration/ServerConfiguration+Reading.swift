import Foundation
import GenAPIChannels
import GenAPIFiles
import GenAPIGateway
import GenAPIStream
import GenAPITokens
import GenAPIValue
import Logging
import NetworkAddress
import TOMLFile

extension ServerConfiguration {
  /// More than a configuration can be.
  static let largestFile = 16 << 20

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - file: names the text in faults; paths in it are relative to its folder.
  ///   - environment: `GENAPI_SECTION_KEY` takes the place of a setting.
  ///   - webKeys: reads the file that `auth.jwks_file` names; nil in a program that can verify secrets only.
  /// - Throws: `ConfigurationFaultList` with everything that is wrong, each with its place.
  package init(
    toml text: String, file: String, environment: [String: String], webKeys: WebKeyReader? = nil
  ) throws(ConfigurationFaultList) {
    guard text.utf8.count <= Self.largestFile else {
      throw ConfigurationFaultList(faults: [
        ConfigurationFault(source: file, reason: "is larger than a configuration can be (16 MiB)")
      ])
    }
    self.init()
    var reader = ServerSettingReader(file: file, text: text, environment: environment)
    guard reader.faults.isEmpty else { throw ConfigurationFaultList(faults: reader.faults) }
    reader.contents[file] = FileWatch.content(of: text)
    self.file = file
    isEmpty = reader.root.object?.isEmpty ?? true
    gateway.node = reader.name("node", ByteText(ProcessInfo.processInfo.hostName)) ?? "gateway"
    logLevel = reader.choice("log.level", logLevel)
    logFormat = reader.choice("log.format", logFormat)
    logsRequests = reader.bool("log.access", false)
    logsEvents = reader.bool("log.events", false)
    gateway.read(&reader)
    readWebSocket(&reader)
    readAuthentication(&reader, webKeys)
    readTelemetry(&reader)
    if let listen = reader.string("health.listen", nil) {
      health = reader.tcp("health.listen", listen)
    }
    readControl(&reader)
    websocket.tellsHealth = reader.bool("health.public", true)
    tellsFunctions = reader.bool("health.functions", false)
    cluster = ClusterConfiguration.read(&reader)
    if !gateway.adminActions.isEmpty, controlPath == nil, cluster == nil {
      reader.warnings.append(
        "gateway.admin_actions: nobody can ask for an action: there is neither health.socket nor a cluster")
    }
    watch = reader.choice("reload.watch", watch)
    watchInterval = reader.milliseconds("reload.watch_interval_ms", watchInterval, 100...86_400_000)
    checkListeners(&reader)
    readFunctions(&reader)
    checkReach(&reader)
    reader.finish()
    guard reader.faults.isEmpty else {
      var faults = reader.faults.sorted { ($0.line ?? 0) < ($1.line ?? 0) }
      // Caught while it is written, most often: then nothing else that is wrong is worth looking at first.
      if isEmpty, faults.contains(where: { $0.source == file }) {
        faults.insert(ConfigurationFault(source: file, reason: Self.emptiness(of: text)), at: 0)
      }
      throw ConfigurationFaultList(faults: faults)
    }
    settings = reader.settings
    certificates = reader.certificateUses
    secretFiles = reader.secretFiles
    otherFiles = reader.otherFiles
    contents = reader.contents
    let own = FileAccess.warning(for: file, isSecret: reader.holdsSecret)
    warnings = (own.map { [$0] } ?? []) + reader.warnings
  }

  private static func emptiness(of text: String) -> String {
    text.allSatisfy(\.isWhitespace) ? "is empty" : "sets nothing: there are only comments in it"
  }

  private mutating func readControl(_ reader: inout ServerSettingReader) {
    guard let text = reader.string("health.socket", nil) else { return }
    // `ctl` reads the variable too, and without the file.
    if reader.isFromVariable("health.socket"), !text.hasPrefix("/") {
      return reader.fault(
        "health.socket", "must be a whole path in a variable, not \"\(text.cut(bytes: 64))\"")
    }
    let path = reader.path(text)
    if let reason = ListenText.fault(.unix(path: path)) { reader.fault("health.socket", reason) }
    controlPath = path
  }

  private mutating func readWebSocket(_ reader: inout ServerSettingReader) {
    let listen = reader.string("websocket.listen", "127.0.0.1:4700") ?? ""
    if let (host, port) = reader.tcp("websocket.listen", listen) {
      (websocket.host, websocket.port) = (host, port)
    }
    websocket.path = reader.name("websocket.path", websocket.path) ?? websocket.path
    if !websocket.path.hasPrefix("/") { reader.fault("websocket.path", "must begin with /") }
    readTOON(&reader)
    websocket.channels.topics = reader.names("websocket.topics", websocket.channels.topics)
    if websocket.channels.topics.isEmpty {
      reader.fault("websocket.topics", "must have one topic or more: nobody could join any")
    }
    websocket.channels.event = reader.name("websocket.event", websocket.channels.event) ?? ""
    if websocket.channels.event.isEmpty { reader.fault("websocket.event", "must not be empty") }
    websocket.channels.maxChannels = reader.int(
      "websocket.max_channels", websocket.channels.maxChannels, 1...10_000)
    let origins = reader.strings("websocket.origins", ["same_host"])
    websocket.origins =
      origins == ["any"] ? .any : origins == ["same_host"] ? .sameHostOrLoopback : .list(origins)
    if case .list(let list) = websocket.origins, let wrong = list.first(where: { !$0.contains("//") }) {
      reader.fault(
        "websocket.origins",
        "\"\(wrong)\" is no origin; allowed are any, same_host, https://HOST, //HOST, //*.DOMAIN")
    }
    websocket.hostNames = reader.strings("websocket.hosts", [])
    if let wrong = websocket.hostNames.first(where: { $0.isEmpty || $0.contains("/") }) {
      reader.fault("websocket.hosts", "\"\(wrong)\" is no host name, such as api.example.org")
    }
    readProxies(&reader)
    websocket.maxMessageBytes = reader.int(
      "websocket.max_message_bytes", websocket.maxMessageBytes, 128...100_000_000)
    websocket.idleTimeout = reader.milliseconds(
      "websocket.idle_timeout_ms", websocket.idleTimeout, 100...86_400_000)
    websocket.maxConnections = reader.int(
      "websocket.max_connections", websocket.maxConnections, 1...10_000_000)
    websocket.maxConnectionsPerAddress = reader.int(
      "websocket.max_connections_per_address", websocket.maxConnectionsPerAddress, 1...10_000_000)
    websocket.messagesPerSecond = reader.int(
      "websocket.messages_per_second", websocket.messagesPerSecond, 1...10_000_000)
    websocket.maxInFlight = reader.int("websocket.max_in_flight", websocket.maxInFlight, 1...100_000)
    websocket.outgoingBytes = reader.int(
      "websocket.outgoing_bytes", websocket.outgoingBytes, 1_024...1_000_000_000)
    websocket.endsWithToken = reader.bool("websocket.end_with_token", false)
    websocket.drainDelay = reader.milliseconds(
      "websocket.drain_delay_ms", websocket.drainDelay, 0...600_000)
    websocket.drainSpread = reader.milliseconds(
      "websocket.drain_spread_ms", websocket.drainSpread, 0...600_000)
    websocket.drainTimeout = reader.milliseconds(
      "websocket.drain_timeout_ms", websocket.drainTimeout, 0...600_000)
    websocket.tls = reader.tls("websocket")
  }

  private mutating func readProxies(_ reader: inout ServerSettingReader) {
    for text in reader.strings("websocket.trusted_proxies", []) {
      if let block = AddressBlock(text) {
        websocket.proxies.blocks.append(block)
        if block.prefix == 0 {
          reader.warnings.append(
            "websocket.trusted_proxies: \(block) trusts everybody, so every client can say whose address it has"
          )
        }
      } else {
        reader.fault(
          "websocket.trusted_proxies",
          "\"\(text.cut(bytes: 64))\" is no address and no block of them, such as 10.0.0.0/8 or fd00::/8")
      }
    }
    websocket.proxies.header = reader.choice("websocket.forwarded_header", .xForwardedFor)
    websocket.proxies.usesProxyProtocol = reader.bool("websocket.proxy_protocol", false)
    if websocket.proxies.usesProxyProtocol, websocket.proxies.blocks.isEmpty {
      reader.fault("websocket.proxy_protocol", "needs the proxies' addresses in websocket.trusted_proxies")
    }
  }

  private mutating func readTOON(_ reader: inout ServerSettingReader) {
    websocket.toonVersion = reader.choice("websocket.toon_version", .v3)
    guard let path = reader.name("websocket.toon_path", nil) else { return }
    if path.hasPrefix("/"), !path.utf8.contains(UInt8(ascii: "?")), path != websocket.path {
      websocket.toonPath = path
    } else {
      reader.fault("websocket.toon_path", "must begin with /, have no ? and differ from websocket.path")
    }
  }

  private mutating func readTelemetry(_ reader: inout ServerSettingReader) {
    let texts = reader.strings("telemetry.listen", ["127.0.0.1:4710"])
    telemetry.addresses = texts.compactMap { text in
      var address = ListenText.address(text)
      if case .unix(let path) = address { address = .unix(path: reader.path(path)) }
      if address == nil {
        reader.fault("telemetry.listen", "must be host:port or unix:/path, not \"\(text.cut(bytes: 64))\"")
      }
      if let reason = address.flatMap(ListenText.fault) { reader.fault("telemetry.listen", reason) }
      return address
    }
    if texts.isEmpty { reader.fault("telemetry.listen", "must have one address or more, not []") }
    var tokens = reader.secret("telemetry.token", "telemetry.token_file").map { [$0] } ?? []
    tokens += reader.secrets("telemetry.token_files")
    telemetry.token = tokens.first
    telemetry.otherTokens = Array(tokens.dropFirst())
    if telemetry.token == nil, let open = telemetry.addresses.first(where: { !$0.isLocal }) {
      reader.fault("telemetry.token", "is needed to listen on \(open), which other machines can reach")
    }
    if let token = tokens.first(where: { $0.utf8.count < StreamExporterConfiguration.leastTokenBytes }) {
      reader.fault(
        "telemetry.token",
        "has \(token.utf8.count) bytes and can be guessed; set one of at least "
          + "\(StreamExporterConfiguration.leastTokenBytes), such as `openssl rand -hex 16` prints")
    }
    telemetry.maximumSubscribers = reader.int(
      "telemetry.max_subscribers", telemetry.maximumSubscribers, 1...10_000)
    telemetry.interval = reader.milliseconds("telemetry.interval_ms", telemetry.interval, 100...60_000)
    gateway.topUsers = reader.int("telemetry.top_users", gateway.topUsers, 0...256)
  }

  private mutating func readFunctions(_ reader: inout ServerSettingReader) {
    var configs: [FunctionConfig] = []
    for (index, table) in reader.tables("functions").enumerated() {
      let setting = "functions.\(index)"
      var reasons = FunctionConfig.unknownFields(of: table)
      do {
        let config = try FunctionConfig(table)
        reasons += config.validate() + ModulePolicy(allowed: gateway.allowedFunctions).faults(of: config)
        reasons += reachFault(config.nodes, reader).map { [$0] } ?? []
        configs.append(config)
      } catch {
        reasons += error.faults
      }
      for reason in reasons {
        reader.faults.append(
          ConfigurationFault(
            source: reader.file, line: reader.lines.line(ofFault: reason.string, in: setting),
            key: "functions[\(index)]"
              + (table["request_type"]?.string.map { " (\($0.cut(bytes: 64)))" } ?? ""),
            reason: reason.string))
      }
    }
    for name in reader.strings("function_files", []) {
      guard let format = FunctionConfigFile.Format(fileName: name) else {
        reader.fault("function_files", "\"\(name)\" must end in .toml or .json")
        continue
      }
      guard let text = reader.text(name, of: "function_files") else { continue }
      reader.noteContents(text, of: "function_files")
      reader.otherFiles.insert(reader.path(name))
      do throws(FunctionConfigFileError) {
        configs += try FunctionConfigFile.read(text, format, file: name) { config in
          reachFault(config.nodes, reader).map { [$0] } ?? []
        }
      } catch {
        for fault in error.faults { reader.fault("function_files", fault.description) }
      }
    }
    var seen = Set<[ByteText?]>()
    for config in configs {
      guard !seen.insert([config.service, config.requestType, config.version]).inserted else { continue }
      reader.fault(
        "functions", "\(config.nameInFaults) is there twice")
    }
    functions = configs
    checkLimits(&reader)
    warnOfLimits(&reader)
  }
}

extension ServerSettingReader {
  /// A secret that is set here, or in a file of its own.
  mutating func secret(_ key: String, _ fileKey: String) -> ByteText? {
    let given = string(key, nil, isSecret: true)
    let name = string(fileKey, nil)
    if let given {
      if given.isEmpty { fault(key, "must not be empty") }
      if case .file = settings.last(where: { $0.key == key })?.origin { holdsSecret = true }
      return ByteText(given)
    }
    if let name { return contents(name, of: fileKey) }
    guard let credential = credential(key) else { return nil }
    noteCredential(key, credential)
    return contents(credential, of: key)
  }

  /// More secrets, in files: those before and after a change, say.
  mutating func secrets(_ key: String) -> [ByteText] {
    let names = strings(key, [])
    if names.count > Self.mostSecretFiles {
      fault(key, "must be at most \(Self.mostSecretFiles) files, not \(names.count)")
    }
    return names.prefix(Self.mostSecretFiles).compactMap { contents($0, of: key) }
  }

  /// Far more than any secret has; a file that is named by mistake is not read whole.
  private static var mostSecretBytes: Int { 65_536 }

  /// The text of a file that a setting names; nil when there is none, which is a fault then.
  mutating func text(_ name: String, of key: String, atMost most: Int = TextFile.mostBytes) -> String? {
    do throws(TextFile.Failure) {
      let text = try TextFile.readPlain(path(name), atMost: most)
      contents[path(name)] = FileWatch.content(of: text)
      return text
    } catch {
      let resolved = path(name)
      fault(key, "\"\(name)\" " + (resolved == name ? "" : "(\(resolved)) ") + error.description)
      return nil
    }
  }

  /// Each is tried for a token that none of those before has signed.
  private static var mostSecretFiles: Int { 8 }

  /// The file of a credential that systemd passes to the service as `genapi.auth_secret`, where there is one.
  private func credential(_ key: String) -> String? {
    guard let folder = environment["CREDENTIALS_DIRECTORY"], folder.hasPrefix("/") else { return nil }
    let file = folder + "/genapi." + key.replacing(".", with: "_")
    return FileManager.default.isReadableFile(atPath: file) ? file : nil
  }

  /// The secret in a file.
  private mutating func contents(_ name: String, of fileKey: String) -> ByteText? {
    secretFiles.insert(path(name))
    guard let text = text(name, of: fileKey, atMost: Self.mostSecretBytes) else { return nil }
    let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !secret.isEmpty else {
      fault(fileKey, "\"\(name)\" is empty")
      return nil
    }
    if secret.utf8.contains(where: { $0 < 0x20 }) {
      // Nothing that anybody signs with, or types, has them: two secrets, or another file.
      fault(fileKey, "\"\(name)\" has several lines, or a control character; a secret is one line")
    }
    noteSecretFile(path(name))
    noteContents(secret, of: fileKey)
    return ByteText(secret)
  }

  /// Public keys for tokens, from the file that a setting names; nil without one, and after a fault.
  mutating func publicKeys(_ key: String, _ read: ServerConfiguration.WebKeyReader?)
    -> (any TokenKeys)?
  {
    guard let name = string(key, nil) else { return nil }
    let resolved = path(name)
    // Looked at for changes as secrets are: its owner changes the keys without asking.
    secretFiles.insert(resolved)
    guard let read else {
      fault(key, "this program was built without GenAPIJWKS, and can verify shared secrets only")
      return nil
    }
    guard let text = text(name, of: key) else { return nil }
    // Whoever can write it lets in whom they like.
    if let warning = FileAccess.warning(for: resolved, isSecret: false) { warnings.append(warning) }
    noteContents(text, of: key)
    guard !text.allSatisfy(\.isWhitespace) else {
      fault(key, "\"\(name)\" is empty")
      return nil
    }
    do {
      let keys = try read(text)
      if let first = keys.notes.first {
        let more = keys.notes.count > 1 ? " (and \(keys.notes.count - 1) more)" : ""
        warnings.append("\(key): \"\(name)\": a key is passed over: \(first)\(more)")
      }
      return keys
    } catch {
      fault(key, "\"\(name)\" \(error)")
      return nil
    }
  }

  /// A file that only this program and its owner should read.
  mutating func noteSecretFile(_ path: String) {
    secretFiles.insert(path)
    if let warning = FileAccess.warning(for: path, isSecret: true) { warnings.append(warning) }
  }

  /// What a file holds is part of the setting that names it.
  mutating func noteFile(_ path: String, of key: String) {
    let text = try? TextFile.readPlain(path)
    if let text { contents[path] = FileWatch.content(of: text) }
    noteContents(text ?? "", of: key)
  }

  /// A path in the file, from the file's own folder.
  func path(_ name: String) -> String {
    guard !name.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return name }
    return file[...slash] + name
  }
}

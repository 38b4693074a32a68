import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Listening
import Locking
import Logging
import NIOCore
import NIOHTTP1
import NetworkAddress

/// Decides whether a connection's request for a socket is granted, and remembers for whom.
final class SocketAdmission: Sendable {
  struct Grant: Sendable {
    var identity: ClientIdentity
    var version: SerializerVersion
    var isTOON = false
  }

  private struct State {
    var grant: Grant?
    var refusal: HTTPAnswer?
    var isDeciding = false
    /// Who speaks: the peer, or whom the last trusted proxy named so far.
    var client: IPAddress?
    /// The client as it is counted, once it is known who that is.
    var counted: AddressBlock?
    var isBeyondShare = false
    var admission: ServerHub.Admission
  }

  private let hub: ServerHub
  /// Whether the server listens on a loopback address only.
  private let isLoopback: Bool
  private let state: Mutex<State>

  /// Counts the connection, until `left`.
  ///
  /// - Parameters:
  ///   - peer: nil over a Unix socket.
  ///   - room: what the descriptors leave for it.
  init(hub: ServerHub, peer: IPAddress?, isLoopback: Bool, room: DescriptorReserve.Room = .enough) {
    self.hub = hub
    self.isLoopback = isLoopback
    let proxies = hub.configuration.proxies
    let isProxy = peer.map(proxies.trusts) ?? false
    awaitsProxyHeader = isProxy && proxies.usesProxyProtocol
    var admission = hub.arrived()
    switch room {
    case .enough: break
    case .answer: if case .admitted = admission { admission = .refused(.descriptors) }
    case .nothing: admission = .flooded
    }
    if room != .enough { hub.noteReserve() }
    state = Mutex(State(client: peer, admission: admission))
    if room == .nothing { failed(.descriptors) }
    if !isProxy { clientIsKnown(peer) }
  }

  /// Whether the connection begins with a header of the PROXY protocol.
  let awaitsProxyHeader: Bool

  /// - Parameter source: what a trusted proxy said; nil when it speaks for itself.
  func cameThrough(_ source: IPAddress?) {
    guard let source else { return }
    state.withLock { $0.client = source }
    if !hub.configuration.proxies.trusts(source) { clientIsKnown(source) }
  }

  /// The connection is closed.
  func left() {
    let (counted, isBeyondShare) = state.withLock { ($0.counted, $0.isBeyondShare) }
    hub.left(from: counted, isBeyondShare: isBeyondShare)
  }

  /// Whether the connection is to be closed without an answer.
  var isFlood: Bool { if case .flooded = state.withLock({ $0.admission }) { true } else { false } }

  /// The connection did not come to a request that can be answered; told to the log once an address.
  func failed(_ reason: RefusalReason, detail: String? = nil) {
    hub.refused(reason)
    var metadata: Logger.Metadata = ["reason": "\(reason.rawValue)"]
    if let detail { metadata["detail"] = "\(detail)" }
    let client = state.withLock { $0.client }
    hub.strangers.note(
      .info, "a client was refused",
      kind: detail.map { "\(reason.rawValue): \($0.cut(bytes: 128))" } ?? reason.rawValue,
      from: client?.description ?? "unix", metadata: metadata)
  }

  /// Told to the log once an address: somebody wonders why this client's pages do nothing.
  func asksForLongPolling() {
    hub.strangers.note(
      .notice,
      "a client asks for long polling, which is not served: its WebSocket could not be opened once, and it"
        + " stays so until its page is loaded again (longPollFallbackMs)",
      kind: "longpoll", from: state.withLock { $0.client }?.description ?? "unix", metadata: [:])
  }

  /// Whom a request comes from, as the proxies in front say.
  private func resolveClient(_ headers: HTTPHeaders) -> ByteText? {
    let (client, isKnown) = state.withLock { ($0.client, $0.counted != nil) }
    guard let client else { return nil }
    guard !isKnown else { return ByteText(client.description) }
    let proxies = hub.configuration.proxies
    let values = headers[proxies.header.rawValue]
    let found = proxies.reading(behind: client, values)
    if found.isUnnamed {
      hub.strangers.note(
        .warning,
        "a trusted proxy names a client by what is no address; all that come so count as one client, the proxy",
        from: found.client.description,
        metadata: [
          "header": "\(proxies.header.rawValue)",
          "value": "\(values.joined(separator: ", ").cut(bytes: 256))",
        ])
    }
    clientIsKnown(found.client)
    return ByteText(found.client.description)
  }

  private func clientIsKnown(_ client: IPAddress?) {
    guard let client else { return }
    let admission = hub.came(from: client.client)
    let isFlood = state.withLock { state in
      state.client = client
      state.counted = client.client
      if case .admitted = admission { return false }
      state.isBeyondShare = true
      if case .flooded = admission {
        state.admission = admission
        return true
      }
      if case .admitted = state.admission { state.admission = admission }
      return false
    }
    if isFlood { failed(.addressFull) }
  }

  var grant: Grant? { state.withLock { $0.grant } }
  /// What to answer when it was refused; nil when the request was for something else.
  var refusal: HTTPAnswer? { state.withLock { $0.refusal } }

  /// True while a request for a socket waits for the authenticator, and once it is granted.
  var isDeciding: Bool { state.withLock { $0.isDeciding } }

  /// What a request for another host than this server's gets; nil for one that is for it.
  func hostFault(_ head: HTTPRequestHead, _ target: RequestTarget) -> HTTPAnswer? {
    let host = target.authority?.string ?? head.headers.first(name: "host")
    guard
      !hub.configuration.hosts.allows(host, isLoopback: isLoopback, isForSocket: hub.isForSocket(target))
    else { return nil }
    return HTTPAnswer(status: 421, text: "this server does not answer to that Host")
  }

  /// The headers to upgrade with; nil refuses, and `refusal` says how.
  func decide(_ head: HTTPRequestHead, on channel: any Channel) -> EventLoopFuture<HTTPHeaders?> {
    let loop = channel.eventLoop
    let target = RequestTarget(ByteText(head.uri))
    guard hub.isForSocket(target) else { return loop.makeSucceededFuture(nil) }
    let isTOON = hub.isForTOON(target)
    let address = resolveClient(head.headers)
    if let fault = HTTPRules.fault(head) ?? HTTPRules.upgradeFault(head) {
      return refuse(.malformed, fault, loop)
    }
    if let fault = hostFault(head, target) { return refuse(.host, fault, loop) }
    if hub.refusesHandshakes { return refuse(.shutdown, Self.unavailable(.shutdown), loop) }
    if case .refused(let reason) = state.withLock({ $0.admission }) {
      return refuse(reason, Self.unavailable(reason), loop)
    }
    guard let version = SerializerVersion(vsn: target.parameters["vsn"]) else {
      return refuse(.version, HTTPAnswer(status: 400, text: "vsn must be 1.x or 2.x"), loop)
    }
    if isTOON, version != .two {
      return refuse(.version, HTTPAnswer(status: 400, text: "vsn must be 2.x on this path"), loop)
    }
    guard
      hub.configuration.origins.allows(
        origin: head.headers.first(name: "origin"),
        host: target.authority?.string ?? head.headers.first(name: "host"))
    else { return refuse(.origin, HTTPAnswer(status: 403, text: "this origin is not allowed"), loop) }
    let (offersPhoenix, token) = Self.protocols(head.headers)
    let answer: HTTPHeaders = offersPhoenix ? ["sec-websocket-protocol": "phoenix"] : [:]
    var headers: [ByteText: ByteText] = [:]
    for (name, value) in head.headers where headers[ByteText(name.lowercased())] == nil {
      headers[ByteText(name.lowercased())] = ByteText(value)
    }
    let request = ConnectRequest(
      parameters: target.parameters, headers: headers, remoteAddress: address, bearerToken: token)
    state.withLock { $0.isDeciding = true }
    // What a client sends before it has its socket waits in its own buffers.
    try? channel.syncOptions?.setOption(.autoRead, value: false)
    let promise = loop.makePromise(of: HTTPHeaders?.self)
    promise.completeWithTask { [self] in
      do {
        let limit = hub.configuration.authenticationTimeout
        let identity = try await withDeadline(limit, on: hub.gateway.clock) { [hub] in
          try await hub.authenticator.authenticate(request)
        }
        // Whoever it is, it was let in: it may know why it is not after all.
        if let fault = identity.lengthFault { throw AuthenticationRefused(fault, isForClient: true) }
        // It may have begun to shut down meanwhile. A socket that opened now would only be closed again, and its client
        // would take this server for one that works.
        guard !hub.refusesHandshakes else {
          note(.shutdown, Self.unavailable(.shutdown))
          return nil
        }
        var traced = identity
        traced.trace = Self.trace(request, head.headers)
        state.withLock { $0.grant = Grant(identity: traced, version: version, isTOON: isTOON) }
        return answer
      } catch {
        note(.authentication, Self.forbidden(error), detail: "\(error)")
        return nil
      }
    }
    return promise.futureResult
  }

  private static func forbidden(_ error: any Error) -> HTTPAnswer {
    guard let refused = error as? AuthenticationRefused, refused.isForClient else {
      return HTTPAnswer(status: 403, text: "not allowed")
    }
    return HTTPAnswer(
      status: 403, text: "not allowed: \(refused.description.cut(bytes: TextLimit.text).shown)")
  }

  /// There is no place here now; whoever tries again somewhere else, or later, may find one.
  private static func unavailable(_ reason: RefusalReason) -> HTTPAnswer {
    var answer = HTTPAnswer(status: 503, text: "the server is full or shuts down; try again later")
    answer.headers = [("retry-after", reason == .shutdown ? "1" : "5")]
    return answer
  }

  /// What caused the connection, from the header or, as browsers can set none, from the query. Of a header that is there
  /// twice nobody knows which counts; a `tracestate` may be in several, which are one list.
  private static func trace(_ request: ConnectRequest, _ headers: HTTPHeaders) -> TraceContext? {
    let parents = headers["traceparent"]
    guard let parent = parents.first.map({ ByteText($0) }) ?? request.parameters["traceparent"],
      parents.count <= 1
    else { return nil }
    let states = headers["tracestate"]
    let state = states.isEmpty ? request.parameters["tracestate"] : ByteText(states.joined(separator: ","))
    return TraceContext(parent: parent, state: state)
  }

  private func refuse(_ reason: RefusalReason, _ answer: HTTPAnswer, _ loop: any EventLoop)
    -> EventLoopFuture<HTTPHeaders?>
  {
    note(reason, answer)
    return loop.makeSucceededFuture(nil)
  }

  private func note(_ reason: RefusalReason, _ answer: HTTPAnswer, detail: String? = nil) {
    failed(reason, detail: detail)
    state.withLock { state in
      state.refusal = answer
      state.isDeciding = false
    }
  }

  /// Whether the client speaks `phoenix`, and the token it sent as a subprotocol of its own.
  private static func protocols(_ headers: HTTPHeaders) -> (Bool, ByteText?) {
    let offered = headers[canonicalForm: "sec-websocket-protocol"].map(String.init)
    let prefix = "base64url.bearer.phx."
    let token = offered.first { $0.hasPrefix(prefix) }.flatMap {
      Base64URL.decode($0.dropFirst(prefix.count))
    }
    return (offered.contains("phoenix"), token.flatMap { ByteText(validating: $0) })
  }
}

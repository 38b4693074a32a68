import GenAPIGateway
import GenAPIValue
import NIOCore
import NIOHTTP1
import Synchronization

/// Decides whether a connection's request for a socket is granted, and remembers for whom.
final class Handshake: Sendable {
  struct Grant: Sendable {
    var identity: ClientIdentity
    var version: SerializerVersion
    var isTOON = false
  }

  private struct State {
    var grant: Grant?
    var refusal: HTTPAnswer?
    var isOver = false
  }

  private let hub: ServerHub
  private let address: ByteText?
  private let admission: ServerHub.Admission
  private let state = Mutex(State())

  init(hub: ServerHub, address: ByteText?, admission: ServerHub.Admission) {
    self.hub = hub
    self.address = address
    self.admission = admission
  }

  var grant: Grant? { state.withLock { $0.grant } }
  /// What to answer when it was refused; nil when the request was for something else.
  var refusal: HTTPAnswer? { state.withLock { $0.refusal } }

  /// True once a socket was granted, or an answer begun: then the time bound on the handshake is met.
  var isOver: Bool {
    get { state.withLock { $0.isOver } }
    set { state.withLock { $0.isOver = newValue } }
  }

  /// The headers to upgrade with; nil refuses, and `refusal` says how.
  func decide(_ head: HTTPRequestHead, on loop: any EventLoop) -> EventLoopFuture<HTTPHeaders?> {
    let target = RequestTarget(ByteText(head.uri))
    let isTOON = target.path == hub.configuration.toonPath
    guard target.path == hub.configuration.path || isTOON else { return loop.makeSucceededFuture(nil) }
    if case .refused(let reason) = admission {
      return refuse(reason, 503, "the server is full or shuts down; try again later", loop)
    }
    guard let version = SerializerVersion(vsn: target.parameters["vsn"]) else {
      return refuse("version", 400, "vsn must be 1.x or 2.x", loop)
    }
    if isTOON, version != .two { return refuse("version", 400, "vsn must be 2.x on this path", loop) }
    guard
      hub.configuration.origins.allows(
        origin: head.headers.first(name: "origin"), host: head.headers.first(name: "host"))
    else { return refuse("origin", 403, "this origin is not allowed", loop) }
    let (offersPhoenix, token) = Self.protocols(head.headers)
    let answer: HTTPHeaders = offersPhoenix ? ["sec-websocket-protocol": "phoenix"] : [:]
    var headers: [ByteText: ByteText] = [:]
    for (name, value) in head.headers where headers[ByteText(name.lowercased())] == nil {
      headers[ByteText(name.lowercased())] = ByteText(value)
    }
    let request = ConnectRequest(
      parameters: target.parameters, headers: headers, remoteAddress: address, bearerToken: token)
    let promise = loop.makePromise(of: HTTPHeaders?.self)
    promise.completeWithTask { [self] in
      do {
        let milliseconds = hub.configuration.authenticationMs
        let identity = try await withDeadline(milliseconds: milliseconds, on: hub.gateway.clock) { [hub] in
          try await hub.authenticator.authenticate(request)
        }
        state.withLock { state in
          state.grant = Grant(identity: identity, version: version, isTOON: isTOON)
          state.isOver = true
        }
        return answer
      } catch {
        hub.logger.info(
          "a client was refused", metadata: ["address": "\(address ?? "unix")", "reason": "\(error)"])
        note("authentication", 403, "not allowed")
        return nil
      }
    }
    return promise.futureResult
  }

  private func refuse(_ reason: ByteText, _ status: Int, _ text: String, _ loop: any EventLoop)
    -> EventLoopFuture<HTTPHeaders?>
  {
    note(reason, status, text)
    return loop.makeSucceededFuture(nil)
  }

  private func note(_ reason: ByteText, _ status: Int, _ text: String) {
    hub.refused(reason)
    state.withLock { $0.refusal = HTTPAnswer(status: status, text: text) }
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

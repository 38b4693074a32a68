/// Reads and writes messages in the plain form: the byte 112, the control term, the payload.
enum MessageCodec {
  static let passThrough: UInt8 = 112

  /// Messages of so many bytes are read where they arrive, on the event loop: some 100 µs at most.
  static let quickBytes = 64 << 10
  /// For these; what becomes larger when it is read, as compressed terms do, is left to ``full``.
  static let quick: TermDecoder = {
    var decoder = TermDecoder()
    decoder.maxUncompressedBytes = quickBytes
    // The densest term is a byte, which as a map's key takes five places.
    decoder.maxTerms = 2 * quickBytes
    decoder.maxMemoryBytes = 16 << 20
    return decoder
  }()
  static let full = TermDecoder()

  static func encode(_ message: DistributionMessage) -> [UInt8] {
    let (control, payload) = terms(message)
    var writer = TermWriter()
    // Most messages are calls and answers of this size.
    writer.bytes.reserveCapacity(256)
    writer.bytes.append(passThrough)
    writer.bytes.append(TermTag.version)
    writer.write(control)
    if let payload {
      writer.bytes.append(TermTag.version)
      writer.write(payload)
    }
    return writer.bytes
  }

  private static func terms(_ message: DistributionMessage) -> (Term, Term?) {
    func tuple(_ kind: Int64, _ rest: Term...) -> Term { .tuple([.integer(kind)] + rest) }
    switch message {
    case .send(let to, let term): return (tuple(2, .atom(""), .pid(to)), term)
    case .sendNamed(let from, let to, let term): return (tuple(6, .pid(from), .atom(""), .atom(to)), term)
    case .sendAlias(let from, let to, let term): return (tuple(33, .pid(from), .reference(to)), term)
    case .link(let from, let to): return (tuple(1, .pid(from), .pid(to)), nil)
    case .unlink(let id, let from, let to): return (tuple(35, .integer(id), .pid(from), .pid(to)), nil)
    case .unlinkAck(let id, let from, let to): return (tuple(36, .integer(id), .pid(from), .pid(to)), nil)
    case .exit(let from, let to, let reason): return (tuple(3, .pid(from), .pid(to), reason), nil)
    case .exit2(let from, let to, let reason): return (tuple(8, .pid(from), .pid(to), reason), nil)
    case .monitor(let from, let to, let reference):
      return (tuple(19, .pid(from), to.term, .reference(reference)), nil)
    case .demonitor(let from, let to, let reference):
      return (tuple(20, .pid(from), to.term, .reference(reference)), nil)
    case .monitorExit(let from, let to, let reference, let reason):
      return (tuple(21, from.term, .pid(to), .reference(reference), reason), nil)
    case .spawnRequest(
      let id, let from, let leader, let module, let function, let arity, let options, let arguments):
      let mfa = Term.tuple([.atom(module), .atom(function), .integer(Int64(arity))])
      return (tuple(29, .reference(id), .pid(from), .pid(leader), mfa, .list(options)), .list(arguments))
    case .spawnReply(let id, let to, let flags, let result):
      return (tuple(31, .reference(id), .pid(to), .integer(flags), result), nil)
    case .unknown(let kind): return (tuple(kind), nil)
    }
  }

  /// - Throws: `TermError` when the bytes are no message of the plain form.
  static func decode(_ bytes: [UInt8], _ decoder: TermDecoder = full) throws(TermError)
    -> DistributionMessage
  {
    guard bytes.first == passThrough else {
      throw TermError(reason: .invalid("a message starts with 112, not \(bytes.first ?? 0)"), offset: 0)
    }
    var position = 1
    let control = try decoder.decode(bytes, at: &position)
    guard let fields = control.tupleElements, case .integer(let kind)? = fields.first else {
      throw TermError(reason: .invalid("a control message is a tuple with a number first"), offset: 1)
    }
    var payload: Term?
    if position < bytes.count {
      payload = try decoder.decode(bytes, at: &position)
      guard position == bytes.count else {
        throw TermError(reason: .trailingBytes(bytes.count - position), offset: position)
      }
    }
    guard let message = message(kind, fields, payload) else {
      throw TermError(reason: .invalid("the control message \(kind) has other fields"), offset: 1)
    }
    return message
  }

  private static func message(_ kind: Int64, _ fields: [Term], _ payload: Term?) -> DistributionMessage? {
    func pid(_ index: Int) -> Pid? {
      guard index < fields.count, case .pid(let pid) = fields[index] else { return nil }
      return pid
    }
    func reference(_ index: Int) -> Reference? {
      guard index < fields.count, case .reference(let reference) = fields[index] else { return nil }
      return reference
    }
    func target(_ index: Int) -> DistributionMessage.Target? {
      index < fields.count ? DistributionMessage.Target(fields[index]) : nil
    }
    func integer(_ index: Int) -> Int64? {
      guard index < fields.count, case .integer(let value) = fields[index] else { return nil }
      return value
    }
    func term(_ index: Int) -> Term? { index < fields.count ? fields[index] : nil }
    switch kind {
    case 1: return pid(1).flatMap { from in pid(2).map { .link(from: from, to: $0) } }
    // The kinds that carry a trace token have it last, but before a reason: 12, 13, 16, 18, 23, 25, 27, 30, 32, 34.
    case 2, 12, 22, 23: return pid(2).flatMap { to in payload.map { .send(to: to, $0) } }
    case 3, 13: return exit(pid(1), pid(2), term(kind == 3 ? 3 : 4)) { .exit(from: $0, to: $1, reason: $2) }
    case 4: return pid(1).flatMap { from in pid(2).map { .unlink(id: 0, from: from, to: $0) } }
    case 6, 16:
      guard let from = pid(1), case .atom(let name)? = term(3), let payload else { return nil }
      return .sendNamed(from: from, to: name, payload)
    case 8, 18: return exit(pid(1), pid(2), term(kind == 8 ? 3 : 4)) { .exit2(from: $0, to: $1, reason: $2) }
    case 19:
      guard let from = pid(1), let to = target(2), let id = reference(3) else { return nil }
      return .monitor(from: from, to: to, id)
    case 20:
      guard let from = pid(1), let to = target(2), let id = reference(3) else { return nil }
      return .demonitor(from: from, to: to, id)
    case 21, 28:
      guard let from = target(1), let to = pid(2), let id = reference(3),
        let reason = kind == 21 ? term(4) : payload
      else { return nil }
      return .monitorExit(from: from, to: to, id, reason: reason)
    case 24, 25: return exit(pid(1), pid(2), payload) { .exit(from: $0, to: $1, reason: $2) }
    case 26, 27: return exit(pid(1), pid(2), payload) { .exit2(from: $0, to: $1, reason: $2) }
    case 29, 30:
      guard let id = reference(1), let from = pid(2), let leader = pid(3),
        let mfa = term(4)?.tupleElements, mfa.count == 3, case .atom(let module) = mfa[0],
        case .atom(let function) = mfa[1], case .integer(let arity) = mfa[2],
        let options = term(5)?.listElements, let arguments = payload?.listElements
      else { return nil }
      return .spawnRequest(
        id, from: from, groupLeader: leader, module: module, function: function, arity: Int(clamping: arity),
        options: options, arguments: arguments)
    case 31, 32:
      guard let id = reference(1), let to = pid(2), let flags = integer(3), let result = term(4) else {
        return nil
      }
      return .spawnReply(id, to: to, flags: flags, result: result)
    case 33, 34:
      guard let from = pid(1), let to = reference(2), let payload else { return nil }
      return .sendAlias(from: from, to: to, payload)
    case 35:
      guard let id = integer(1), let from = pid(2), let to = pid(3) else { return nil }
      return .unlink(id: id, from: from, to: to)
    case 36:
      guard let id = integer(1), let from = pid(2), let to = pid(3) else { return nil }
      return .unlinkAck(id: id, from: from, to: to)
    default: return .unknown(kind)
    }
  }

  private static func exit(
    _ from: Pid?, _ to: Pid?, _ reason: Term?, _ make: (Pid, Pid, Term) -> DistributionMessage
  ) -> DistributionMessage? {
    guard let from, let to, let reason else { return nil }
    return make(from, to, reason)
  }
}

import OutsideText

/// What can be said of a message that cannot be read as a whole: whom it concerns, so that nobody waits in vain.
enum MessageOutline: Equatable {
  /// The answer to a call of ours.
  case answer(Reference)
  /// A process is to be started here.
  case spawn(Reference, from: Pid)
  /// A process here is called, and the caller waits.
  case call(process: ByteText, from: Pid, tag: Term)

  /// Reads only as much as is needed; nil when that cannot be read either.
  init?(_ bytes: [UInt8]) {
    guard bytes.first == MessageCodec.passThrough else { return nil }
    var reader = TermReader(bytes: bytes, limits: MessageCodec.full)
    reader.position = 1
    guard let fields = Self.head(&reader, kind: TermTag.smallTuple, most: 6),
      case .integer(let kind)? = fields.first
    else { return nil }
    switch kind {
    case 21, 28:
      guard fields.count > 3, case .reference(let reference) = fields[3] else { return nil }
      self = .answer(reference)
    case 2, 12, 22, 23:
      guard let tag = Self.head(&reader, kind: TermTag.smallTuple, most: 1)?.first?.tag else { return nil }
      self = .answer(tag)
    case 33, 34:
      guard fields.count > 2, case .reference(let alias) = fields[2] else { return nil }
      self = .answer(alias)
    case 29, 30:
      guard fields.count > 2, case .reference(let reference) = fields[1], case .pid(let from) = fields[2]
      else { return nil }
      self = .spawn(reference, from: from)
    case 6, 16:
      guard fields.count > 3, case .atom(let process) = fields[3],
        let head = Self.head(&reader, kind: TermTag.smallTuple, most: 2), head.count == 2,
        let caller = head[1].tupleElements, caller.count == 2, case .pid(let from) = caller[0]
      else { return nil }
      self = .call(process: process, from: from, tag: caller[1])
    default: return nil
    }
  }

  /// The first elements of a tuple, as many as can be read.
  private static func head(_ reader: inout TermReader, kind: UInt8, most: Int) -> [Term]? {
    guard (try? reader.byte()) == TermTag.version, (try? reader.byte()) == kind,
      let count = try? reader.byte()
    else { return nil }
    var elements: [Term] = []
    while elements.count < min(Int(count), most), let element = try? reader.term(depth: 1) {
      elements.append(element)
    }
    return elements
  }
}

extension Term {
  /// The reference in the tag of a call: the tag itself, or the alias that answers are to be sent to.
  var tag: Reference? {
    switch self {
    case .reference(let reference): reference
    case .improperList(let head, let rest) where head.count == 1:
      head[0] == .atom("alias") ? rest.tag : head[0].tag
    case .tuple(let parts): parts.first?.tag
    default: nil
    }
  }

  /// The alias that an answer is sent to, when the caller gave one: `[alias|Ref]` or `[[alias|Ref]|Tag]`.
  var alias: Reference? {
    guard case .improperList(let head, let rest) = self, head.count == 1 else { return nil }
    if head[0] == .atom("alias"), case .reference(let alias) = rest { return alias }
    return head[0].alias
  }
}

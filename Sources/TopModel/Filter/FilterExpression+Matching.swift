import GenAPIStream
import GenAPITelemetry
import GenAPIValue

extension FilterExpression {
  package func matches(_ row: EventRow) -> Bool {
    terms.allSatisfy { term in
      let record = row.record
      switch term.key {
      case .service: return record.concernsEverything || term.allows([record.service])
      case .type: return record.concernsEverything || term.allows([record.requestType])
      case .version: return term.allows([record.version])
      case .node:
        // A gateway, or the service node it is about: which ran the request, came, went, or pushed its config.
        return term.allows(
          [row.node]
            + ["node_called", "node", "node_from"].map { record.metadata($0)?.string })
      case .user: return term.allows([record.userID])
      case .req: return term.allows([record.requestID])
      case .trace: return term.allows([record.metadata("trace_id")?.string])
      case .cat: return term.allows([record.category.map { ByteText($0.rawValue) }])
      case .event: return term.allows([record.shortName, record.name])
      case .status:
        return term.allows(
          outcome: record.outcome ?? (record.isFailedEnd ? .error : record.known?.definition.status),
          durationUs: record.durationUs)
      case .dur: return term.allows(durationUs: record.durationUs)
      case .text:
        return term.contains([
          record.shortName, record.service, record.requestType, record.requestID, record.userID, row.node,
          record.metadata("error")?.string, record.metadata("reason")?.string,
          record.metadata("group_id")?.string,
          record.metadata("pool_name")?.string, record.metadata("trace_id")?.string,
        ])
      }
    }
  }

  /// A function, or what belongs to one; nil version is "no version".
  func matches(service: ByteText, requestType: ByteText?, version: ByteText?, node: ByteText?) -> Bool {
    terms.allSatisfy { term in
      switch term.key {
      case .service: term.allows([service])
      case .type: requestType.map { term.allows([$0]) } ?? true
      case .version: requestType == nil ? true : term.allows([version])
      case .node: node.map { term.allows([$0]) } ?? true
      case .text: term.contains([service, requestType, version])
      default: true
      }
    }
  }

  /// A limit: its scope is `global` or `service/request_type`.
  func matches(limit: LimitState, keys: [HotKeyState], node: ByteText) -> Bool {
    let function = FunctionPath.parts(of: limit.scope)
    return terms.allSatisfy { term in
      switch term.key {
      case .service: function.map { term.allows([$0.service]) } ?? true
      case .type: function.map { term.allows([$0.requestType]) } ?? true
      case .node: term.allows([node])
      case .user: keys.isEmpty ? term.isNegated : keys.contains { matches(key: $0) }
      case .text: term.contains([limit.scope, limit.key] + keys.map(\.keyValue))
      default: true
      }
    }
  }

  /// One user's use of a limit.
  func matches(key: HotKeyState) -> Bool {
    terms.allSatisfy { $0.key != .user || $0.allows([key.keyValue]) }
  }

  func matches(user: ByteText) -> Bool { terms.allSatisfy { $0.key != .user || $0.allows([user]) } }

  func matches(node: ByteText, services: [ByteText]?) -> Bool {
    terms.allSatisfy { term in
      switch term.key {
      case .node: term.allows([node])
      case .service: services.map { term.allows($0) } ?? true
      case .text: term.contains([node] + (services ?? []))
      default: true
      }
    }
  }

  func matches(group: GroupState, node: ByteText) -> Bool {
    terms.allSatisfy { term in
      switch term.key {
      case .node: term.allows([node])
      case .user: term.allows(group.members.map(\.userID))
      case .text: term.contains([group.groupID, group.groupType])
      default: true
      }
    }
  }

  /// A pool, with the breakers of its services: a word may name any of them. The pool runs other services too, so a term on
  /// services does not narrow it.
  func matches(pool: ByteText, breakers: [BreakerState], node: ByteText) -> Bool {
    terms.allSatisfy { term in
      switch term.key {
      case .node: term.allows([node])
      case .text: term.contains([pool, node] + breakers.flatMap(\.names))
      default: true
      }
    }
  }

  /// A breaker; one of a service is that service's, named `service` or `pool/service`.
  func matches(breaker: BreakerState, node: ByteText) -> Bool {
    terms.allSatisfy { term in
      switch term.key {
      case .node: term.allows([node, breaker.node])
      case .service: breaker.service == nil ? true : term.allows(breaker.names.dropFirst().map { $0 })
      case .text: term.contains(breaker.names + [node, breaker.node ?? ""])
      default: true
      }
    }
  }
}

extension FilterTerm {
  /// Bare text: found anywhere in one of the fields.
  fileprivate func contains(_ fields: [ByteText?]) -> Bool {
    guard case .words(let words) = condition else { return true }
    let fits = fields.contains { field in
      guard let field else { return false }
      let bytes = field.utf8.prefix(GlobPattern.mostBytes).map(\.loweredASCII)
      return words.contains { $0.matches(bytes: bytes) }
    }
    return fits != isNegated
  }
}

import GenAPITelemetry
import GenAPIValue

extension GatewayState {
  /// The state without the entries of services the filter leaves out. What belongs to no service stays.
  public func narrowed(by filter: CompiledFilter) -> GatewayState {
    if filter.wantsAllServices { return self }
    let scopes = Dictionary(limits.map { ($0.id, $0.scope) }, uniquingKeysWith: { $1 })
    var narrowed = NarrowedSections(wanted: WantedOwners(filter: filter, scopes: scopes), state: self)
    Self.visitSections(&narrowed)
    return narrowed.state
  }
}

private struct NarrowedSections: SectionVisitor {
  let wanted: WantedOwners
  var state: GatewayState

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    let wanted = wanted
    state[keyPath: section.path].removeAll { !wanted.contains($0.owner) }
  }
}

private struct WantedOwners {
  let filter: CompiledFilter
  /// By a limit's id.
  let scopes: [ByteText: ByteText]

  func contains(_ owner: StateOwner) -> Bool {
    switch owner {
    case .gateway: true
    case .service(let service): filter.wantsService(service)
    case .services(let services): services.isEmpty || services.contains(where: filter.wantsService)
    case .scope(let scope):
      FunctionPath.parts(of: scope).map { filter.wantsService($0.service) } ?? true
    case .limit(let id): scopes[id].map { contains(.scope($0)) } ?? true
    }
  }
}

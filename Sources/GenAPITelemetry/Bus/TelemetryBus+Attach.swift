extension TelemetryBus {
  /// The 31 events, in the order of the catalogue.
  public static func listEvents() -> [EventName] { EventName.catalogue }

  /// Attaches to all 31 events, and to relay, channel and cluster events when asked for.
  public func attachAll(
    _ id: String, includingExtensions: Bool = false,
    handler: @escaping @Sendable (EmittedEvent) throws -> Void
  ) throws {
    try attach(id, to: includingExtensions ? .allAndExtensions : .all, handler: handler)
  }

  /// Attaches to the five executor events.
  public func attachExecutor(_ id: String, handler: @escaping @Sendable (EmittedEvent) throws -> Void) throws
  {
    try attach(id, to: .category(.executor), handler: handler)
  }

  /// Attaches to the four rate limiter events.
  public func attachRateLimiter(_ id: String, handler: @escaping @Sendable (EmittedEvent) throws -> Void)
    throws
  {
    try attach(id, to: .category(.rateLimiter), handler: handler)
  }

  /// Attaches to the six hook events.
  public func attachHooks(_ id: String, handler: @escaping @Sendable (EmittedEvent) throws -> Void) throws {
    try attach(id, to: .category(.hooks), handler: handler)
  }

  /// Attaches to the six worker pool events.
  public func attachWorkerPool(_ id: String, handler: @escaping @Sendable (EmittedEvent) throws -> Void)
    throws
  {
    try attach(id, to: .category(.workerPool), handler: handler)
  }

  /// Attaches to the ten config cache events.
  public func attachConfig(_ id: String, handler: @escaping @Sendable (EmittedEvent) throws -> Void) throws {
    try attach(id, to: .category(.config), handler: handler)
  }

  /// Attaches one handler to the named events.
  public func attachMany(
    _ id: String, _ names: [EventName], handler: @escaping @Sendable (EmittedEvent) throws -> Void
  ) throws {
    try attach(id, to: EventSelection(names), handler: handler)
  }
}

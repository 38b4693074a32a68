/// Why something could not be attached to the bus.
public enum BusError: Error, Equatable, CustomStringConvertible {
  /// A handler or subscription of this name is attached already.
  case handlerExists(id: String)
  /// The bus has as many handlers and subscriptions as `TelemetryBus.Limits.handlers` allows.
  case tooManyHandlers(limit: Int)

  /// The id is empty or blank: nobody could tell whose it is.
  case noID

  public var description: String {
    switch self {
    case .handlerExists(let id): "a handler with the id \"\(id)\" is attached already; detach it first"
    case .noID: "a handler needs an id that is not empty"
    case .tooManyHandlers(let limit): "\(limit) handlers are attached already, which is the limit"
    }
  }
}

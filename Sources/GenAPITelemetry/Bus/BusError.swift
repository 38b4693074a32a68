/// Why something could not be attached to the bus.
public enum BusError: Error, Equatable, CustomStringConvertible {
  case handlerExists(id: String)
  case tooManyHandlers(limit: Int)

  public var description: String {
    switch self {
    case .handlerExists(let id): "a handler with the id \"\(id)\" is attached already; detach it first"
    case .tooManyHandlers(let limit): "\(limit) handlers are attached already, which is the limit"
    }
  }
}

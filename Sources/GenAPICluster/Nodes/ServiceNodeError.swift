import ErlangNode
import GenAPIValue

/// Why a service node cannot be made.
public enum ServiceNodeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The node could not be started.
  case node(LocalNodeError)
  /// Every fault of its endpoints and settings.
  case invalid([ByteText])
  /// Hooks run on the gateway, which has no Swift function of this program.
  case hook(service: ByteText, requestType: ByteText)

  public var description: String {
    switch self {
    case .node(let error): error.description
    case .invalid(let faults): faults.map(\.string).joined(separator: "; ")
    case .hook(let service, let type):
      "\(service.cut(bytes: 64).shown)/\(type.cut(bytes: 64).shown) has a hook; hooks run on the gateway, so register them there"
    }
  }
}

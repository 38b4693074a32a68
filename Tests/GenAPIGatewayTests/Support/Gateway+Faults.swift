import GenAPIValue

@testable import GenAPIGateway

extension Gateway {
  /// What registering an endpoint of the service `svc` is refused with; nothing where it is taken.
  func faults(of endpoint: Endpoint) -> [ByteText] {
    do throws(ConfigStoreError) {
      try register(endpoint, service: "svc")
      return []
    } catch {
      guard case .invalid(let faults) = error else { return [ByteText(error.description)] }
      return faults
    }
  }
}

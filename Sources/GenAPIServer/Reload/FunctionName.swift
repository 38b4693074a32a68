import GenAPIGateway
import GenAPIValue

/// What tells a function of a file from its others.
struct FunctionName: Hashable {
  private let service: ByteText
  private let requestType: ByteText
  private let version: ByteText?

  init(_ config: FunctionConfig) {
    (service, requestType) = (config.service, config.requestType)
    version = config.version == "" ? nil : config.version
  }
}

import GenAPIValue

/// Something an operator may do to a running gateway, when its configuration lists it.
public enum AdminAction: String, Codable, Sendable, CaseIterable {
  /// Shows clients the cause behind "Internal Server Error", or hides it.
  case changeDetailError = "change_detail_error"
  /// Change rate limits.
  case updateRateLimitConfig = "update_rate_limit_config"
  /// Stores configs in the name of a service.
  case pushConfig = "push_config"
  /// Enables, disables or deletes a version of a function.
  case changeFunctions = "change_functions"
  /// Ends a client's stream.
  case stopStream = "stop_stream"
  /// Forget the configs that were refused.
  case clearFailedConfigs = "clear_failed_configs"
  /// Deletes relay groups; accepts, mutes and removes their members.
  case changeGroups = "change_groups"
}

/// Why an operator's action was not done.
public enum AdminError: Error, Equatable, CustomStringConvertible {
  /// The caller may not do this.
  case denied(AdminAction)
  /// Allowed, but it could not be done; why.
  case failed(ByteText)

  public var description: String {
    switch self {
    case .denied(let action):
      "\(action.rawValue) is not allowed: gateway.admin_actions does not list it"
    case .failed(let reason): reason.string
    }
  }
}

// What of each entry is a name, a text or a list: `TextBound` says how long it may be.

extension SeriesState {
  public mutating func cut(_ bound: inout TextBound) {
    bound.name(&service)
    bound.name(&requestType)
    bound.name(&version)
    bound.counts(&outcomes)
    bound.histogram(latency)
    bound.text(&lastError)
  }
}

extension LimitState {
  public mutating func cut(_ bound: inout TextBound) {
    bound.name(&id)
    bound.name(&scope)
    bound.name(&key)
  }
}

extension HotKeyState {
  public mutating func cut(_ bound: inout TextBound) {
    bound.name(&limit)
    bound.name(&keyValue)
  }
}

extension PoolState {
  public mutating func cut(_ bound: inout TextBound) {
    bound.name(&name)
    bound.numbers(&busySlots, most: 10_000)
  }
}

extension BreakerState {
  public mutating func cut(_ bound: inout TextBound) {
    bound.name(&pool)
    bound.name(&service)
    bound.name(&node)
    bound.text(&lastReason)
  }
}

extension FunctionState {
  public mutating func cut(_ bound: inout TextBound) {
    bound.name(&service)
    bound.name(&requestType)
    bound.name(&version)
    bound.names(&nodes)
    bound.name(&responseType)
    bound.name(&source)
    bound.name(&configVersion)
    bound.text(&permission)
    bound.text(&retry)
    bound.text(&chooseNode)
    bound.names(&hooks)
  }
}

extension ServiceState {
  public mutating func cut(_ bound: inout TextBound) {
    bound.name(&service)
    bound.name(&source)
    bound.name(&configVersion)
    bound.text(&lastError)
  }
}

extension ConfigChangeState {
  public mutating func cut(_ bound: inout TextBound) {
    bound.name(&kind)
    bound.name(&service)
    bound.name(&requestType)
    bound.name(&version)
    bound.name(&from)
    bound.name(&to)
  }
}

extension FailedConfigState {
  public mutating func cut(_ bound: inout TextBound) {
    bound.name(&service)
    bound.name(&requestType)
    bound.name(&version)
    bound.name(&source)
    bound.name(&node)
    bound.texts(&reasons, most: 50)
  }
}

extension GroupState {
  public mutating func cut(_ bound: inout TextBound) {
    bound.name(&groupID)
    bound.name(&groupType)
    bound.entries(&members, most: TextBound.listLength)
  }
}

extension MemberState {
  public mutating func cut(_ bound: inout TextBound) {
    bound.name(&userID)
    bound.name(&status)
    bound.name(&role)
  }
}

extension HookState {
  public mutating func cut(_ bound: inout TextBound) {
    bound.name(&module)
    bound.name(&function)
    bound.name(&phase)
    bound.histogram(latency)
  }
}

extension ServiceNodeState {
  public mutating func cut(_ bound: inout TextBound) {
    bound.name(&node)
    bound.histogram(latency)
    bound.names(&services)
  }
}

extension SubscriberState {
  public mutating func cut(_ bound: inout TextBound) {
    bound.name(&peer)
  }
}

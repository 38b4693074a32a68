/// A command that has connections or event loops.
protocol OpensDescriptors {
  /// Whether it runs the demo's gateways as well.
  var isDemo: Bool { get }
}

extension WatchCommand: OpensDescriptors { var isDemo: Bool { demo } }
extension CheckCommand: OpensDescriptors { var isDemo: Bool { demo } }
extension EventsCommand: OpensDescriptors { var isDemo: Bool { false } }
extension BridgeCommand: OpensDescriptors { var isDemo: Bool { false } }

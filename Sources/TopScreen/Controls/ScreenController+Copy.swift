import GenAPITelemetry
import GenAPIValue
import TopModel

extension ScreenController {
  /// The selected row as text, without what only a screen needs. Whoever has the terminal says what became of it.
  func copy(_ state: inout ScreenState, _ content: ScreenContent) -> [ScreenAction] {
    guard let id = selectedID(state, content), let text = text(of: id, state, content) else {
      state.message = ScreenState.Message("nothing is selected", .warning)
      return []
    }
    return [.copy(text)]
  }

  private func text(of id: ByteText, _ state: ScreenState, _ content: ScreenContent) -> String? {
    switch state.focus {
    case .latency: return nil
    case .requests:
      return content.requests.first { $0.id == id }.map { row in
        "\(row.service) \(row.requestType)" + (row.version.map { " \($0)" } ?? "")
          + " \(NumberText.short(row.requestsPerSecond))/s err \(NumberText.percent(row.errorPercent))%"
          + " p99 \(TimeText.duration(microseconds: row.p99))"
      }
    case .events:
      return content.events.first { $0.id == id }.map { row in
        let fields = (Array(row.record.measurements) + Array(row.record.metadata))
          .map { "\($0.key)=\(EventText.text(of: $0.value))" }
        return
          ([
            TimeText.preciseClock(row.record.at, offset: state.clockOffset), row.node.string,
            row.record.name.string,
          ]
          + fields)
          .joined(separator: " ")
      }
    case .limits:
      return LimitsPane(rows: content.limits).lines.first { $0.id == id }.map { line in
        switch line {
        case .limit(let row): "\(row.scope) \(row.key)"
        case .key(let row, let key): "\(row.scope) \(row.key) \(key.value) \(key.used)/\(key.max)"
        }
      }
    case .nodes: return content.nodes.first { $0.id == id }?.name.string
    case .alerts: return content.alerts.first { $0.id == id }?.rule.string
    case .relay: return content.relay.first { $0.id == id }?.group.groupID.string
    case .configs, .circuits: return id.split(separator: 0x1F).filter { !$0.isEmpty }.joined(separator: " ")
    }
  }
}

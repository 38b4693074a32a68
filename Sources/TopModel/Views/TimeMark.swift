import GenAPITelemetry
import GenAPIValue

/// Something that happened and that other things may come from: a place on the time line.
package struct TimeMark: Equatable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case alert, config, breaker, connection
  }

  /// Microseconds since the Unix epoch.
  package var at: Int64
  package var kind: Kind
  /// What it was, and of what.
  package var label: ByteText

  package init(at: Int64, kind: Kind, label: ByteText) {
    self.at = at
    self.kind = kind
    self.label = label
  }
}

extension ClusterModel {
  static let mostMarks = 200
  /// Gateways that follow each other within this time made the same change, in microseconds.
  private static let sameChangeUs: Int64 = 60_000_000

  /// When alerts fired, configs changed, breakers opened and connections broke or came back, up to the moment shown; the latest
  /// first, at most `mostMarks`.
  package func timeMarks(_ settings: ViewSettings) -> [TimeMark] {
    let moment = moment(settings)
    var marks = alertEpisodes(settings).map { episode in
      TimeMark(
        at: episode.from, kind: .alert, label: [episode.rule, episode.subject ?? ""].joined(separator: " "))
    }
    for target in gateways {
      marks += openings(target, until: moment)
      marks += target.connections.filter { $0.at <= moment }.map {
        TimeMark(
          at: $0.at, kind: .connection, label: $0.isBack ? "\(target.name) is back" : "\(target.name) is gone"
        )
      }
    }
    marks += configChanges(settings)
    return Array(marks.sorted { ($0.at, $1.label) > ($1.at, $0.label) }.prefix(Self.mostMarks))
  }

  /// Each time a breaker opened, as the kept seconds tell.
  private func openings(_ target: TargetModel, until moment: Int64) -> [TimeMark] {
    var marks: [TimeMark] = []
    var open: Set<ByteText> = []
    for entry in target.history.slow where entry.second <= moment / 1_000_000 {
      if open.isEmpty, entry.state.breakers.isEmpty { continue }
      var still: Set<ByteText> = []
      for breaker in entry.state.breakers where breaker.state != .closed {
        still.insert(breaker.entryKey)
        if open.contains(breaker.entryKey) || breaker.state != .open { continue }
        let worker: ByteText = breaker.worker.map { " worker \($0)" } ?? breaker.serviceText
        marks.append(
          TimeMark(
            at: breaker.notClosedSince, kind: .breaker, label: "\(target.name) \(breaker.pool)\(worker) open")
        )
      }
      open = still
    }
    return marks
  }

  /// What several gateways did alike is one change.
  private func configChanges(_ settings: ViewSettings) -> [TimeMark] {
    var marks: [TimeMark] = []
    var seen: [ByteText: Int64] = [:]
    for target in gateways {
      for change in target.history.slowState(at: second(settings, target))?.configChanges ?? [] {
        let what: ByteText = [change.service, change.requestType ?? ""].filter { !$0.isEmpty }.joined(
          separator: "/")
        var label: ByteText = "\(what) \(change.kind)"
        if let from = change.from, let to = change.to { label = "\(what) \(from) to \(to)" }
        if let at = seen[label], (at - change.at).magnitude < Self.sameChangeUs.magnitude { continue }
        seen[label] = change.at
        marks.append(TimeMark(at: change.at, kind: .config, label: label))
      }
    }
    return marks
  }
}

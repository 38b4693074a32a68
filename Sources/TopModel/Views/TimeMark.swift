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
    var openings: [Opening] = []
    var marks: [TimeMark] = []
    var gone: [(gateway: ByteText, at: Int64)] = []
    for target in gateways {
      openings += self.openings(target, until: moment)
      for connection in target.connections where connection.at <= moment {
        if !connection.isBack { gone.append((target.name, connection.at)) }
        marks.append(
          TimeMark(
            at: connection.at, kind: .connection,
            label: connection.isBack ? "\(target.name) is back" : "\(target.name) is gone"))
      }
    }
    marks += alertMarks(settings, openings, gone) + Self.marks(of: openings) + configChanges(settings)
    return Array(marks.sorted { ($0.at, $1.label) > ($1.at, $0.label) }.prefix(Self.mostMarks))
  }

  /// A breaker of one gateway that opened.
  private struct Opening {
    var at: Int64
    var gateway: ByteText
    /// Its pool, and whose it is.
    var breaker: ByteText
  }

  /// An alert follows what it is about within this time, in microseconds.
  private static let alertDelayUs: Int64 = 10_000_000

  /// When alerts fired, but for those that only say again what lies there by itself: that a breaker opened, or a gateway went.
  private func alertMarks(
    _ settings: ViewSettings, _ openings: [Opening], _ gone: [(gateway: ByteText, at: Int64)]
  ) -> [TimeMark] {
    func rules(_ condition: AlertCondition) -> Set<ByteText> {
      Set(
        alerts.rules.filter { $0.expression.test == .condition(condition, isNegated: false) }
          .map { ByteText($0.expression.text) })
    }
    let (ofBreakers, ofNodes) = (rules(.breakerOpen), rules(.nodeDown))
    // As alerts call breakers: when each opened first.
    let opened = Dictionary(
      openings.map { ("\($0.gateway) \($0.breaker)" as ByteText, $0.at) }, uniquingKeysWith: min)
    func isToldOf(_ episode: AlertEpisode) -> Bool {
      if ofBreakers.contains(episode.rule) {
        return episode.subject.flatMap { opened[$0] }
          .map { $0 <= episode.from.saturatingAdd(Self.alertDelayUs) } ?? false
      }
      return ofNodes.contains(episode.rule)
        && gone.contains {
          $0.gateway == episode.subject
            && episode.from.saturatingSubtract($0.at).magnitude <= Self.alertDelayUs.magnitude
        }
    }
    return alertEpisodes(settings).filter { !isToldOf($0) }.map { episode in
      TimeMark(
        at: episode.from, kind: .alert, label: [episode.rule, episode.subject ?? ""].joined(separator: " "))
    }
  }

  /// What opened on several gateways at nearly one time is one mark, with all of their names.
  private static func marks(of openings: [Opening]) -> [TimeMark] {
    var merged: [(at: Int64, gateways: [ByteText], breaker: ByteText)] = []
    var places: [ByteText: Int] = [:]
    for opening in openings.sorted(by: { $0.at < $1.at }) {
      if let place = places[opening.breaker], !merged[place].gateways.contains(opening.gateway),
        opening.at.saturatingSubtract(merged[place].at) <= alertDelayUs
      {
        merged[place].gateways.append(opening.gateway)
      } else {
        places[opening.breaker] = merged.count
        merged.append((opening.at, [opening.gateway], opening.breaker))
      }
    }
    return merged.map { mark in
      TimeMark(
        at: mark.at, kind: .breaker,
        label: "\(mark.gateways.sortedNaturally().joined(separator: " ")) \(mark.breaker) open")
    }
  }

  /// Each time a breaker opened, as the kept seconds tell.
  private func openings(_ target: TargetModel, until moment: Int64) -> [Opening] {
    var found: [Opening] = []
    var open: Set<ByteText> = []
    for entry in target.history.slow where entry.second <= moment / 1_000_000 {
      if open.isEmpty, entry.state.breakers.isEmpty { continue }
      var still: Set<ByteText> = []
      for breaker in entry.state.breakers where breaker.state != .closed {
        still.insert(breaker.entryKey)
        if open.contains(breaker.entryKey) || breaker.state != .open { continue }
        let worker: ByteText = breaker.worker.map { " worker \($0)" } ?? breaker.serviceText
        found.append(
          Opening(at: breaker.notClosedSince, gateway: target.name, breaker: breaker.pool + worker))
      }
      open = still
    }
    return found
  }

  /// What several gateways did alike is one change, and what changed at one time one mark: a gateway that starts adds all it has.
  private func configChanges(_ settings: ViewSettings) -> [TimeMark] {
    var changes: [ConfigChangeState] = []
    var seen: [[ByteText?]: Int64] = [:]
    for target in gateways {
      for change in slowState(target, settings)?.configChanges ?? [] {
        let key = [change.kind, change.service, change.requestType, change.from, change.to]
        if let at = seen[key], (at - change.at).magnitude < Self.sameChangeUs.magnitude { continue }
        seen[key] = change.at
        changes.append(change)
      }
    }
    changes.sort { ($0.at, $0.id) < ($1.at, $1.id) }
    var marks: [TimeMark] = []
    var burst: [ConfigChangeState] = []
    func end() {
      guard let first = burst.first else { return }
      marks.append(TimeMark(at: first.at, kind: .config, label: ConfigBurst(burst).label))
      burst = []
    }
    for change in changes {
      if let last = burst.last, change.at.saturatingSubtract(last.at) > ConfigBurst.pauseUs { end() }
      burst.append(change)
    }
    end()
    return marks
  }
}

import GenAPIValue

extension ClusterModel {
  /// A gateway that is watched by several addresses is counted once, at one that is heard; several that call themselves the same get
  /// numbers, so that the numbers of one never pass for the other's.
  mutating func tellApart() {
    // By node the places of its gateways, each with all its addresses.
    var known: [ByteText: [[Int]]] = [:]
    var nodes: [ByteText] = []
    for index in targets.indices {
      guard let node = targets[index].node else { continue }
      if known[node] == nil { nodes.append(node) }
      let startedAt = targets[index].startedAt
      let same = known[node]?.firstIndex { startedAt != 0 && targets[$0[0]].startedAt == startedAt }
      if let same { known[node]?[same].append(index) } else { known[node, default: []].append([index]) }
    }
    for node in nodes {
      for (place, addresses) in (known[node] ?? []).enumerated() { count(addresses, number: place + 1) }
    }
  }

  /// Whether a gateway is silent at the address that it is counted at, and has another one.
  var hasSilentAddress: Bool {
    targets.contains { target in
      target.twin.map { !isHeard($0) && target.isHeard(at: now) } ?? false
    }
  }

  /// Counts a gateway at one of its addresses: the one so far, for as long as it is heard there or nowhere.
  private mutating func count(_ addresses: [Int], number: Int) {
    let counted = addresses.first { targets[$0].twin == nil } ?? addresses[0]
    let chosen = isHeard(counted) ? counted : addresses.first(where: isHeard) ?? counted
    if chosen != counted {
      // What is known of it goes on there: both tell the same counters.
      targets[chosen].history = targets[counted].history
      targets[chosen].history.restart()
      noteNews(of: chosen)
    } else if targets[chosen].twin != nil {
      // When it is counted again, what its twin saw is not to be counted twice.
      targets[chosen].history.restart()
    }
    for address in addresses {
      targets[address].number = number
      let twin = address == chosen ? nil : chosen
      if let twin, targets[address].twin != twin { targets[address].history = TargetHistory() }
      if targets[address].twin != twin { targets[address].twin = twin }
    }
  }

  private func isHeard(_ index: Int) -> Bool { targets[index].isHeard(at: now) }
}

extension TargetModel {
  /// It is connected, and not silent.
  fileprivate func isHeard(at now: Int64) -> Bool {
    connection == .live && absence == nil && !isStale(at: now)
  }
}

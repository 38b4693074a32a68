import TopModel

extension RequestGrouping {
  /// As the column of names is called, in small letters.
  var nameColumn: String {
    switch self {
    case .functions, .services, .versions: "service"
    case .gateways: "gateway"
    case .nodes: "node"
    case .users: "user"
    }
  }

  /// What its rows can be sorted by, in the order of the columns.
  var sortColumns: [SortColumn] {
    let names = self == .functions ? [nameColumn, "type"] : [nameColumn]
    // Only what nodes could not take went on to others.
    let over = self == .nodes ? ["over%"] : []
    return names.map { SortColumn(name: $0, rises: true) }
      + (["trend", "rps", "err%"] + over + ["rej%", "fly", "p50", "p95", "p99", "max"]).map {
        SortColumn(name: $0, rises: false)
      }
  }

  /// The orders that the sort key goes through.
  var sorts: [RequestSort] {
    RequestSort.allCases.filter { sort in
      switch sort {
      case .failovers: self == .nodes
      case .type: self == .functions
      default: true
      }
    }
  }
}

extension RequestSort {
  /// Its column, as it is called in a grouping; nil for the usual order, which is that of none.
  func column(in grouping: RequestGrouping) -> String? {
    switch self {
    case .worst: nil
    case .service: grouping.nameColumn
    case .type: grouping == .functions ? "type" : grouping.nameColumn
    default: column
    }
  }

  /// The next one of a grouping, the first behind the last.
  func next(in grouping: RequestGrouping) -> RequestSort {
    let all = grouping.sorts
    // What is sorted by a type, where there is none, is sorted by its name.
    let place = all.firstIndex(of: self) ?? all.firstIndex(of: .service) ?? 0
    return all[(place + 1) % all.count]
  }
}

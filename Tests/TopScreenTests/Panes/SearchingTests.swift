import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

/// Pages that count events, while these are looked through.
@Suite("A part of the events is not shown as if it were all")
struct SearchingTests {
  /// A gateway whose pool refuses, and somebody of whom much is refused.
  private var model: ClusterModel {
    var model = ClusterModel(targets: ["gw1:4710"])
    var gateway = GatewayState()
    gateway.pools = [PoolState(name: "async_pool", workers: 4, busy: 4, queued: 20, queueLimit: 20)]
    gateway.breakers = [BreakerState(pool: "async_pool", service: "bill", state: .open, since: Sample.now)]
    gateway.series = [SeriesState(service: "bill", requestType: "pay")]
    model.fold(.connected(Hello(node: "gw1", startedAt: Sample.now)), of: 0, at: Sample.now)
    model.fold(.frame(.snapshot(at: Sample.now, sequence: 1, gateway)), of: 0, at: Sample.now)
    gateway.series[0].requests = 1_500
    gateway.series[0].outcomes = ["rate_limited": 1_500]
    model.fold(
      .frame(.snapshot(at: Sample.now + 1_000_000, sequence: 1, gateway)), of: 0, at: Sample.now + 1_000_000)
    for number in 1...3_000 as ClosedRange<Int64> {
      let isRefused = number % 2 == 0
      let record = EventRecord(
        sequence: number, at: Sample.now + number,
        name: (isRefused ? EventName.workerPoolTaskRejected : .executorRequestStop).path,
        metadata: [
          "service": "bill", "request_type": "pay", "pool_name": "async_pool", "user_id": "u1",
          "request_id": "r1", "outcome": "rate_limited",
        ])
      model.fold(.frame(.event(record)), of: 0, at: Sample.now + number)
    }
    model.tick(at: Sample.now + 1_500_000)
    return model
  }

  private func text(
    _ subject: DetailDialog.Subject, _ views: ViewCache, through most: Int, _ model: ClusterModel
  ) -> String {
    var state = ScreenState()
    state.size = ScreenSize(width: 120, height: 100)
    state.dialogs = [.detail(DetailDialog(subject))]
    let content = ScreenContent(model: model, state: state, views: views, lookingThrough: most)
    return TextWriter.write(ScreenRenderer().render(content, state: state))
  }

  @Test(
    "pages of a pool, a breaker, a function, a user and a request say how far the search is, and have their numbers after it"
  )
  func pages() {
    let model = model
    let circuits = model.circuits(ViewSettings(), slots: 1)
    let subjects: [(DetailDialog.Subject, String)] = [
      (.init(PoolDetail(id: circuits.pools[0].id)), "1.5k refused"),
      (.init(BreakerDetail(id: circuits.breakers[0].id)), "1.5k refused"),
      (.function(RequestRow.id(service: "bill", requestType: "pay", version: nil)), "1 500 requests since"),
      (.init(UserDetail(name: "u1")), "1 500 in the events kept"), (.request("r1"), "rate_limited"),
    ]
    for (subject, numbers) in subjects {
      let views = ViewCache()
      let early = text(subject, views, through: 400, model)
      #expect(early.contains("searching… 13% of the events"), "\(early)")
      #expect(!early.contains(numbers) || numbers == "rate_limited", "\(early)")
      let late = text(subject, views, through: .max, model)
      #expect(!late.contains("searching") && late.contains(numbers), "\(late)")
    }
  }
}

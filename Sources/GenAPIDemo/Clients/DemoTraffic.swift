import GenAPIGateway
import GenAPIValue

/// The load: many users who read, some who order, a few who pay, stream and chat. It swells and ebbs.
struct DemoTraffic: Sendable {
  let clients: [DemoClient]
  let load: Double

  /// Runs every client until cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      for (index, client) in clients.enumerated() {
        group.addTask { await drive(client, index) }
      }
    }
  }

  private func drive(_ client: DemoClient, _ index: Int) async {
    let start = ContinuousClock.now
    while !Task.isCancelled {
      await step(client, index)
      // A slow wave over two minutes, and a quicker one in it.
      let seconds = Double((ContinuousClock.now - start).components.seconds)
      let wave = 1 + 0.45 * Wave.sine(seconds, period: 120) + 0.2 * Wave.sine(seconds, period: 17)
      let mean = (index < 6 ? 45 : 60) / (load * wave)
      do { try await Work.milliseconds(mean * 0.4...mean * 1.6) } catch { return }
    }
  }

  private func step(_ client: DemoClient, _ index: Int) async {
    let own: Value = .string(client.userID)
    // The first six clients mostly pay.
    if index < 6 {
      if Int.random(in: 0..<12) == 0 {
        await client.call(BillingService.name, "export_report", ["month": "2026-10"])
      } else {
        await client.call(BillingService.name, "charge", ["amount": .int(.random(in: 1...500))])
      }
      return
    }
    switch Int.random(in: 0..<100) {
    case 0..<52: await client.call(UserService.name, "get_user", ["user_id": own])
    case 52..<57: await client.call(UserService.name, "update_user", ["user_id": own, "name": "Ada"])
    case 57..<64: await client.call(UserService.name, "search_users", ["query": "ada"])
    case 64..<74: await client.call(OrderService.name, "create_order", ["item": "book", "quantity": 1])
    case 74..<84:
      await client.call(OrderService.name, "get_order", ["order_id": .string("o_\(Int.random(in: 1...500))")])
    case 84..<88: await client.call(OrderService.name, "list_orders")
    case 88..<90: await client.call(OrderService.name, "list_orders", version: "1.0.0")
    case 90: await client.call(OrderService.name, "cancel_order", ["order_id": "o_1"])
    case 91..<94: await client.call(MediaService.name, "transcode", ["file": "talk.mp4"])
    case 94..<96: await client.call(MediaService.name, "warm_cache")
    case 96: await client.call(UserService.name, "get_user", ["user_id": 7])
    case 97 where index % 7 == 0: await client.call("legacy_service", "ping")
    default:
      await client.call(ChatService.name, "relay_msg", ["group_id": "lobby", "message": "hello"])
    }
  }
}

enum Wave {
  /// A triangle that looks like a sine: −1 … 1.
  static func sine(_ seconds: Double, period: Double) -> Double {
    let phase = (seconds / period).truncatingRemainder(dividingBy: 1)
    let x = phase < 0.5 ? phase * 4 - 1 : 3 - phase * 4
    return x * (1.5 - 0.5 * x * x)
  }
}

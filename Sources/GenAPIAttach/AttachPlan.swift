/// What watching does to a gateway, in words and in full.
public enum AttachPlan {
  /// What would be called on the node of a target, and the module that would be put there.
  ///
  /// - Parameter usesAgent: false for watching without it.
  public static func text(_ target: String, usesAgent: Bool = true) -> String {
    guard usesAgent else { return reading(target) }
    let module = AgentProgram.module
    return """
      On \(target), which any program with the cluster's cookie may do, genapi-top would
        1. connect as a hidden node under the first free of the names genapi_top_1 ... genapi_top_16
        2. look: erlang:system_info(otp_release), erlang:whereis of the supervisors of phoenix_gen_api and telemetry,
           application:get_key(phoenix_gen_api, vsn), application:get_env(phoenix_gen_api, client_mode)
        3. code:is_loaded(\(module)); where it is not: erl_scan:string, erl_parse:parse_form, compile:forms of the source
           below, code:soft_purge and code:load_binary
        4. \(module):start(OurProcess, Options), and monitor the process that it names
      When the last watcher is gone the module detaches its handler, ends its processes, which own its tables, and is removed.
      Nothing is written to a disk, and nothing of the gateway is changed.

      \(AgentProgram.source)

      """
  }

  private static func reading(_ target: String) -> String {
    """
    On \(target), which any program with the cluster's cookie may do, genapi-top would
      1. connect as a hidden node under the first free of the names genapi_top_1 ... genapi_top_16
      2. look: erlang:system_info(otp_release), erlang:whereis of the supervisors of phoenix_gen_api and telemetry,
         application:get_key(phoenix_gen_api, vsn), application:get_env(phoenix_gen_api, client_mode)
      3. erl_scan:string and erl_parse:parse_form of the functions below, erl_parse:parse_exprs of the expression below
      4. each interval erl_eval:expr of that expression, in a process that ends with its answer
    No module of ours is loaded, no process stays, nothing is written, and nothing of the gateway is changed.

    \(AgentProgram.runner)

    \(AgentProgram.reading)

    """
  }
}

/// Modules of Erlang/OTP and Elixir through which a function config could run any code, start programs, read and write
/// files, open connections, or change the node that it runs on.
///
/// Of Erlang/OTP only what holds and computes data is left out: `lists`, `maps`, `string` and their like. It says nothing of
/// arguments; that those hold no fun and no struct of a denied module is looked at where a config comes in as terms.
///
/// Only what comes with a release can be listed, not what a service's dependencies bring. An allow list protects; this
/// list keeps the worst out where there is none.
package enum DeniedModules {
  /// Whether a module is on the list; Elixir's may be named with or without their `Elixir.`.
  package static func contains(_ module: String) -> Bool {
    let bytes = Array(module.utf8)
    if let elixir = withoutPrefix(bytes) {
      // The first part of the name: `Mix` of `Mix.Tasks.Cmd`.
      return elixirRoots.contains(String(decoding: elixir.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self))
    }
    return erlang.contains(module) || erlangFamilies.contains { bytes.starts(with: $0.utf8) }
      || isOfWidgets(bytes)
  }

  /// `wxButton`, `observer_pro_wx` and their like.
  private static func isOfWidgets(_ name: [UInt8]) -> Bool {
    if name.starts(with: "wx".utf8) {
      return name.dropFirst(2).first.map { (0x41...0x5a).contains($0) } ?? false
    }
    let isOfViewer = ["cdv_", "observer_"].contains { name.starts(with: $0.utf8) }
    return isOfViewer && ["_wx", "_cb"].contains { name.reversed().starts(with: $0.utf8.reversed()) }
  }

  /// Functions of modules that are harmless otherwise. What makes atoms fills a table that is never emptied.
  static func contains(_ module: String, _ function: String) -> Bool {
    let bytes = Array(module.utf8)
    guard let elixir = withoutPrefix(bytes) else { return functions.contains("\(module).\(function)") }
    return functions.contains("\(String(decoding: elixir, as: UTF8.self)).\(function)")
  }

  /// The name of an Elixir module without `Elixir.`; nil for one of Erlang.
  private static func withoutPrefix(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
    var rest = bytes[...]
    let prefix = "Elixir.".utf8
    while rest.starts(with: prefix) { rest = rest.dropFirst(prefix.count) }
    let isElixir = rest.count < bytes.count || rest.first.map { (0x41...0x5a).contains($0) } ?? false
    return isElixir ? rest : nil
  }

  private static let functions: Set<String> = [
    "String.to_atom", "List.to_atom", "Calendar.put_time_zone_database", "URI.default_port", "io_lib.fread",
    "io_lib_fread.fread",
  ]

  private static let elixirRoots: Set<String> = [
    "Agent", "Application", "Behaviour", "Code", "Collectable", "Config", "DynamicSupervisor", "EEx",
    "Enumerable", "ExUnit", "File", "Function", "GenEvent", "GenServer", "Hex", "IEx", "IO", "Kernel",
    "Logger",
    "Macro", "Mix", "Module", "Node", "OptionParser", "PartitionSupervisor", "Path", "Port", "Process",
    "Protocol", "Record",
    "Registry", "StringIO", "Supervisor", "System", "Task",
  ]

  /// What the names of modules begin with that belong together, and that nobody else uses.
  private static let erlangFamilies = [
    "asn1ct", "beam_", "cerl", "ct_", "cth_", "dbg_", "dets", "dialyzer", "diameter", "disk_log", "docgen_",
    "dtls_", "edlin", "edoc", "elixir_", "erl_", "erts_", "eunit", "httpc", "httpd", "inet6_", "inet_",
    "logger_", "megaco", "mnesia", "prim_", "pubkey_", "raw_file_io", "release_handler", "reltool", "rebar",
    "sasl", "shell_", "snmp", "ssh", "ssl", "systools", "test_server", "tftp", "tls_", "wxe_", "xmerl",
    "xref_",
  ]

  private static let erlang: Set<String> = [
    // Running code: evaluating, compiling, loading, applying.
    "apply", "c", "code", "code_server", "compile", "cover", "elixir", "epp", "epp_dodger", "error_handler",
    "escript", "eval_bits", "iex", "igor", "int", "leex", "make", "merl", "merl_transform", "ms_transform",
    "qlc",
    "qlc_pt", "rec_env", "shell", "yecc", "yeccparser", "yeccscan", "core_lib", "core_lint", "core_parse",
    "core_pp", "core_scan", "otp_internal", "sys_core_alias", "sys_core_bsm", "sys_core_fold",
    "sys_core_fold_lists", "sys_core_inline", "sys_core_prepare", "sys_coverage", "sys_messages",
    "sys_pre_attributes", "v3_core", "v3_kernel", "v3_kernel_pp", "i", "argparse", "erlang", "hipe",
    "hipe_unified_loader",
    // Processes, and functions that others apply.
    "alarm_handler", "application", "application_controller", "application_master", "application_starter",
    "gen", "gen_event", "gen_fsm", "gen_server", "gen_statem", "log_mf_h", "peer", "pg", "pg2", "pool",
    "proc_lib", "slave", "supervisor", "supervisor_bridge", "sys", "timer", "data_publisher",
    // The node, its cluster, its settings and its state.
    "atomics", "auth", "counters", "dist_ac", "dist_util", "erpc", "ets", "digraph", "digraph_utils",
    "error_logger", "error_logger_file_h", "error_logger_tty_h", "global", "global_group", "global_search",
    "heart", "init", "kernel", "kernel_config", "kernel_refc", "logger", "net", "net_adm", "net_kernel",
    "persistent_term", "rpc", "seq_trace", "trace", "erlsrv",
    // The operating system, files, and what decompresses without a bound.
    "file", "file_io_server", "file_server", "file_server_2", "file_sorter", "filelib", "filename", "group",
    "group_history",
    "io", "io_ansi", "os", "ram_file", "standard_error", "user", "user_drv", "user_sup", "win32reg",
    "wrap_log_reader",
    "zip", "zlib", "zstd", "man_docs", "crypto", "crypto_ec_curves", "public_key", "asn1_db", "asn1rt_nif",
    // Connections.
    "eldap", "ftp", "ftp_app", "ftp_internal", "ftp_progress", "ftp_response", "ftp_sup", "gen_sctp",
    "gen_tcp", "gen_tcp_socket", "gen_udp", "gen_udp_socket", "inet", "inets",
    "inets_service", "inets_app", "inets_sup", "inets_lib", "inets_trace", "local_tcp", "local_udp", "odbc",
    "http_chunk", "http_cookie", "http_request", "http_response", "http_transport", "http_uri", "http_util",
    "mod_actions", "mod_alias", "mod_auth", "mod_auth_dets", "mod_auth_mnesia", "mod_auth_plain",
    "mod_auth_server", "mod_browser", "mod_cgi", "mod_dir", "mod_disk_log", "mod_esi", "mod_get", "mod_head",
    "mod_htaccess", "mod_include", "mod_log", "mod_range", "mod_responsecontrol", "mod_security",
    "mod_security_server", "mod_trace", "odbc_app", "odbc_sup", "socket", "socket_registry", "unix_telnet",
    // Watching and measuring the node, and what tests it.
    "appmon_info", "cpu_sup", "cprof", "crashdump", "crashdump_viewer", "ct", "cte_track", "dbg", "debugger",
    "disksup", "dyntrace", "eprof", "erl2html2", "et", "et_collector", "et_selector", "et_viewer",
    "et_wx_contents_viewer", "et_wx_viewer", "etop", "etop_gui", "etop_tr", "etop_txt", "format_lib_supp",
    "fprof", "gl", "glu", "instrument", "lcnt", "memsup", "misc_supp", "msacc", "multitrace", "nteventlog",
    "observer", "observer_backend", "observer_html_lib", "observer_lib", "observer_procinfo",
    "observer_tv_table", "os_mon", "os_mon_mib", "os_mon_sysinfo", "os_sup", "rb", "rb_format_supp",
    "runtime_tools", "runtime_tools_sup", "scheduler", "system_information", "tags", "tprof", "ttb",
    "ttb_autostart", "ttb_et", "typer", "typer_core", "versions", "vts", "wx", "wx_misc", "wx_object", "xref",
  ]
}

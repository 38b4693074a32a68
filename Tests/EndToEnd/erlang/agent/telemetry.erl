%% A stand-in of the library telemetry, as far as the agent uses it: a raise takes the handler off.
-module(telemetry).
-export([up/0, attach_many/4, detach/1, execute/3, list_handlers/1]).

up() ->
    Self = self(),
    spawn(fun() -> ets:new(?MODULE, [named_table, public, bag, {read_concurrency, true}]), Self ! up, receive stop -> ok end end),
    receive up -> ok end.

attach_many(Id, Events, Fun, Config) ->
    case ets:match(?MODULE, {'_', Id, '_', '_'}, 1) of
        '$end_of_table' -> ets:insert(?MODULE, [{Event, Id, Fun, Config} || Event <- Events]), ok;
        _ -> {error, already_exists}
    end.

detach(Id) ->
    case ets:select_delete(?MODULE, [{{'_', Id, '_', '_'}, [], [true]}]) of
        0 -> {error, not_found};
        _ -> ok
    end.

execute(Event, Measurements, Metadata) ->
    [try Fun(Event, Measurements, Metadata, Config) catch _:_ -> detach(Id) end
     || {_, Id, Fun, Config} <- ets:lookup(?MODULE, Event)],
    ok.

list_handlers(Prefix) ->
    [#{id => Id, event_name => Event, function => Fun, config => Config} || {Event, Id, Fun, Config} <- ets:tab2list(?MODULE),
     lists:prefix(Prefix, Event)].

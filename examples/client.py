#!/usr/bin/env python3
# One round trip with the gateway of examples/gateway.toml. Needs: pip install websockets
import asyncio, json, websockets

async def main():
    async with websockets.connect("ws://127.0.0.1:4700/socket/websocket?vsn=2.0.0") as socket:
        await socket.send(json.dumps(["1", "1", "api:lobby", "phx_join", {}]))
        print(await socket.recv())
        await socket.send(json.dumps(["1", "2", "api:lobby", "phoenix_gen_api", {
            "service": "demo", "request_type": "echo", "request_id": "req_1", "args": {"message": "hello"}}]))
        print(await socket.recv())

asyncio.run(main())

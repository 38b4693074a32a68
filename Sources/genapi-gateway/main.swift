print("genapi-gateway")

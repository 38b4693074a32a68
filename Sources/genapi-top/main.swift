print("genapi-top")

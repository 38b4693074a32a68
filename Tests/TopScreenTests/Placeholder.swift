// TopScreen

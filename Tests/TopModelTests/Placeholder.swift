// TopModel

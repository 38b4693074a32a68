// GenAPIStream

// GenAPIDemo

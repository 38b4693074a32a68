// GenAPIValue

// GenAPIGateway

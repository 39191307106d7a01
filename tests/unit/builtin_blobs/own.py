whose = "the host's"

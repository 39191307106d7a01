exported = "exported"
_private = "private"


def function(argument):
    return exported, argument

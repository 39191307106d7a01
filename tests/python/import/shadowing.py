# A submodule takes the place of a name that its package had before, and a later assignment stays.
import _shadow

print(_shadow.sub)
import _shadow.sub

print(_shadow.sub.text)
_shadow.sub = "assigned"
import _shadow.sub

print(_shadow.sub)

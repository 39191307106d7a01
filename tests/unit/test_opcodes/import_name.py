import helper
import sys, helper as other

print(helper.exported, helper is other, sys.modules["helper"] is helper, helper.function(1))
try:
    import no_such_module
except ImportError:
    print("ImportError")

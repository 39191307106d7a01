print("body of raises")
import _failing.log
_failing.log.count += 1
if _failing.log.count < 3:
    raise ValueError(_failing.log.count)
value = "third time"

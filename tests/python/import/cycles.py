# Modules that import each other see what the other has defined so far, and all of it later.
from _cycle import a, b

print(a.use_b(), b.seen, b.a is a, a.b is b)
import _itself

print(_itself.result)

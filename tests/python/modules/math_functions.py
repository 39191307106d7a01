# math: values, and which errors arise where.
import math


def attempt(f, *args):
    try:
        v = f(*args)
        print("%.10g" % v if isinstance(v, float) else v)
    except Exception as e:
        print(type(e).__name__)


inf, nan = math.inf, math.nan
print("%.15g %.15g %.15g" % (math.pi, math.e, math.tau), inf, -inf, nan)
for name in ("sqrt exp expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh "
             "fabs erf erfc gamma lgamma degrees radians").split():
    f = getattr(math, name)
    print(name)
    for x in (0, 1, -1, 0.5, 2, -2.5, 100, 1000.0, inf, -inf, nan, True):
        attempt(f, x)
    attempt(f, "a")
for name in ("pow", "atan2", "copysign", "fmod", "hypot"):
    f = getattr(math, name)
    print(name)
    for args in ((2, 3), (-2, 0.5), (0, -1), (-0.0, 0), (inf, 2), (2, inf), (nan, 1), (7, 0), (-7.5, 2), (1e200, 2)):
        attempt(f, *args)
for x in (0.5, -0.5, 2.7, -2.7, 3, 1e30, -1e30, inf, nan, 1 << 80, True):
    attempt(math.ceil, x)
    attempt(math.floor, x)
    attempt(math.trunc, x)
print(math.frexp(10.0), math.frexp(0.0), math.frexp(-inf), math.modf(2.5), math.modf(-2.5), math.modf(inf))
attempt(math.ldexp, 0.75, 4)
attempt(math.ldexp, 1.0, 5000)
attempt(math.ldexp, 1.0, -5000)
print(math.isfinite(1), math.isfinite(inf), math.isinf(-inf), math.isinf(nan), math.isnan(nan), math.isnan(1))
print(math.isclose(1, 1 + 1e-10), math.isclose(1, 1.1), math.isclose(0, 1e-12), math.isclose(0, 1e-12, abs_tol=1e-9))
print(math.isclose(1, 1.1, rel_tol=0.2), math.isclose(inf, inf), math.isclose(inf, 1e308), math.isclose(nan, nan))
attempt(math.log, 8, 2)
attempt(math.log, 10 ** 400)
attempt(math.log10, 10 ** 400)
attempt(math.log2, 1 << 5000)
attempt(math.log, -(10 ** 400))
attempt(math.log, 2, 1)
attempt(math.sqrt, 10 ** 400)
for n in (0, 1, 5, 20, 30, -1, 2.5):
    attempt(math.factorial, n)
print(math.gcd(12, 18), math.gcd(-4, 6), math.gcd(0, 0), math.gcd(), math.gcd(7), math.gcd(1 << 70, 1 << 65), math.gcd(-5))
print(math.prod([1, 2, 3]), math.prod([]), math.prod([2, 2], start=1 << 70), math.hypot(3, 4, 12), math.hypot())

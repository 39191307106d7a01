"""cmath: each function of real and complex arguments, to ten digits, and the arguments that have no answer."""
import cmath


def show(z):
    z = complex(z)
    # Adding 0.0 turns -0.0 into 0.0: signs of zeros are not what this is about.
    return "%.10g %.10g" % (round(z.real, 12) + 0.0, round(z.imag, 12) + 0.0)


points = [1, 2.5, -3, 1j, 1 + 2j, -0.5 - 1.5j]
for name in ("exp", "log", "log10", "sqrt", "cos", "sin"):
    f = getattr(cmath, name)
    for z in points:
        print(name, z, show(f(z)))
for z in points:
    r, phi = cmath.polar(z)
    print("%.10g %.10g %.10g" % (r, phi, cmath.phase(z)), show(cmath.rect(r, phi)))
print("%.10g %.10g" % (cmath.pi, cmath.e))

for f, args in ((cmath.log, (0,)), (cmath.log10, (0j,)), (cmath.sqrt, ("a",)), (cmath.cos, (None,)),
                (cmath.sin, ([],)), (cmath.phase, ("",)), (cmath.polar, (None,)), (cmath.rect, (1, "a")),
                (cmath.exp, ({},)), (cmath.log, ("1",))):
    try:
        print(f(*args))
    except (TypeError, ValueError) as e:
        print(type(e).__name__)

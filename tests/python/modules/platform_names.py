# platform: the names differ, what they are does not.
import platform

print(type(platform.platform()), len(platform.platform()) > 0, type(platform.python_compiler()))
print(type(platform.libc_ver()), len(platform.libc_ver()), [type(part) for part in platform.libc_ver()])

/* import asyncio: Python of our own, asyncio.py, as the stock compiler made it. */
#include "lib/lib.h"

#if XIPVM_MODULE_ASYNCIO
static const uint8_t bytes[] = {
#include "lib/asyncio_blob.inc"
};

const struct xv_python_module xv_module_asyncio = {XV_Q_asyncio, XV_Q_uasyncio, bytes, sizeof bytes};
#endif

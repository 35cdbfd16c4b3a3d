/* What has the right shape is what msgpack-c reads: the whole of it, as deep
   and as large as the limits say; cut short, it has not the right shape. */
#include "schema/shape.h"

#include <msgpack.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static unsigned items;

static void
count(const msgpack_object *object, unsigned depth)
{
    items++;
    if (object->type == MSGPACK_OBJECT_EXT)
        abort();
    if (object->type == MSGPACK_OBJECT_ARRAY) {
        if (depth == SHAPE_DEPTH)
            abort();
        for (uint32_t i = 0; i < object->via.array.size; i++)
            count(&object->via.array.ptr[i], depth + 1);
    }
    if (object->type == MSGPACK_OBJECT_MAP) {
        if (depth == SHAPE_DEPTH || object->via.map.size > SHAPE_KEYS)
            abort();
        for (uint32_t i = 0; i < object->via.map.size; i++) {
            if (object->via.map.ptr[i].key.type != MSGPACK_OBJECT_STR)
                abort();
            count(&object->via.map.ptr[i].key, depth + 1);
            count(&object->via.map.ptr[i].val, depth + 1);
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    msgpack_unpacked unpacked;
    size_t offset = 0;

    if (shape_fault(data, len))
        return 0;
    if (!shape_fault(data, len - 1))
        abort();
    msgpack_unpacked_init(&unpacked);
    if (msgpack_unpack_next(&unpacked, (const char *)data, len, &offset) != MSGPACK_UNPACK_SUCCESS
        || offset != len)
        abort();
    items = 0;
    count(&unpacked.data, 0);
    if (items > SHAPE_ITEMS)
        abort();
    msgpack_unpacked_destroy(&unpacked);
    return 0;
}

/* Writes MessagePack a value at a time, each in its shortest form: the counterpart of
   reader.h.

       struct writer w = {buf, buf + cap};
       writer_map(&w, 2);                     then its members, each key before its value
       writer_text(&w, key, key_len), writer_int(&w, 12) ...
       w.full || w.at - buf                   bytes were written

   What does not fit is not written, and `full` says so in the end.               */
#ifndef SCHEMA_WRITER_H
#define SCHEMA_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct writer {
    uint8_t *at, *end;
    bool full;
};

/* A byte that says the type, and a number after it, big-endian in so many bytes. */
static inline void
writer_head(struct writer *w, uint8_t type, uint64_t number, unsigned bytes)
{
    if ((size_t)(w->end - w->at) < 1 + bytes) {
        w->full = true;
        return;
    }
    *w->at++ = type;
    while (bytes--)
        *w->at++ = (uint8_t)(number >> 8 * bytes);
}

static inline void
writer_raw(struct writer *w, const void *from, size_t len)
{
    if ((size_t)(w->end - w->at) < len) {
        w->full = true;
        return;
    }
    if (len)
        memcpy(w->at, from, len);
    w->at += len;
}

/* Lengths below `fix_end` are in the type's byte; of the longer ones the types follow
   each other. */
static inline void
writer_length(struct writer *w, uint8_t fix, uint32_t fix_end, uint8_t longer, bool has_8,
              uint32_t len)
{
    if (len < fix_end)
        writer_head(w, (uint8_t)(fix | len), 0, 0);
    else if (has_8 && len <= UINT8_MAX)
        writer_head(w, longer, len, 1);
    else if (len <= UINT16_MAX)
        writer_head(w, (uint8_t)(longer + has_8), len, 2);
    else
        writer_head(w, (uint8_t)(longer + has_8 + 1), len, 4);
}

static inline void
writer_map(struct writer *w, uint32_t members)
{
    writer_length(w, 0x80, 16, 0xde, false, members);
}

static inline void
writer_array(struct writer *w, uint32_t members)
{
    writer_length(w, 0x90, 16, 0xdc, false, members);
}

static inline void
writer_text(struct writer *w, const char *text, uint32_t len)
{
    writer_length(w, 0xa0, 32, 0xd9, true, len);
    writer_raw(w, text, len);
}

static inline void
writer_bin(struct writer *w, const void *bytes, uint32_t len)
{
    writer_length(w, 0, 0, 0xc4, true, len);
    writer_raw(w, bytes, len);
}

static inline void
writer_nil(struct writer *w)
{
    writer_head(w, 0xc0, 0, 0);
}

static inline void
writer_flag(struct writer *w, bool flag)
{
    writer_head(w, flag ? 0xc3 : 0xc2, 0, 0);
}

/* What is not negative is written as unsigned, as msgpack-c does it. */
static inline void
writer_int(struct writer *w, int64_t number)
{
    uint64_t bits = (uint64_t)number;

    if (number >= -32 && number <= INT8_MAX)
        writer_head(w, (uint8_t)bits, 0, 0);
    else if (number >= 0)
        number <= UINT8_MAX    ? writer_head(w, 0xcc, bits, 1)
        : number <= UINT16_MAX ? writer_head(w, 0xcd, bits, 2)
        : number <= UINT32_MAX ? writer_head(w, 0xce, bits, 4)
                               : writer_head(w, 0xcf, bits, 8);
    else
        number >= INT8_MIN    ? writer_head(w, 0xd0, bits, 1)
        : number >= INT16_MIN ? writer_head(w, 0xd1, bits, 2)
        : number >= INT32_MIN ? writer_head(w, 0xd2, bits, 4)
                              : writer_head(w, 0xd3, bits, 8);
}

#endif

#include "broker/feeds/page.h"

#include <msgpack.h>
#include <stdlib.h>
#include <string.h>

#include "schema/must.h"

struct page *
page_new(enum message_kind kind, uint32_t fields, size_t cap)
{
    struct page *p = must(malloc(sizeof *p + cap));

    *p = (struct page){.held = 1, .kind = kind, .fields = fields};
    return p;
}

void
page_hold(struct page *p)
{
    p->held++;
}

void
page_let_go(struct page *p)
{
    if (--p->held == 0)
        free(p);
}

static int
write_to(void *data, const char *bytes, size_t n)
{
    uint8_t **at = data;

    memcpy(*at, bytes, n);
    *at += n;
    return 0;
}

static void
pack_word(msgpack_packer *pk, const char *word)
{
    msgpack_pack_str(pk, strlen(word));
    msgpack_pack_str_body(pk, word, strlen(word));
}

/* The bytes of a frame before the page's own. */
static size_t
write_head(const struct page *p, int64_t id, int64_t count, uint8_t *out)
{
    uint8_t *at = out;
    msgpack_packer pk;

    msgpack_packer_init(&pk, &at, write_to);
    msgpack_pack_array(&pk, 2);
    pack_word(&pk, message_words[p->kind]);
    msgpack_pack_map(&pk, p->fields + 2);
    pack_word(&pk, "id");
    msgpack_pack_int64(&pk, id);
    pack_word(&pk, "count");
    msgpack_pack_int64(&pk, count);
    return (size_t)(at - out);
}

size_t
page_len(const struct page *p, int64_t id, int64_t count)
{
    uint8_t head[PAGE_HEAD];

    return write_head(p, id, count, head) + p->len;
}

void
page_frame(const struct page *p, int64_t id, int64_t count, uint8_t *out)
{
    size_t head = write_head(p, id, count, out);

    memcpy(out + head, p->at, p->len);
}

int64_t
page_cost(const struct page *p, int64_t id, int64_t count)
{
    int64_t len = (int64_t)page_len(p, id, count);

    return len > FEED_COST_LEAST ? len : FEED_COST_LEAST;
}

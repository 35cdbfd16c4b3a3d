/* A monitor's answers over HTTP, which libmicrohttpd speaks. */
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "schema/wire/monitor_inside.h"

static const char plain[] = "text/plain; charset=utf-8";
static const char exposition[] = "text/plain; version=0.0.4; charset=utf-8";
static const char json[] = "application/json";

struct page {
    unsigned status;
    const char *type;
    struct text body; /* in the arena */
};

/* --- what is answered --------------------------------------------------------------------- */

static struct page
line_of(struct arena *arena, unsigned status, const char *text)
{
    size_t len = strlen(text) + 1;
    char *line = arena_string(arena, text, len);

    line[len - 1] = '\n';
    return (struct page){status, plain, {line, (uint32_t)len}};
}

static struct page
find_page(struct monitor *m, struct arena *arena, const char *path)
{
    const struct monitor_source *source = &m->source;
    void *seen = arena_take(arena, source->size);

    if (strcmp(path, "/health") != 0 && strcmp(path, "/metrics") != 0
        && strcmp(path, "/status") != 0)
        return line_of(arena, MHD_HTTP_NOT_FOUND, "here are /metrics, /health and /status");
    if (!monitor_see(m, seen))
        return line_of(arena, MHD_HTTP_SERVICE_UNAVAILABLE, source->silent);
    source->look(source->context, seen);
    if (strcmp(path, "/metrics") == 0)
        return (struct page){MHD_HTTP_OK, exposition,
                             exposition_write(arena, source->metrics, seen)};
    if (strcmp(path, "/status") == 0)
        return (struct page){MHD_HTTP_OK, json, source->status(source->context, arena, seen)};
    const char *trouble = source->trouble(seen);
    return line_of(arena, trouble ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK,
                   trouble ? trouble : "well");
}

/* --- how ---------------------------------------------------------------------------------- */

static enum MHD_Result
reply(struct MHD_Connection *c, struct arena *arena, const struct page *page)
{
    void *body = arena_copy(arena, page->body.at, page->body.len);
    struct MHD_Response *r =
        MHD_create_response_from_buffer(page->body.len, body, MHD_RESPMEM_MUST_COPY);

    if (!r)
        return MHD_NO;
    (void)MHD_add_response_header(r, "Content-Type", page->type);
    (void)MHD_add_response_header(r, "Cache-Control", "no-store");
    enum MHD_Result rc = MHD_queue_response(c, page->status, r);
    MHD_destroy_response(r);
    return rc;
}

/* Answered as soon as its head is there: what else a request may bring is not read. */
static enum MHD_Result
take(void *context, struct MHD_Connection *c, const char *path, const char *method,
     const char *version, const char *upload, size_t *upload_len, /* NOLINT: the library's type */
     void **memory)
{
    struct arena *arena = arena_new();
    bool reads =
        strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;

    (void)version;
    (void)upload;
    (void)upload_len;
    (void)memory;
    struct page page =
        reads ? find_page(context, arena, path)
              : line_of(arena, MHD_HTTP_METHOD_NOT_ALLOWED, "GET is all that is answered here");
    enum MHD_Result rc = reply(c, arena, &page);
    arena_destroy(&arena);
    return rc;
}

int
monitor_serve(struct monitor *m, int listening)
{
    struct MHD_Daemon *end = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, take, m, MHD_OPTION_LISTEN_SOCKET, listening,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)MONITOR_CONNECTIONS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MONITOR_REQUEST, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)MONITOR_IDLE, MHD_OPTION_END);

    if (!end) {
        (void)close(listening);
        return -EIO;
    }
    m->ends[m->end_count++] = end;
    return 0;
}

void
monitor_serve_no_more(struct monitor *m)
{
    while (m->end_count)
        MHD_stop_daemon(m->ends[--m->end_count]);
}

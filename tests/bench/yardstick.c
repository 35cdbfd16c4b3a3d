#include "tests/bench/yardstick.h"

#include "tests/t.h"

static void
write_keys(struct yardstick *y, const char *name)
{
    struct yardstick_keys keys;
    char file[64];

    CHECK_INT(0, curve_generate(y->clients[0].server, keys.secret));
    for (unsigned i = 0; i < PRODUCERS_MAX; i++) {
        memcpy(y->clients[i].server, y->clients[0].server, CURVE_KEY);
        memcpy(keys.clients[i], y->clients[i].public, CURVE_KEY);
    }
    CHECK_INT(0, rig_run(y->rig, "mkdir -p %s && cp board/board.zpl %s", name, name));
    (void)snprintf(file, sizeof file, "%s/keys", name);
    rig_write_bytes(y->rig, file, &keys, sizeof keys);
}

void
yardstick_copy_journal(const struct bench_board *b)
{
    CHECK_INT(0, rig_run(b->rig, "mkdir ceiling && cp -a --sparse=always board/journal ceiling"));
}

void
yardstick_start(struct yardstick *y, const struct bench_board *b, const char *name)
{
    const char *const argv[] = {"bench", name, name, NULL};

    y->rig = b->rig;
    memcpy(y->clients, b->clients, sizeof y->clients);
    write_keys(y, name);
    y->program = rig_start(y->rig, argv);
    const char *address = rig_line(y->rig, y->program);
    for (unsigned i = 0; i < PRODUCERS_MAX; i++)
        (void)snprintf(y->clients[i].address[0], sizeof y->clients[i].address[0], "%.250s",
                       address);
}

void
yardstick_stop(struct yardstick *y)
{
    rig_signal(y->program, SIGKILL);
    (void)rig_wait(y->program);
}

void
yardstick_keys_read(const char *folder, struct yardstick_keys *out)
{
    char path[512];

    (void)snprintf(path, sizeof path, "%s/keys", folder);
    FILE *f = fopen(path, "r");
    CHECK(f != NULL);
    CHECK_INT(sizeof *out, fread(out, 1, sizeof *out, f));
    (void)fclose(f);
}

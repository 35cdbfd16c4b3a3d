#include "broker/watched/status.h"

#include <inttypes.h>
#include <stdio.h>

#include "broker/board.h"
#include "schema/days.h"
#include "schema/wire/monitor_ask.h"

enum { KIB = 1024 };

BROKER_STATUS_RECORDS(RECORD_TABLE)

struct broker_status
broker_status_of(const char *software, const char *board, struct texts addresses,
                 const struct vitals *v)
{
    const char *trouble = vitals_trouble(v);
    struct broker_status s = {.present = broker_status_record.required[0],
                              .software = text_of(software),
                              .board = text_of(board),
                              .addresses = addresses,
                              .well = !trouble,
                              .trouble = text_of(trouble ? trouble : ""),
                              .started = v->started,
                              .clock = v->host,
                              .number = v->durable,
                              .unwritten = v->unwritten,
                              .accepted = v->accepted,
                              .clients = v->clients,
                              .sharing = v->sharing,
                              .followers = v->followers,
                              .lag = v->lag,
                              .journal_bytes = v->journal_bytes,
                              .state_bytes = v->state_bytes,
                              .disk_free = v->disk_free,
                              .disk_reserve = v->disk_reserve};

    s.has.trouble = trouble != NULL;
    s.has.sharing = 1;
    for (int code = 0; code < FAULT_CODE_COUNT; code++)
        s.refused += v->refused[code];
    return s;
}

/* --- asking ------------------------------------------------------------------------------ */

int
broker_status_ask(struct arena *arena, const char *dir, struct broker_status *out, struct why *why)
{
    char socket[BOARD_PATH];
    struct why absent;
    const struct monitor_asked asked = {socket, "broker", absent.text};

    board_path(dir, STATUS_SOCKET, socket);
    (void)why_set(&absent, 0,
                  "no broker serves %s: start it with `maat-broker run %s`, or ask "
                  "`maat-broker doctor %s` what is wrong",
                  dir, dir, dir);
    return monitor_ask_status(arena, &asked, &broker_status_record, out, why);
}

/* --- for a person ------------------------------------------------------------------------- */

static void
print_size(int64_t bytes)
{
    static const char *const names[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    int64_t tenths = bytes * 10;

    for (; tenths >= INT64_C(10) * KIB && unit < 4; unit++)
        tenths /= KIB;
    if (unit == 0)
        printf("%" PRId64 " bytes", bytes);
    else
        printf("%" PRId64 ".%" PRId64 " %s", tenths / 10, tenths % 10, names[unit]);
}

static void
print_files(const struct broker_status *s)
{
    printf("%-11s entry %" PRId64 ", ", "journal", s->number);
    print_size(s->journal_bytes);
    printf("\n%-11s ", "state");
    print_size(s->state_bytes);
    if (s->unwritten)
        printf(", %" PRId64 " entries behind on disk", s->unwritten);
    printf("\n%-11s ", "disk");
    print_size(s->disk_free);
    printf(" free, of which ");
    print_size(s->disk_reserve);
    printf(" are kept back\n");
}

void
broker_status_print(const struct broker_status *s)
{
    char moment[TIME_TEXT];

    printf("%-11s %.*s, of %.*s\n", "broker", (int)s->software.len, s->software.at,
           (int)s->board.len, s->board.at);
    for (uint32_t i = 0; i < s->addresses.count; i++)
        printf("%-11s %.*s\n", "address", (int)s->addresses.at[i].len, s->addresses.at[i].at);
    printf("%-11s %.*s\n", "health", s->well ? 4 : (int)s->trouble.len,
           s->well ? "well" : s->trouble.at);
    time_format_in_london(s->started, moment);
    printf("%-11s since %s: %" PRId64 " accepted, %" PRId64 " refused\n", "serving", moment,
           s->accepted, s->refused);
    print_files(s);
    printf("%-11s %" PRId64, "clients", s->clients);
    if (s->sharing)
        printf(", of which %" PRId64 " share a key: key-shared in the log says whose", s->sharing);
    printf("\n");
    printf("%-11s %" PRId64, "followers", s->followers);
    if (s->followers)
        printf(", the furthest behind by %" PRId64 " entries", s->lag);
    printf("\n");
}

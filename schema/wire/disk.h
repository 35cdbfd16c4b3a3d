/* What a disk of this host has left, and what a program keeps there. */
#ifndef SCHEMA_WIRE_DISK_H
#define SCHEMA_WIRE_DISK_H

#include <stdbool.h>
#include <stdint.h>

struct disk {
    int64_t free; /* bytes, for who is not root */
    bool read_only;
};

/* Of the file system that a path is on. 0, or -errno with nothing in `out`. */
int disk_look(const char *path, struct disk *out);

/* 0 where there is no such file. */
int64_t disk_file_bytes(const char *folder, const char *file);

#endif

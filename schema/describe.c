/* Prints schema/FIELDS.md; or, given its name, schema/PROTOCOL.md with its tables made
   anew. `make docs` keeps both. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "schema/fields.h"
#include "schema/protocol.h"

enum { FILE_MAX = 1 << 20 };

static char *
make_fields(size_t *len)
{
    *len = fields_document(NULL, 0);
    char *document = malloc(*len + 1);

    if (document)
        fields_document(document, *len + 1);
    return document;
}

static char *
make_protocol(const char *text, size_t *len)
{
    const char *wrong = NULL;
    char *document;

    *len = protocol_document(text, NULL, 0, &wrong);
    if (!*len) {
        (void)fprintf(stderr, "describe: no such table, or it has no end: %.60s\n", wrong);
        return NULL;
    }
    if ((document = malloc(*len + 1)))
        protocol_document(text, document, *len + 1, &wrong);
    return document;
}

static bool
read_file(const char *path, char *text)
{
    FILE *file = fopen(path, "r");

    if (!file) {
        perror(path);
        return false;
    }
    text[fread(text, 1, FILE_MAX, file)] = '\0';
    return fclose(file) == 0;
}

int
main(int argc, char **argv)
{
    static char text[FILE_MAX + 1];
    char *document = NULL;
    size_t len = 0;

    if (argc == 1)
        document = make_fields(&len);
    else if (read_file(argv[1], text))
        document = make_protocol(text, &len);
    if (!document)
        return EXIT_FAILURE;
    bool written = fwrite(document, 1, len, stdout) == len && fflush(stdout) == 0;
    free(document);
    return written ? EXIT_SUCCESS : EXIT_FAILURE;
}

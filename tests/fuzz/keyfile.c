/* What reads as a key file must write, and read again to the same; what does
   not leaves nothing behind but a reason. Chance never hits on a key, so the
   input is also laid over a file that has all fields. */
#include <stdlib.h>
#include <string.h>

#include "schema/wire/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char full[] = "client = \"police/crm\"\n"
                           "curve\n"
                           "    public-key = \"Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID\"\n"
                           "    secret-key = \"D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs\"\n"
                           "broker\n"
                           "    server-key = \"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\"\n"
                           "    address = \"tcp://board.example.org:5570\"\n"
                           "metadata\n"
                           "    note = \"anything\"\n";

static void
check(const char *text, size_t len)
{
    static const struct identity nothing;
    struct identity first;
    struct identity again;
    struct fault fault = {.reason = ""};
    char written[IDENTITY_FILE];

    if (!identity_read(&first, text, len, &fault)) {
        if (!*fault.reason || memcmp(&first, &nothing, sizeof first) != 0)
            abort();
        return;
    }
    if (!identity_read(&again, written, identity_write(&first, written), &fault)
        || memcmp(&first, &again, sizeof first) != 0)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    char text[sizeof full - 1];

    check((const char *)data, len);
    if (len < 2)
        return 0;
    size_t at = (size_t)(data[0] << 8 | data[1]) % sizeof text;
    size_t room = sizeof text - at;
    memcpy(text, full, sizeof text);
    memcpy(text + at, data + 2, len - 2 < room ? len - 2 : room);
    check(text, sizeof text);
    return 0;
}

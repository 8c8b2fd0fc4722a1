/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Image types. IMG4 and IM4P are DER: a sequence whose first item is the name of the format as an
 * IA5String, then, in an IM4P, the component's type as another; in an IMG4 the IM4P comes second.
 * IMG3 has a header of little-endian words, so that its texts are reversed. Layouts: The Apple
 * Wiki, "IMG4 File Format" and "IMG3 File Format". */
#include "samples/lab/vphone/modes/image.h"

#include <string.h>

enum { DER_IA5STRING = 0x16, DER_SEQUENCE = 0x30, DER_LONG_LENGTH = 0x80 };
enum { IMG3_TYPE_AT = 16, NAME_LENGTH = 4 };

typedef struct {
    const uint8_t *at, *end;
} reader_t;

/* Steps into a sequence; its length may tell more than is there. */
static bool
enter_sequence(reader_t *r)
{
    size_t n_length = 0;

    if (r->end - r->at < 2 || r->at[0] != DER_SEQUENCE)
        return false;
    if (r->at[1] & DER_LONG_LENGTH)
        n_length = r->at[1] & (DER_LONG_LENGTH - 1);
    if (n_length > (size_t)(r->end - r->at) - 2)
        return false;
    r->at += 2 + n_length;
    return true;
}

/* An IA5String of four characters. */
static bool
take_name(reader_t *r, char ret_name[5])
{
    if (r->end - r->at < 2 + NAME_LENGTH || r->at[0] != DER_IA5STRING || r->at[1] != NAME_LENGTH)
        return false;
    memcpy(ret_name, r->at + 2, NAME_LENGTH);
    ret_name[NAME_LENGTH] = '\0';
    r->at += 2 + NAME_LENGTH;
    return true;
}

static bool
img3_type(const uint8_t *data, size_t n, char ret_type[5])
{
    if (n < IMG3_TYPE_AT + NAME_LENGTH || memcmp(data, "3gmI", NAME_LENGTH) != 0)
        return false;
    for (size_t i = 0; i < NAME_LENGTH; i++)
        ret_type[i] = (char)data[IMG3_TYPE_AT + NAME_LENGTH - 1 - i];
    ret_type[NAME_LENGTH] = '\0';
    return true;
}

static bool
der_type(const uint8_t *data, size_t n, char ret_type[5])
{
    reader_t r = { data, data + n };
    char format[5], type[5];

    if (!enter_sequence(&r) || !take_name(&r, format))
        return false;
    if (strcmp(format, "IM4M") == 0) {
        memcpy(ret_type, format, sizeof(format));
        return true;
    }
    if (strcmp(format, "IMG4") == 0 && !(enter_sequence(&r) && take_name(&r, format)))
        return false;
    if (strcmp(format, "IM4P") != 0 || !take_name(&r, type))
        return false;
    memcpy(ret_type, type, sizeof(type));
    return true;
}

bool
lab_image_type(const uint8_t *data, size_t n, char ret_type[5])
{
    return img3_type(data, n, ret_type) || der_type(data, n, ret_type);
}

void
lab_image_head_add(lab_image_head_t *head, const uint8_t *data, size_t n)
{
    size_t room = sizeof(head->bytes) - head->n;

    if (n > room)
        n = room;
    if (n > 0)
        memcpy(head->bytes + head->n, data, n);
    head->n += n;
}

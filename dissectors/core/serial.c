/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Serial strings and products; see serial.h. */
#include <stddef.h>
#include <string.h>

#include "dissectors/core/products.h"
#include "dissectors/core/serial.h"

enum { TAG_LENGTH = 4 };

#define PRODUCT_ROW(chip, board_id, identifier, board)                                             \
    { (chip), (board_id), (identifier), (board) },
static const struct rs_product products[] = { RS_PRODUCTS(PRODUCT_ROW) };

#define CHIP_ROW(chip, name) { (chip), (name) },
static const struct {
    uint32_t id;
    const char *name;
} chips[] = { RS_CHIPS(CHIP_ROW) };

/* Where a tag's value goes. */
struct destination {
    const char *tag;
    bool is_number;
    size_t member; /* its offset in struct rs_serial */
    size_t length_max;
};

#define NUMBER_ROW(tag, member, digits, meaning)                                                   \
    { #tag, true, offsetof(struct rs_serial, member), (digits) },
#define TEXT_ROW(tag, member, size, meaning)                                                       \
    { #tag, false, offsetof(struct rs_serial, member), (size) },
static const struct destination destinations[] = { RS_SERIAL_NUMBERS(NUMBER_ROW)
                                                       RS_SERIAL_TEXTS(TEXT_ROW) };

static const struct destination *
find_destination(const char *tag)
{
    for (size_t i = 0; i < sizeof destinations / sizeof destinations[0]; i++) {
        if (memcmp(destinations[i].tag, tag, TAG_LENGTH) == 0)
            return &destinations[i];
    }
    return NULL;
}

static bool
parse_hex(const char *text, size_t length, uint64_t *ret_value)
{
    uint64_t value = 0;

    for (size_t i = 0; i < length; i++) {
        static const char digits[] = "0123456789ABCDEFabcdef";
        const char *digit = memchr(digits, text[i], sizeof digits - 1);
        uint64_t nibble;

        if (digit == NULL)
            return false;
        nibble = (uint64_t)(digit - digits);
        value = value << 4 | (nibble < 16 ? nibble : nibble - 6);
    }
    *ret_value = value;
    return length > 0;
}

/* Stores the value of a tag; false when it is none. */
static bool
store(const struct destination *destination, const char *value, size_t length,
      struct rs_serial *serial)
{
    uint8_t *member = (uint8_t *)serial + destination->member;
    uint64_t number;

    if (length == 0 || length > destination->length_max)
        return false;
    if (destination->is_number) {
        if (!parse_hex(value, length, &number))
            return false;
        memcpy(member, &number, sizeof number);
    } else {
        memcpy(member, value, length);
        member[length] = '\0';
    }
    serial->has_chip |= strcmp(destination->tag, "CPID") == 0;
    serial->has_board |= strcmp(destination->tag, "BDID") == 0;
    serial->has_ecid |= strcmp(destination->tag, "ECID") == 0;
    return true;
}

bool
rs_serial_parse(const char *text, struct rs_serial *ret_serial)
{
    struct rs_serial serial = { 0 };
    bool any = false;

    while (*text != '\0') {
        const struct destination *destination = NULL;
        size_t length = strcspn(text, " ");
        const char *value = text + TAG_LENGTH + 1;

        if (length > TAG_LENGTH && text[TAG_LENGTH] == ':')
            destination = find_destination(text);
        if (destination != NULL && *value == '[') {
            size_t inside = strcspn(value + 1, "]");

            any |= value[1 + inside] == ']' && store(destination, value + 1, inside, &serial);
            text = value + 1 + inside;
        } else {
            if (destination != NULL)
                any |= store(destination, value, length - TAG_LENGTH - 1, &serial);
            text += length;
        }
        text += *text != '\0';
    }
    if (any)
        *ret_serial = serial;
    return any;
}

const struct rs_product *
rs_product_find(uint64_t chip_id, uint64_t board_id)
{
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        if (products[i].chip_id == chip_id && products[i].board_id == board_id)
            return &products[i];
    }
    return NULL;
}

const char *
rs_product_identifier(uint64_t chip_id, uint64_t board_id)
{
    const struct rs_product *product = rs_product_find(chip_id, board_id);

    return product != NULL ? product->identifier : NULL;
}

const char *
rs_chip_name(uint64_t chip_id)
{
    for (size_t i = 0; i < sizeof chips / sizeof chips[0]; i++) {
        if (chips[i].id == chip_id)
            return chips[i].name;
    }
    return NULL;
}

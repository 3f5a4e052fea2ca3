// inet_pton: addresses of IPv4 and IPv6 from text.
#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

static int digit_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return 16;
}

// Up to `most` digits; null if there is none, or if more follow.
static const char *read_number(const char *text, int base, int most, unsigned *value) {
    int count = 0;
    *value = 0;
    for (; digit_value(*text) < base; text++) {
        if (++count > most) return NULL;
        *value = *value * (unsigned)base + (unsigned)digit_value(*text);
    }
    return count == 0 ? NULL : text;
}

static bool read_ipv4(const char *text, unsigned char *bytes) {
    for (int index = 0; index < 4; index++) {
        unsigned value;
        bool has_leading_zero = text[0] == '0' && digit_value(text[1]) < 10;
        text = read_number(text, 10, 3, &value);
        if (text == NULL || value > 255 || has_leading_zero) return false;
        bytes[index] = (unsigned char)value;
        if (*text++ != (index < 3 ? '.' : 0)) return false;
    }
    return true;
}

// Eight groups of two bytes; "::" stands for as many zeros as are missing, and the last two groups
// may be an IPv4 address.
static bool read_ipv6(const char *text, unsigned char *bytes) {
    unsigned char groups[16] = {0};
    int length = 0, gap = -1;
    if (text[0] == ':' && *++text != ':') return false;
    while (true) {
        if (*text == ':' && gap < 0) {
            gap = length;
            text++;
            if (*text == 0) break;
        }
        unsigned value;
        const char *end = read_number(text, 16, 4, &value);
        if (end != NULL && *end == '.' && length <= 12 && read_ipv4(text, groups + length)) {
            length += 4;
            break;
        }
        if (end == NULL || length == 16) return false;
        groups[length++] = (unsigned char)(value >> 8);
        groups[length++] = (unsigned char)value;
        if (*end == 0) break;
        if (*end != ':' || end[1] == 0 || length == 16) return false;
        text = end + 1;
    }
    if (gap < 0 ? length != 16 : length > 14) return false;
    memset(bytes, 0, 16);
    if (gap < 0) gap = length;
    memcpy(bytes, groups, (size_t)gap);
    memcpy(bytes + 16 - (length - gap), groups + gap, (size_t)(length - gap));
    return true;
}

int inet_pton(int family, const char *restrict text, void *restrict address) {
    return family == AF_INET ? read_ipv4(text, address) : read_ipv6(text, address);
}

uint16_t htons(uint16_t value) { return __builtin_bswap16(value); }

uint16_t ntohs(uint16_t value) { return __builtin_bswap16(value); }

uint32_t htonl(uint32_t value) { return __builtin_bswap32(value); }

uint32_t ntohl(uint32_t value) { return __builtin_bswap32(value); }

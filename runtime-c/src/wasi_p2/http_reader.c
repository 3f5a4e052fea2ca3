// Messages of HTTP/1.1: heads, fields, chunks.
#include "http_reader.h"

#include <string.h>

void http_reader_add(struct http_reader *reader, const void *bytes, size_t length) {
    if (reader->begin > 0) {
        memmove(reader->bytes, reader->bytes + reader->begin, reader->end - reader->begin);
        reader->end -= reader->begin;
        reader->begin = 0;
    }
    memcpy(reader->bytes + reader->end, bytes, length);
    reader->end += length;
}

void http_reader_free(struct p2_state *state, struct http_reader *reader) {
    p2_fields_free(state, &reader->fields);
    p2_fields_free(state, &reader->trailers);
}

// A line, without its end. Null if it has not all come: then `error` says whether it ever can.
static const char *next_line(struct http_reader *reader, size_t *length, int *error) {
    const char *line = reader->bytes + reader->begin;
    size_t available = reader->end - reader->begin;
    const char *end = memchr(line, '\n', available);
    if (end == NULL) {
        *error = P2_HTTP_OK;
        if (available > HTTP_LINE_LIMIT) *error = P2_HTTP_HEADERS_SIZE;
        else if (reader->is_at_end) *error = P2_HTTP_INCOMPLETE;
        return NULL;
    }
    *length = (size_t)(end - line);
    reader->begin += *length + 1;
    if (*length > 0 && line[*length - 1] == '\r') (*length)--;
    return line;
}

static bool is_space(char character) { return character == ' ' || character == '\t'; }

static int add_field(struct p2_state *state, struct p2_fields *fields, const char *line,
                     size_t length) {
    const char *colon = memchr(line, ':', length);
    if (colon == NULL || !p2_is_token(line, (size_t)(colon - line))) return P2_HTTP_PROTOCOL_ERROR;
    const char *value = colon + 1, *end = line + length;
    while (value < end && is_space(*value)) value++;
    while (end > value && is_space(end[-1])) end--;
    if (!p2_is_field_value(value, (size_t)(end - value))) return P2_HTTP_PROTOCOL_ERROR;
    if (fields->count == HTTP_FIELD_COUNT) return P2_HTTP_HEADERS_SIZE;
    p2_fields_add(state, fields, line, (size_t)(colon - line), value, (size_t)(end - value));
    return P2_HTTP_OK;
}

// HTTP/1.1 200 and a reason
static int read_status_line(struct http_reader *reader, const char *line, size_t length) {
    static const char version[] = "HTTP/1.";
    enum { VERSION = 8, STATUS_END = 12 };
    if (length < STATUS_END || memcmp(line, version, sizeof version - 1) != 0) {
        return P2_HTTP_PROTOCOL_ERROR;
    }
    uint16_t status = 0;
    for (size_t index = VERSION + 1; index < STATUS_END; index++) {
        if (line[index] < '0' || line[index] > '9') return P2_HTTP_PROTOCOL_ERROR;
        status = (uint16_t)(status * 10 + (line[index] - '0'));
    }
    bool is_right = line[VERSION] == ' ' && (length == STATUS_END || line[STATUS_END] == ' ');
    if (!is_right || status < 100) return P2_HTTP_PROTOCOL_ERROR;
    reader->status = status;
    reader->has_status_line = true;
    return P2_HTTP_OK;
}

static bool read_number(const char *text, size_t length, unsigned base, uint64_t *number) {
    *number = 0;
    for (size_t index = 0; index < length; index++) {
        char digit = text[index];
        unsigned value = 99;
        if (digit >= '0' && digit <= '9') value = (unsigned)(digit - '0');
        if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f') value = (unsigned)((digit | 0x20) - 'a' + 10);
        if (value >= base || __builtin_mul_overflow(*number, (uint64_t)base, number) ||
            __builtin_add_overflow(*number, (uint64_t)value, number)) {
            return false;
        }
    }
    return length > 0;
}

// How the body ends: RFC 9112, section 6.3.
static int frame(struct http_reader *reader) {
    static const char coding[] = "transfer-encoding", length[] = "content-length";
    const struct p2_fields *fields = &reader->fields;
    const struct p2_field *field = p2_fields_find(fields, NULL, coding, sizeof coding - 1);
    reader->state = HTTP_READS_TO_END;
    if (reader->has_no_body || reader->status == 204 || reader->status == 304) {
        reader->state = HTTP_HAS_READ;
        return P2_HTTP_OK;
    }
    if (field != NULL) {
        bool is_only = p2_fields_find(fields, field, coding, sizeof coding - 1) == NULL;
        if (!is_only || !p2_is_same_text(&field->value, "chunked", 7)) {
            return P2_HTTP_TRANSFER_CODING;
        }
        reader->state = HTTP_READS_CHUNK_SIZE;
        return P2_HTTP_OK;
    }
    field = p2_fields_find(fields, NULL, length, sizeof length - 1);
    if (field == NULL) return P2_HTTP_OK;
    if (!read_number(field->value.bytes, field->value.length, 10, &reader->remaining)) {
        return P2_HTTP_PROTOCOL_ERROR;
    }
    // Several that differ are an attack on somebody.
    for (const struct p2_field *other = field;
         (other = p2_fields_find(fields, other, length, sizeof length - 1)) != NULL;) {
        if (!p2_is_same_text(&other->value, field->value.bytes, field->value.length)) {
            return P2_HTTP_PROTOCOL_ERROR;
        }
    }
    reader->state = reader->remaining == 0 ? HTTP_HAS_READ : HTTP_READS_LENGTH;
    return P2_HTTP_OK;
}

// The empty line behind a head.
static int end_head(struct p2_state *state, struct http_reader *reader) {
    enum { SWITCHING = 101, FINAL = 200 };
    if (reader->status == SWITCHING) return P2_HTTP_PROTOCOL_ERROR;
    if (reader->status < FINAL) {
        // One that only tells how it is going; another one follows.
        p2_fields_free(state, &reader->fields);
        reader->has_status_line = false;
        return P2_HTTP_OK;
    }
    int error = frame(reader);
    reader->has_head = error == P2_HTTP_OK;
    return error;
}

int http_reader_head(struct p2_state *state, struct http_reader *reader) {
    int error = P2_HTTP_OK;
    while (!reader->has_head && error == P2_HTTP_OK) {
        size_t length;
        const char *line = next_line(reader, &length, &error);
        if (line == NULL) return error;
        if (!reader->has_status_line) error = read_status_line(reader, line, length);
        else if (length > 0) error = add_field(state, &reader->fields, line, length);
        else error = end_head(state, reader);
    }
    return error;
}

// A line between the chunks.
static int read_chunk_line(struct p2_state *state, struct http_reader *reader, const char *line,
                           size_t length) {
    if (reader->state == HTTP_READS_CHUNK_END) {
        reader->state = HTTP_READS_CHUNK_SIZE;
        return length == 0 ? P2_HTTP_OK : P2_HTTP_PROTOCOL_ERROR;
    }
    if (reader->state == HTTP_READS_TRAILERS) {
        if (length > 0) return add_field(state, &reader->trailers, line, length);
        reader->state = HTTP_HAS_READ;
        return P2_HTTP_OK;
    }
    const char *extension = memchr(line, ';', length);
    if (extension != NULL) length = (size_t)(extension - line);
    while (length > 0 && is_space(line[length - 1])) length--;
    if (!read_number(line, length, 16, &reader->remaining)) return P2_HTTP_PROTOCOL_ERROR;
    reader->state = reader->remaining == 0 ? HTTP_READS_TRAILERS : HTTP_READS_CHUNK;
    return P2_HTTP_OK;
}

static size_t take(struct http_reader *reader, void *buffer, size_t length) {
    size_t available = reader->end - reader->begin;
    size_t part = available < length ? available : length;
    if (reader->state != HTTP_READS_TO_END && part > reader->remaining) {
        part = (size_t)reader->remaining;
    }
    if (part > 0) memcpy(buffer, reader->bytes + reader->begin, part);
    reader->begin += part;
    if (reader->state == HTTP_READS_TO_END) return part;
    reader->remaining -= part;
    if (reader->remaining > 0) return part;
    reader->state = reader->state == HTTP_READS_LENGTH ? HTTP_HAS_READ : HTTP_READS_CHUNK_END;
    return part;
}

bool http_reader_has_body(const struct http_reader *reader) {
    size_t available = reader->end - reader->begin;
    bool is_line = reader->state >= HTTP_READS_CHUNK_SIZE && reader->state != HTTP_READS_CHUNK;
    if (reader->state == HTTP_HAS_READ || reader->is_at_end) return true;
    if (!is_line) return available > 0;
    return available > HTTP_LINE_LIMIT ||
           (available > 0 && memchr(reader->bytes + reader->begin, '\n', available) != NULL);
}

int64_t http_reader_body(struct p2_state *state, struct http_reader *reader, void *buffer,
                         size_t length) {
    while (true) {
        switch (reader->state) {
        case HTTP_HAS_READ: return P2_STREAM_ENDED;
        case HTTP_READS_LENGTH:
        case HTTP_READS_TO_END:
        case HTTP_READS_CHUNK: {
            size_t part = take(reader, buffer, length);
            if (part > 0) return (int64_t)part;
            if (!reader->is_at_end) return 0;
            return reader->state == HTTP_READS_TO_END ? P2_STREAM_ENDED
                                                      : -(P2_HTTP_INCOMPLETE + 1);
        }
        case HTTP_READS_CHUNK_SIZE:
        case HTTP_READS_CHUNK_END:
        case HTTP_READS_TRAILERS: {
            size_t line_length;
            int error;
            const char *line = next_line(reader, &line_length, &error);
            if (line == NULL && error == P2_HTTP_OK) return 0;
            if (line != NULL) error = read_chunk_line(state, reader, line, line_length);
            if (error != P2_HTTP_OK) return -(error + 1);
            break;
        }
        default: return -(P2_HTTP_PROTOCOL_ERROR + 1);
        }
    }
}

// Reading a message of HTTP/1.1 from a connection (RFC 9112). Nothing that it says is trusted: sizes
// have limits, and what is not of the right form ends it.
#ifndef SMELT_WASI_P2_HTTP_READER_H
#define SMELT_WASI_P2_HTTP_READER_H

#include "http.h"

enum { HTTP_READER_SIZE = 32768, HTTP_LINE_LIMIT = 8192, HTTP_FIELD_COUNT = 512 };

enum http_reader_state {
    HTTP_READS_HEAD,
    HTTP_READS_LENGTH,       // a body of `remaining` more bytes
    HTTP_READS_TO_END,       // a body up to the end of the connection
    HTTP_READS_CHUNK_SIZE,
    HTTP_READS_CHUNK,        // of which `remaining` bytes are left
    HTTP_READS_CHUNK_END,
    HTTP_READS_TRAILERS,
    HTTP_HAS_READ,
};

struct http_reader {
    uint8_t state;
    bool is_at_end;      // the connection has no more
    bool has_no_body;    // whatever the head says: the response to HEAD
    bool has_head, has_status_line;
    uint16_t status;
    uint64_t remaining;
    struct p2_fields fields, trailers;
    size_t begin, end;
    char bytes[HTTP_READER_SIZE];
};

// Room for more bytes.
static inline size_t http_reader_room(const struct http_reader *reader) {
    return sizeof reader->bytes - (reader->end - reader->begin);
}

// Adds bytes that have come, no more than there is room for.
void http_reader_add(struct http_reader *reader, const void *bytes, size_t length);

// Reads the head as far as it is there; an error, or P2_HTTP_OK.
int http_reader_head(struct p2_state *state, struct http_reader *reader);

// Reads some of the body: how many bytes, 0 for none yet, P2_STREAM_ENDED, or minus an error and 1.
int64_t http_reader_body(struct p2_state *state, struct http_reader *reader, void *buffer,
                         size_t length);

// Whether there is something that reading the body would get on with.
bool http_reader_has_body(const struct http_reader *reader);

void http_reader_free(struct p2_state *state, struct http_reader *reader);

#endif

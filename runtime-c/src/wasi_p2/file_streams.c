// wasi:filesystem/types: streams of files. Each has a position of its own.
#include <errno.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "arena.h"
#include "core/system_calls.h"
#include "files.h"
#include "host/host_calls.h"
#include "smelt/component_functions.h"
#include "streams.h"

static int64_t read_file(struct p2_state *state, struct p2_resource *stream, void *buffer,
                         size_t length) {
    SMELT_CALLS(pread64);
    struct p2_input *input = &stream->u.input;
    if (input->position > INT64_MAX) return -EINVAL;
    int64_t count;
    if (input->node != NULL) {
        const struct iovec vector = {buffer, length};
        uint64_t position = input->position;
        count = p2_embedded(state->host)->read(state->host, input->node, &position, &vector, 1);
    } else {
        count = pread(input->fd, buffer, length, (off_t)input->position);
        // What has no positions, such as a terminal, is read as it comes.
        if (count < 0 && errno == ESPIPE) return p2_input_fd.read(state, stream, buffer, length);
        if (count < 0) return -errno;
    }
    input->position += (uint64_t)count;
    return count == 0 ? P2_STREAM_ENDED : count;
}

static const struct p2_input_source input_file = {.read = read_file};

// Appends where the kernel has no call for it: not in one step.
static ssize_t append_old(int fd, const void *bytes, size_t length) {
    SMELT_CALLS(fstat);
    struct stat status;
    if (host_fstat(fd, &status) != 0) return -1;
    return pwrite(fd, bytes, length, status.st_size);
}

static ssize_t append(int fd, const void *bytes, size_t length) {
    SMELT_CALLS(pwritev2);
    enum { APPENDS = 0x10 };  // linux/fs.h: RWF_APPEND
    const struct iovec vector = {(void *)(uintptr_t)bytes, length};
    ssize_t result = syscall(SYS_pwritev2, fd, &vector, 1, (long)-1, 0L, APPENDS);
    if (result >= 0 || (errno != ENOSYS && errno != EOPNOTSUPP)) return result;
    return append_old(fd, bytes, length);
}

static int64_t write_file(struct p2_state *state, struct p2_resource *stream, const void *buffer,
                          size_t length) {
    SMELT_CALLS(pwrite64);
    struct p2_output *output = &stream->u.output;
    const char *bytes = buffer;
    while (length > 0) {
        if (output->position > INT64_MAX) return -EFBIG;
        uint64_t mask = host_hold_signals();
        ssize_t count = output->appends
                            ? append(output->fd, bytes, length)
                            : pwrite(output->fd, bytes, length, (off_t)output->position);
        host_release_signals(mask, count);
        if (count < 0 && errno == ESPIPE) return p2_output_fd.write(state, stream, bytes, length);
        if (count < 0) return -errno;
        output->position += (uint64_t)count;
        bytes += count;
        length -= (size_t)count;
    }
    return 0;
}

static const struct p2_output_source output_file = {.write = write_file};

// result<own<stream>, error-code>
static uint8_t *own_result(const struct smelt_context *context, int error, uint32_t *offset) {
    uint8_t *area = arena_result(context, 8, 4, offset);
    area[0] = error != 0;
    if (error != 0) area[4] = p2_file_error(error);
    return area;
}

static int check(const struct p2_descriptor *file, uint8_t flag) {
    return file->is_directory || (file->flags & flag) == 0 ? EBADF : 0;
}

uint32_t smelt_p2_filesystem_types_descriptor_read_via_stream(struct smelt_context *context,
                                                              uint32_t self, uint64_t position) {
    const struct p2_descriptor *file = p2_descriptor_of(context, self);
    uint32_t offset;
    int error = check(file, P2_FLAG_READ);
    uint8_t *area = own_result(context, error, &offset);
    if (error != 0) return offset;
    struct p2_resource *stream;
    guest_store_u32(area + 4, p2_new_input(p2_state_of(context), &input_file, self, &stream));
    stream->u.input.fd = file->fd;
    stream->u.input.node = file->node;
    stream->u.input.position = position;
    return offset;
}

static uint32_t output_of(struct smelt_context *context, uint32_t self, bool appends,
                          uint64_t position) {
    const struct p2_descriptor *file = p2_descriptor_of(context, self);
    uint32_t offset;
    int error = check(file, P2_FLAG_WRITE);
    uint8_t *area = own_result(context, error, &offset);
    if (error != 0) return offset;
    struct p2_resource *stream;
    guest_store_u32(area + 4, p2_new_output(p2_state_of(context), &output_file, self, &stream));
    stream->u.output.fd = file->fd;
    stream->u.output.appends = appends;
    stream->u.output.position = position;
    return offset;
}

uint32_t smelt_p2_filesystem_types_descriptor_write_via_stream(struct smelt_context *context,
                                                               uint32_t self, uint64_t position) {
    return output_of(context, self, false, position);
}

uint32_t smelt_p2_filesystem_types_descriptor_append_via_stream(struct smelt_context *context,
                                                                uint32_t self) {
    return output_of(context, self, true, 0);
}

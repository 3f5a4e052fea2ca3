// Encodes and decodes numbers with the codec of another component, and prints what comes of them.
//
//     driver CONFIGURATION    the codec's configuration in JSON
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODULE "numcodecs:abc/codec@0.1.1"
#define IMPORT(name) __attribute__((import_module(MODULE), import_name(name)))

struct text { const char *bytes; uint32_t length; };
struct error { struct text message; struct text *chain; uint32_t count; };
// any-array: a variant of lists of ten types, all of one layout, and a shape.
struct array { uint8_t type; const void *data; uint32_t count; const uint32_t *shape; uint32_t dimensions; };
struct array_result { uint8_t is_error; union { struct array array; struct error error; }; };
struct handle_result { uint8_t is_error; union { uint32_t handle; struct error error; }; };
struct text_result { uint8_t is_error; union { struct text text; struct error error; }; };

IMPORT("codec-id") void codec_id(struct text *result);
IMPORT("[static]codec.from-config") void from_config(const char *json, uint32_t length, struct handle_result *result);
IMPORT("[method]codec.get-config") void get_config(uint32_t self, struct text_result *result);
#define ARRAY uint32_t type, const void *data, uint32_t count, const uint32_t *shape, uint32_t dimensions
IMPORT("[method]codec.encode") void encode(uint32_t self, ARRAY, struct array_result *result);
IMPORT("[method]codec.decode") void decode(uint32_t self, ARRAY, struct array_result *result);
IMPORT("[resource-drop]codec") void drop(uint32_t self);

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t size, size_t alignment,
                                                                size_t wanted) {
    (void)size;
    return wanted == 0 ? (void *)alignment : realloc(old, wanted);
}

// Who calls it keeps the linker from wrapping every exported function, cabi_realloc too, in constructors and
// destructors. Then nobody calls the latter: output has to be flushed.
void __wasm_call_ctors(void);

enum { COUNT = 4096 };
static const uint32_t sizes[] = {1, 2, 4, 8, 1, 2, 4, 8, 4, 8};

static void fail(const char *what, const struct error *error) {
    printf("%s: %.*s\n", what, (int)error->message.length, error->message.bytes);
    fflush(stdout);
    exit(1);
}

static void describe(const char *what, const struct array *array) {
    uint32_t bytes = array->count * sizes[array->type], sum = 2166136261u;
    for (uint32_t index = 0; index < bytes; index++) {
        sum = (sum ^ ((const uint8_t *)array->data)[index]) * 16777619u;
    }
    printf("%s: type %u, %u elements, sum %08x, shape", what, array->type, array->count, sum);
    for (uint32_t index = 0; index < array->dimensions; index++) printf(" %u", array->shape[index]);
    printf("\n");
}

int main(int argc, char **argv) {
    __wasm_call_ctors();
    struct text name;
    codec_id(&name);
    printf("codec %.*s\n", (int)name.length, name.bytes);
    const char *json = argc > 1 ? argv[1] : "{}";
    struct handle_result codec;
    from_config(json, (uint32_t)strlen(json), &codec);
    if (codec.is_error) fail("configuration", &codec.error);
    struct text_result config;
    get_config(codec.handle, &config);
    if (config.is_error) fail("get-config", &config.error);
    printf("%.*s\n", (int)config.text.length, config.text.bytes);

    static double numbers[COUNT];
    static uint8_t bytes[COUNT];
    for (int index = 0; index < COUNT; index++) {
        numbers[index] = index * 0.25;
        bytes[index] = (uint8_t)(index * index >> 7);
    }
    const uint32_t shape[] = {COUNT};
    const struct array inputs[] = {{0, bytes, COUNT, shape, 1}, {9, numbers, COUNT, shape, 1}};
    for (int index = 0; index < 2; index++) {
        const struct array *in = &inputs[index];
        struct array_result encoded, decoded;
        encode(codec.handle, in->type, in->data, in->count, in->shape, in->dimensions, &encoded);
        if (encoded.is_error) {
            printf("encode: %.*s\n", (int)encoded.error.message.length, encoded.error.message.bytes);
            continue;
        }
        describe("encoded", &encoded.array);
        const struct array *out = &encoded.array;
        decode(codec.handle, out->type, out->data, out->count, out->shape, out->dimensions, &decoded);
        if (decoded.is_error) fail("decode", &decoded.error);
        describe("decoded", &decoded.array);
    }
    drop(codec.handle);
    return fflush(stdout);
}

// The host functions of WASI 0.2, all versions from 0.2.0 to 0.2.12 as one: one row per function, from
// which come the C prototypes that the runtime implements, and what the compiler checks imports of
// components against. Every row is implemented. A test compares the rows with WASI's own files.
//
// A row is X(symbol, result, number of parameters, (parameters), interface, function, type): the C
// function is smelt_p2_SYMBOL, its parameters and its result are those of the canonical ABI's flat
// form (i is 32 bits wide, I 64), the interface has no version, the function is called as in the text
// format of WIT, and component_types.h says how types are written. That a resource of the host's
// has no handles any more is told by `[resource-drop]NAME`.
//
// How they are called. The host is one more instance of a component. Its memory is the *arena*, which
// `context->memory` is during a call; strings, lists and result areas are offsets in it, texts are UTF-8,
// and resources are numbers that the host has made up (their representation), owned or borrowed,
// wherever they are. Who calls has checked the arguments as the canonical ABI has it, copies results
// out of the arena and then resets it (wasi_p2/arena.h). More than one flat result is in a result
// area, whose offset the function returns.
#ifndef SMELT_COMPONENT_FUNCTIONS_H
#define SMELT_COMPONENT_FUNCTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "abi.h"
#include "component_network.h"
#include "component_types.h"

#define SMELT_COMPONENT_IO(X)                                                                     \
    X(io_error_error_to_debug_string, i, 1, (i),                                                  \
      "wasi:io/error", "[method]error.to-debug-string",                                           \
      "(self:borrow<wasi:io/error.error>)->string")                                               \
    X(io_error_drop_error, none, 1, (i),                                                          \
      "wasi:io/error", "[resource-drop]error", "")                                                \
    X(io_poll_pollable_ready, i, 1, (i),                                                          \
      "wasi:io/poll", "[method]pollable.ready", "(self:borrow<wasi:io/poll.pollable>)->bool")     \
    X(io_poll_pollable_block, none, 1, (i),                                                       \
      "wasi:io/poll", "[method]pollable.block", "(self:borrow<wasi:io/poll.pollable>)")           \
    X(io_poll_poll, i, 2, (i, i),                                                                 \
      "wasi:io/poll", "poll", "(in:list<borrow<wasi:io/poll.pollable>>)->list<u32>")              \
    X(io_poll_drop_pollable, none, 1, (i),                                                        \
      "wasi:io/poll", "[resource-drop]pollable", "")                                              \
    X(io_streams_input_stream_read, i, 2, (i, I),                                                 \
      "wasi:io/streams", "[method]input-stream.read",                                             \
      "(self:borrow<wasi:io/streams.input-stream>,len:u64)->result<list<u8>,"                     \
      SMELT_TYPE_STREAM_ERROR ">")                                                                \
    X(io_streams_input_stream_blocking_read, i, 2, (i, I),                                        \
      "wasi:io/streams", "[method]input-stream.blocking-read",                                    \
      "(self:borrow<wasi:io/streams.input-stream>,len:u64)->result<list<u8>,"                     \
      SMELT_TYPE_STREAM_ERROR ">")                                                                \
    X(io_streams_input_stream_skip, i, 2, (i, I),                                                 \
      "wasi:io/streams", "[method]input-stream.skip",                                             \
      "(self:borrow<wasi:io/streams.input-stream>,len:u64)->result<u64," SMELT_TYPE_STREAM_ERROR  \
      ">")                                                                                        \
    X(io_streams_input_stream_blocking_skip, i, 2, (i, I),                                        \
      "wasi:io/streams", "[method]input-stream.blocking-skip",                                    \
      "(self:borrow<wasi:io/streams.input-stream>,len:u64)->result<u64," SMELT_TYPE_STREAM_ERROR  \
      ">")                                                                                        \
    X(io_streams_input_stream_subscribe, i, 1, (i),                                               \
      "wasi:io/streams", "[method]input-stream.subscribe",                                        \
      "(self:borrow<wasi:io/streams.input-stream>)->own<wasi:io/poll.pollable>")                  \
    X(io_streams_output_stream_check_write, i, 1, (i),                                            \
      "wasi:io/streams", "[method]output-stream.check-write",                                     \
      "(self:borrow<wasi:io/streams.output-stream>)->result<u64," SMELT_TYPE_STREAM_ERROR ">")    \
    X(io_streams_output_stream_write, i, 3, (i, i, i),                                            \
      "wasi:io/streams", "[method]output-stream.write",                                           \
      "(self:borrow<wasi:io/streams.output-stream>,contents:list<u8>)->result<_,"                 \
      SMELT_TYPE_STREAM_ERROR ">")                                                                \
    X(io_streams_output_stream_blocking_write_and_flush, i, 3, (i, i, i),                         \
      "wasi:io/streams", "[method]output-stream.blocking-write-and-flush",                        \
      "(self:borrow<wasi:io/streams.output-stream>,contents:list<u8>)->result<_,"                 \
      SMELT_TYPE_STREAM_ERROR ">")                                                                \
    X(io_streams_output_stream_flush, i, 1, (i),                                                  \
      "wasi:io/streams", "[method]output-stream.flush",                                           \
      "(self:borrow<wasi:io/streams.output-stream>)->result<_," SMELT_TYPE_STREAM_ERROR ">")      \
    X(io_streams_output_stream_blocking_flush, i, 1, (i),                                         \
      "wasi:io/streams", "[method]output-stream.blocking-flush",                                  \
      "(self:borrow<wasi:io/streams.output-stream>)->result<_," SMELT_TYPE_STREAM_ERROR ">")      \
    X(io_streams_output_stream_subscribe, i, 1, (i),                                              \
      "wasi:io/streams", "[method]output-stream.subscribe",                                       \
      "(self:borrow<wasi:io/streams.output-stream>)->own<wasi:io/poll.pollable>")                 \
    X(io_streams_output_stream_write_zeroes, i, 2, (i, I),                                        \
      "wasi:io/streams", "[method]output-stream.write-zeroes",                                    \
      "(self:borrow<wasi:io/streams.output-stream>,len:u64)->result<_," SMELT_TYPE_STREAM_ERROR   \
      ">")                                                                                        \
    X(io_streams_output_stream_blocking_write_zeroes_and_flush, i, 2, (i, I),                     \
      "wasi:io/streams", "[method]output-stream.blocking-write-zeroes-and-flush",                 \
      "(self:borrow<wasi:io/streams.output-stream>,len:u64)->result<_," SMELT_TYPE_STREAM_ERROR   \
      ">")                                                                                        \
    X(io_streams_output_stream_splice, i, 3, (i, i, I),                                           \
      "wasi:io/streams", "[method]output-stream.splice",                                          \
      "(self:borrow<wasi:io/streams.output-stream>,"                                              \
      "src:borrow<wasi:io/streams.input-stream>,len:u64)->result<u64," SMELT_TYPE_STREAM_ERROR    \
      ">")                                                                                        \
    X(io_streams_output_stream_blocking_splice, i, 3, (i, i, I),                                  \
      "wasi:io/streams", "[method]output-stream.blocking-splice",                                 \
      "(self:borrow<wasi:io/streams.output-stream>,"                                              \
      "src:borrow<wasi:io/streams.input-stream>,len:u64)->result<u64," SMELT_TYPE_STREAM_ERROR    \
      ">")                                                                                        \
    X(io_streams_drop_input_stream, none, 1, (i),                                                 \
      "wasi:io/streams", "[resource-drop]input-stream", "")                                       \
    X(io_streams_drop_output_stream, none, 1, (i),                                                \
      "wasi:io/streams", "[resource-drop]output-stream", "")

#define SMELT_COMPONENT_CLI(X)                                                                    \
    X(cli_environment_get_environment, i, 0, (),                                                  \
      "wasi:cli/environment", "get-environment", "()->list<tuple<string,string>>")                \
    X(cli_environment_get_arguments, i, 0, (),                                                    \
      "wasi:cli/environment", "get-arguments", "()->list<string>")                                \
    X(cli_environment_initial_cwd, i, 0, (),                                                      \
      "wasi:cli/environment", "initial-cwd", "()->option<string>")                                \
    X(cli_exit_exit, none, 1, (i),                                                                \
      "wasi:cli/exit", "exit", "(status:result<_,_>)")                                            \
    X(cli_exit_exit_with_code, none, 1, (i),                                                      \
      "wasi:cli/exit", "exit-with-code", "(status-code:u8)")                                      \
    X(cli_stdin_get_stdin, i, 0, (),                                                              \
      "wasi:cli/stdin", "get-stdin", "()->own<wasi:io/streams.input-stream>")                     \
    X(cli_stdout_get_stdout, i, 0, (),                                                            \
      "wasi:cli/stdout", "get-stdout", "()->own<wasi:io/streams.output-stream>")                  \
    X(cli_stderr_get_stderr, i, 0, (),                                                            \
      "wasi:cli/stderr", "get-stderr", "()->own<wasi:io/streams.output-stream>")                  \
    X(cli_terminal_input_drop_terminal_input, none, 1, (i),                                       \
      "wasi:cli/terminal-input", "[resource-drop]terminal-input", "")                             \
    X(cli_terminal_output_drop_terminal_output, none, 1, (i),                                     \
      "wasi:cli/terminal-output", "[resource-drop]terminal-output", "")                           \
    X(cli_terminal_stdin_get_terminal_stdin, i, 0, (),                                            \
      "wasi:cli/terminal-stdin", "get-terminal-stdin",                                            \
      "()->option<own<wasi:cli/terminal-input.terminal-input>>")                                  \
    X(cli_terminal_stdout_get_terminal_stdout, i, 0, (),                                          \
      "wasi:cli/terminal-stdout", "get-terminal-stdout",                                          \
      "()->option<own<wasi:cli/terminal-output.terminal-output>>")                                \
    X(cli_terminal_stderr_get_terminal_stderr, i, 0, (),                                          \
      "wasi:cli/terminal-stderr", "get-terminal-stderr",                                          \
      "()->option<own<wasi:cli/terminal-output.terminal-output>>")

#define SMELT_COMPONENT_CLOCKS(X)                                                                 \
    X(clocks_monotonic_clock_now, I, 0, (),                                                       \
      "wasi:clocks/monotonic-clock", "now", "()->u64")                                            \
    X(clocks_monotonic_clock_resolution, I, 0, (),                                                \
      "wasi:clocks/monotonic-clock", "resolution", "()->u64")                                     \
    X(clocks_monotonic_clock_subscribe_instant, i, 1, (I),                                        \
      "wasi:clocks/monotonic-clock", "subscribe-instant",                                         \
      "(when:u64)->own<wasi:io/poll.pollable>")                                                   \
    X(clocks_monotonic_clock_subscribe_duration, i, 1, (I),                                       \
      "wasi:clocks/monotonic-clock", "subscribe-duration",                                        \
      "(when:u64)->own<wasi:io/poll.pollable>")                                                   \
    X(clocks_wall_clock_now, i, 0, (),                                                            \
      "wasi:clocks/wall-clock", "now", "()->" SMELT_TYPE_DATETIME)                                \
    X(clocks_wall_clock_resolution, i, 0, (),                                                     \
      "wasi:clocks/wall-clock", "resolution", "()->" SMELT_TYPE_DATETIME)                         \
    X(clocks_timezone_display, i, 2, (I, i),                                                      \
      "wasi:clocks/timezone", "display", "(when:" SMELT_TYPE_DATETIME ")->"                       \
      SMELT_TYPE_TIMEZONE_DISPLAY)                                                                \
    X(clocks_timezone_utc_offset, i, 2, (I, i),                                                   \
      "wasi:clocks/timezone", "utc-offset", "(when:" SMELT_TYPE_DATETIME ")->s32")

#define SMELT_COMPONENT_RANDOM(X)                                                                 \
    X(random_insecure_seed_insecure_seed, i, 0, (),                                               \
      "wasi:random/insecure-seed", "insecure-seed", "()->tuple<u64,u64>")                         \
    X(random_insecure_get_insecure_random_bytes, i, 1, (I),                                       \
      "wasi:random/insecure", "get-insecure-random-bytes", "(len:u64)->list<u8>")                 \
    X(random_insecure_get_insecure_random_u64, I, 0, (),                                          \
      "wasi:random/insecure", "get-insecure-random-u64", "()->u64")                               \
    X(random_random_get_random_bytes, i, 1, (I),                                                  \
      "wasi:random/random", "get-random-bytes", "(len:u64)->list<u8>")                            \
    X(random_random_get_random_u64, I, 0, (),                                                     \
      "wasi:random/random", "get-random-u64", "()->u64")

#define SMELT_COMPONENT_FILESYSTEM(X)                                                             \
    X(filesystem_types_descriptor_read_via_stream, i, 2, (i, I),                                  \
      "wasi:filesystem/types", "[method]descriptor.read-via-stream",                              \
      "(self:borrow<wasi:filesystem/types.descriptor>,"                                           \
      "offset:u64)->result<own<wasi:io/streams.input-stream>," SMELT_TYPE_FILE_ERROR ">")         \
    X(filesystem_types_descriptor_write_via_stream, i, 2, (i, I),                                 \
      "wasi:filesystem/types", "[method]descriptor.write-via-stream",                             \
      "(self:borrow<wasi:filesystem/types.descriptor>,"                                           \
      "offset:u64)->result<own<wasi:io/streams.output-stream>," SMELT_TYPE_FILE_ERROR ">")        \
    X(filesystem_types_descriptor_append_via_stream, i, 1, (i),                                   \
      "wasi:filesystem/types", "[method]descriptor.append-via-stream",                            \
      "(self:borrow<wasi:filesystem/types.descriptor>)->result<own<wasi:io/streams.output-stream>," \
      SMELT_TYPE_FILE_ERROR ">")                                                                  \
    X(filesystem_types_descriptor_advise, i, 4, (i, I, I, i),                                     \
      "wasi:filesystem/types", "[method]descriptor.advise",                                       \
      "(self:borrow<wasi:filesystem/types.descriptor>,offset:u64,length:u64,advice:"              \
      SMELT_TYPE_ADVICE ")->result<_," SMELT_TYPE_FILE_ERROR ">")                                 \
    X(filesystem_types_descriptor_sync_data, i, 1, (i),                                           \
      "wasi:filesystem/types", "[method]descriptor.sync-data",                                    \
      "(self:borrow<wasi:filesystem/types.descriptor>)->result<_," SMELT_TYPE_FILE_ERROR ">")     \
    X(filesystem_types_descriptor_get_flags, i, 1, (i),                                           \
      "wasi:filesystem/types", "[method]descriptor.get-flags",                                    \
      "(self:borrow<wasi:filesystem/types.descriptor>)->result<" SMELT_TYPE_DESCRIPTOR_FLAGS ","  \
      SMELT_TYPE_FILE_ERROR ">")                                                                  \
    X(filesystem_types_descriptor_get_type, i, 1, (i),                                            \
      "wasi:filesystem/types", "[method]descriptor.get-type",                                     \
      "(self:borrow<wasi:filesystem/types.descriptor>)->result<" SMELT_TYPE_DESCRIPTOR_TYPE ","   \
      SMELT_TYPE_FILE_ERROR ">")                                                                  \
    X(filesystem_types_descriptor_set_size, i, 2, (i, I),                                         \
      "wasi:filesystem/types", "[method]descriptor.set-size",                                     \
      "(self:borrow<wasi:filesystem/types.descriptor>,size:u64)->result<_,"                       \
      SMELT_TYPE_FILE_ERROR ">")                                                                  \
    X(filesystem_types_descriptor_set_times, i, 7, (i, i, I, i, i, I, i),                         \
      "wasi:filesystem/types", "[method]descriptor.set-times",                                    \
      "(self:borrow<wasi:filesystem/types.descriptor>,data-access-timestamp:"                     \
      SMELT_TYPE_NEW_TIMESTAMP ",data-modification-timestamp:" SMELT_TYPE_NEW_TIMESTAMP           \
      ")->result<_," SMELT_TYPE_FILE_ERROR ">")                                                   \
    X(filesystem_types_descriptor_read, i, 3, (i, I, I),                                          \
      "wasi:filesystem/types", "[method]descriptor.read",                                         \
      "(self:borrow<wasi:filesystem/types.descriptor>,length:u64,"                                \
      "offset:u64)->result<tuple<list<u8>,bool>," SMELT_TYPE_FILE_ERROR ">")                      \
    X(filesystem_types_descriptor_write, i, 4, (i, i, i, I),                                      \
      "wasi:filesystem/types", "[method]descriptor.write",                                        \
      "(self:borrow<wasi:filesystem/types.descriptor>,buffer:list<u8>,"                           \
      "offset:u64)->result<u64," SMELT_TYPE_FILE_ERROR ">")                                       \
    X(filesystem_types_descriptor_read_directory, i, 1, (i),                                      \
      "wasi:filesystem/types", "[method]descriptor.read-directory",                               \
      "(self:borrow<wasi:filesystem/types.descriptor>)->result<own<wasi:filesystem/types.directory-entry-stream>," \
      SMELT_TYPE_FILE_ERROR ">")                                                                  \
    X(filesystem_types_descriptor_sync, i, 1, (i),                                                \
      "wasi:filesystem/types", "[method]descriptor.sync",                                         \
      "(self:borrow<wasi:filesystem/types.descriptor>)->result<_," SMELT_TYPE_FILE_ERROR ">")     \
    X(filesystem_types_descriptor_create_directory_at, i, 3, (i, i, i),                           \
      "wasi:filesystem/types", "[method]descriptor.create-directory-at",                          \
      "(self:borrow<wasi:filesystem/types.descriptor>,path:string)->result<_,"                    \
      SMELT_TYPE_FILE_ERROR ">")                                                                  \
    X(filesystem_types_descriptor_stat, i, 1, (i),                                                \
      "wasi:filesystem/types", "[method]descriptor.stat",                                         \
      "(self:borrow<wasi:filesystem/types.descriptor>)->result<" SMELT_TYPE_DESCRIPTOR_STAT ","   \
      SMELT_TYPE_FILE_ERROR ">")                                                                  \
    X(filesystem_types_descriptor_stat_at, i, 4, (i, i, i, i),                                    \
      "wasi:filesystem/types", "[method]descriptor.stat-at",                                      \
      "(self:borrow<wasi:filesystem/types.descriptor>,path-flags:" SMELT_TYPE_PATH_FLAGS          \
      ",path:string)->result<" SMELT_TYPE_DESCRIPTOR_STAT "," SMELT_TYPE_FILE_ERROR ">")          \
    X(filesystem_types_descriptor_set_times_at, i, 10, (i, i, i, i, i, I, i, i, I, i),            \
      "wasi:filesystem/types", "[method]descriptor.set-times-at",                                 \
      "(self:borrow<wasi:filesystem/types.descriptor>,path-flags:" SMELT_TYPE_PATH_FLAGS          \
      ",path:string,data-access-timestamp:" SMELT_TYPE_NEW_TIMESTAMP                              \
      ",data-modification-timestamp:" SMELT_TYPE_NEW_TIMESTAMP ")->result<_,"                     \
      SMELT_TYPE_FILE_ERROR ">")                                                                  \
    X(filesystem_types_descriptor_link_at, i, 7, (i, i, i, i, i, i, i),                           \
      "wasi:filesystem/types", "[method]descriptor.link-at",                                      \
      "(self:borrow<wasi:filesystem/types.descriptor>,old-path-flags:" SMELT_TYPE_PATH_FLAGS      \
      ",old-path:string,new-descriptor:borrow<wasi:filesystem/types.descriptor>,"                 \
      "new-path:string)->result<_," SMELT_TYPE_FILE_ERROR ">")                                    \
    X(filesystem_types_descriptor_open_at, i, 6, (i, i, i, i, i, i),                              \
      "wasi:filesystem/types", "[method]descriptor.open-at",                                      \
      "(self:borrow<wasi:filesystem/types.descriptor>,path-flags:" SMELT_TYPE_PATH_FLAGS          \
      ",path:string,open-flags:" SMELT_TYPE_OPEN_FLAGS ",flags:" SMELT_TYPE_DESCRIPTOR_FLAGS      \
      ")->result<own<wasi:filesystem/types.descriptor>," SMELT_TYPE_FILE_ERROR ">")               \
    X(filesystem_types_descriptor_readlink_at, i, 3, (i, i, i),                                   \
      "wasi:filesystem/types", "[method]descriptor.readlink-at",                                  \
      "(self:borrow<wasi:filesystem/types.descriptor>,path:string)->result<string,"               \
      SMELT_TYPE_FILE_ERROR ">")                                                                  \
    X(filesystem_types_descriptor_remove_directory_at, i, 3, (i, i, i),                           \
      "wasi:filesystem/types", "[method]descriptor.remove-directory-at",                          \
      "(self:borrow<wasi:filesystem/types.descriptor>,path:string)->result<_,"                    \
      SMELT_TYPE_FILE_ERROR ">")                                                                  \
    X(filesystem_types_descriptor_rename_at, i, 6, (i, i, i, i, i, i),                            \
      "wasi:filesystem/types", "[method]descriptor.rename-at",                                    \
      "(self:borrow<wasi:filesystem/types.descriptor>,old-path:string,"                           \
      "new-descriptor:borrow<wasi:filesystem/types.descriptor>," "new-path:string)->result<_,"    \
      SMELT_TYPE_FILE_ERROR ">")                                                                  \
    X(filesystem_types_descriptor_symlink_at, i, 5, (i, i, i, i, i),                              \
      "wasi:filesystem/types", "[method]descriptor.symlink-at",                                   \
      "(self:borrow<wasi:filesystem/types.descriptor>,old-path:string,"                           \
      "new-path:string)->result<_," SMELT_TYPE_FILE_ERROR ">")                                    \
    X(filesystem_types_descriptor_unlink_file_at, i, 3, (i, i, i),                                \
      "wasi:filesystem/types", "[method]descriptor.unlink-file-at",                               \
      "(self:borrow<wasi:filesystem/types.descriptor>,path:string)->result<_,"                    \
      SMELT_TYPE_FILE_ERROR ">")                                                                  \
    X(filesystem_types_descriptor_is_same_object, i, 2, (i, i),                                   \
      "wasi:filesystem/types", "[method]descriptor.is-same-object",                               \
      "(self:borrow<wasi:filesystem/types.descriptor>,"                                           \
      "other:borrow<wasi:filesystem/types.descriptor>)->bool")                                    \
    X(filesystem_types_descriptor_metadata_hash, i, 1, (i),                                       \
      "wasi:filesystem/types", "[method]descriptor.metadata-hash",                                \
      "(self:borrow<wasi:filesystem/types.descriptor>)->result<" SMELT_TYPE_METADATA_HASH ","     \
      SMELT_TYPE_FILE_ERROR ">")                                                                  \
    X(filesystem_types_descriptor_metadata_hash_at, i, 4, (i, i, i, i),                           \
      "wasi:filesystem/types", "[method]descriptor.metadata-hash-at",                             \
      "(self:borrow<wasi:filesystem/types.descriptor>,path-flags:" SMELT_TYPE_PATH_FLAGS          \
      ",path:string)->result<" SMELT_TYPE_METADATA_HASH "," SMELT_TYPE_FILE_ERROR ">")            \
    X(filesystem_types_directory_entry_stream_read_directory_entry, i, 1, (i),                    \
      "wasi:filesystem/types", "[method]directory-entry-stream.read-directory-entry",             \
      "(self:borrow<wasi:filesystem/types.directory-entry-stream>)->result<option<"               \
      SMELT_TYPE_DIRECTORY_ENTRY ">," SMELT_TYPE_FILE_ERROR ">")                                  \
    X(filesystem_types_filesystem_error_code, i, 1, (i),                                          \
      "wasi:filesystem/types", "filesystem-error-code",                                           \
      "(err:borrow<wasi:io/error.error>)->option<" SMELT_TYPE_FILE_ERROR ">")                     \
    X(filesystem_types_drop_descriptor, none, 1, (i),                                             \
      "wasi:filesystem/types", "[resource-drop]descriptor", "")                                   \
    X(filesystem_types_drop_directory_entry_stream, none, 1, (i),                                 \
      "wasi:filesystem/types", "[resource-drop]directory-entry-stream", "")                       \
    X(filesystem_preopens_get_directories, i, 0, (),                                              \
      "wasi:filesystem/preopens", "get-directories",                                              \
      "()->list<tuple<own<wasi:filesystem/types.descriptor>,string>>")

#define SMELT_COMPONENT_FUNCTIONS(X) \
    SMELT_COMPONENT_IO(X)            \
    SMELT_COMPONENT_CLI(X)           \
    SMELT_COMPONENT_CLOCKS(X)        \
    SMELT_COMPONENT_RANDOM(X)        \
    SMELT_COMPONENT_FILESYSTEM(X)    \
    SMELT_COMPONENT_SOCKETS(X)       \
    SMELT_COMPONENT_HTTP(X)

#define SMELT_FLAT_TYPE_i uint32_t
#define SMELT_FLAT_TYPE_I uint64_t
#define SMELT_FLAT_TYPE_none void
#define SMELT_FLAT_LETTER_i "i"
#define SMELT_FLAT_LETTER_I "I"
#define SMELT_FLAT_LETTER_none ""

// Apply M to every parameter letter, up to 14.
#define SMELT_FLAT_0(M, ...)
#define SMELT_FLAT_1(M, a) M(a)
#define SMELT_FLAT_2(M, a, ...) M(a) SMELT_FLAT_1(M, __VA_ARGS__)
#define SMELT_FLAT_3(M, a, ...) M(a) SMELT_FLAT_2(M, __VA_ARGS__)
#define SMELT_FLAT_4(M, a, ...) M(a) SMELT_FLAT_3(M, __VA_ARGS__)
#define SMELT_FLAT_5(M, a, ...) M(a) SMELT_FLAT_4(M, __VA_ARGS__)
#define SMELT_FLAT_6(M, a, ...) M(a) SMELT_FLAT_5(M, __VA_ARGS__)
#define SMELT_FLAT_7(M, a, ...) M(a) SMELT_FLAT_6(M, __VA_ARGS__)
#define SMELT_FLAT_8(M, a, ...) M(a) SMELT_FLAT_7(M, __VA_ARGS__)
#define SMELT_FLAT_9(M, a, ...) M(a) SMELT_FLAT_8(M, __VA_ARGS__)
#define SMELT_FLAT_10(M, a, ...) M(a) SMELT_FLAT_9(M, __VA_ARGS__)
#define SMELT_FLAT_11(M, a, ...) M(a) SMELT_FLAT_10(M, __VA_ARGS__)
#define SMELT_FLAT_12(M, a, ...) M(a) SMELT_FLAT_11(M, __VA_ARGS__)
#define SMELT_FLAT_13(M, a, ...) M(a) SMELT_FLAT_12(M, __VA_ARGS__)
#define SMELT_FLAT_14(M, a, ...) M(a) SMELT_FLAT_13(M, __VA_ARGS__)
// Takes the parentheses off.
#define SMELT_FLAT_EACH(count, M, ...) SMELT_FLAT_CALL(SMELT_FLAT_##count, (M, __VA_ARGS__))
#define SMELT_FLAT_CALL(macro, arguments) macro arguments
#define SMELT_FLAT_LIST(...) __VA_ARGS__

#define SMELT_FLAT_COMMA_TYPE(letter) , SMELT_FLAT_TYPE_##letter
#define SMELT_FLAT_LETTER(letter) SMELT_FLAT_LETTER_##letter

// uint32_t smelt_p2_io_streams_input_stream_read(struct smelt_context *, uint32_t, uint64_t);
#define SMELT_PROTOTYPE(symbol, result, count, letters, interface, name, type) \
    SMELT_FLAT_TYPE_##result smelt_p2_##symbol(struct smelt_context *context   \
        SMELT_FLAT_EACH(count, SMELT_FLAT_COMMA_TYPE, SMELT_FLAT_LIST letters));
SMELT_COMPONENT_FUNCTIONS(SMELT_PROTOTYPE)
#undef SMELT_PROTOTYPE

// A function that the runtime offers to components.
struct smelt_component_function {
    const char *interface;  // without a version: wasi:io/streams
    const char *name;       // as in WIT: [method]output-stream.check-write
    const char *symbol;     // the C function, whose first parameter is the smelt_context
    const char *signature;  // flat parameters, ':', results; i is i32, I is i64: "iI:i"
    const char *type;       // component_types.h says how it is written
};

// All of them, in no particular order; `count` receives their number.
static inline const struct smelt_component_function *smelt_component_functions(size_t *count) {
#define SMELT_ROW(symbol, result, number, letters, interface, name, type)                       \
    {interface, name, "smelt_p2_" #symbol,                                                     \
     "" SMELT_FLAT_EACH(number, SMELT_FLAT_LETTER, SMELT_FLAT_LIST letters) ":"                \
         SMELT_FLAT_LETTER_##result,                                                          \
     type},
    static const struct smelt_component_function functions[] = {
        SMELT_COMPONENT_FUNCTIONS(SMELT_ROW)};
#undef SMELT_ROW
    *count = sizeof functions / sizeof functions[0];
    return functions;
}

#endif

// Types of the functions of WASI 0.2, as texts that the compiler compares with what a component
// declares for an import. Equal types have equal texts, whatever version of WASI they are of.
//
// Everything is spelled out, without blanks, and names that only abbreviate a type are not used:
//
//     bool u8 s8 u16 s16 u32 s32 u64 s64 f32 f64 char string
//     list<T>  option<T>  tuple<T,T>  result<T,T>      with _ for a type that is absent: result<_,T>
//     record{name:T,name:T}  variant{name,name(T)}  enum{name,name}  flags{name,name}
//     own<I.R>  borrow<I.R>   the resource R of the interface I, which has no version: wasi:io/poll.pollable
//
// A function is (name:T,name:T)->T, or ends behind its parameters; the parameter of a method is
// self. That of a resource-drop is empty, since no component declares it.
#ifndef SMELT_COMPONENT_TYPES_H
#define SMELT_COMPONENT_TYPES_H

#define SMELT_TYPE_ADDRESS_FAMILY "enum{ipv4,ipv6}"

#define SMELT_TYPE_PATH_FLAGS "flags{symlink-follow}"

#define SMELT_TYPE_SHUTDOWN_TYPE "enum{receive,send,both}"

#define SMELT_TYPE_METADATA_HASH "record{lower:u64,upper:u64}"

#define SMELT_TYPE_SCHEME "variant{HTTP,HTTPS,other(string)}"

#define SMELT_TYPE_DATETIME "record{seconds:u64,nanoseconds:u32}"

#define SMELT_TYPE_OPEN_FLAGS "flags{create,directory,exclusive,truncate}"

#define SMELT_TYPE_HEADER_ERROR "variant{invalid-syntax,forbidden,immutable}"

#define SMELT_TYPE_FIELD_SIZE "record{field-name:option<string>,field-size:option<u32>}"

#define SMELT_TYPE_ADVICE "enum{normal,sequential,random,will-need,dont-need,no-reuse}"

#define SMELT_TYPE_STREAM_ERROR                                                                   \
    "variant{last-operation-failed(own<wasi:io/error.error>),closed}"

#define SMELT_TYPE_TIMEZONE_DISPLAY                                                               \
    "record{utc-offset:s32,name:string,in-daylight-saving-time:bool}"

#define SMELT_TYPE_NEW_TIMESTAMP "variant{no-change,now,timestamp(" SMELT_TYPE_DATETIME ")}"

#define SMELT_TYPE_METHOD                                                                         \
    "variant{get,head,post,put,delete,connect,options,trace,patch,other(string)}"

#define SMELT_TYPE_IP_ADDRESS                                                                     \
    "variant{ipv4(tuple<u8,u8,u8,u8>),ipv6(tuple<u16,u16,u16,u16,u16,u16,u16,u16>)}"

#define SMELT_TYPE_DESCRIPTOR_TYPE                                                                \
    "enum{unknown,block-device,character-device,directory,fifo,symbolic-link,"                    \
    "regular-file,socket}"

#define SMELT_TYPE_DESCRIPTOR_FLAGS                                                               \
    "flags{read,write,file-integrity-sync,data-integrity-sync,requested-write-sync,"              \
    "mutate-directory}"

#define SMELT_TYPE_DIRECTORY_ENTRY "record{type:" SMELT_TYPE_DESCRIPTOR_TYPE ",name:string}"

#define SMELT_TYPE_SOCKET_ADDRESS "variant{ipv4(record{port:u16,address:tuple<u8,u8,u8,u8>}),"    \
    "ipv6(record{port:u16,flow-info:u32,address:tuple<u16,u16,u16,u16,u16,u16,u16,"               \
    "u16>,scope-id:u32})}"

#define SMELT_TYPE_INCOMING_DATAGRAM "record{data:list<u8>,remote-address:"                       \
    SMELT_TYPE_SOCKET_ADDRESS "}"

#define SMELT_TYPE_OUTGOING_DATAGRAM "record{data:list<u8>,remote-address:option<"                \
    SMELT_TYPE_SOCKET_ADDRESS ">}"

#define SMELT_TYPE_DESCRIPTOR_STAT "record{type:" SMELT_TYPE_DESCRIPTOR_TYPE                      \
    ",link-count:u64,size:u64,data-access-timestamp:option<" SMELT_TYPE_DATETIME                  \
    ">,data-modification-timestamp:option<" SMELT_TYPE_DATETIME                                   \
    ">,status-change-timestamp:option<" SMELT_TYPE_DATETIME ">}"

#define SMELT_TYPE_NETWORK_ERROR                                                                  \
    "enum{unknown,access-denied,not-supported,invalid-argument,out-of-memory,"                    \
    "timeout,concurrency-conflict,not-in-progress,would-block,invalid-state,"                     \
    "new-socket-limit,address-not-bindable,address-in-use,remote-unreachable,"                    \
    "connection-refused,connection-reset,connection-aborted,datagram-too-large,"                  \
    "name-unresolvable,temporary-resolver-failure,permanent-resolver-failure}"

#define SMELT_TYPE_FILE_ERROR                                                                     \
    "enum{access,would-block,already,bad-descriptor,busy,deadlock,quota,exist,"                   \
    "file-too-large,illegal-byte-sequence,in-progress,interrupted,invalid,io,"                    \
    "is-directory,loop,too-many-links,message-size,name-too-long,no-device,"                      \
    "no-entry,no-lock,insufficient-memory,insufficient-space,not-directory,"                      \
    "not-empty,not-recoverable,unsupported,no-tty,no-such-device,overflow,"                       \
    "not-permitted,pipe,read-only,invalid-seek,text-file-busy,cross-device}"

#define SMELT_TYPE_HTTP_ERROR "variant{DNS-timeout,DNS-error(record{rcode:option<string>,"        \
    "info-code:option<u16>}),destination-not-found,destination-unavailable,"                      \
    "destination-IP-prohibited,destination-IP-unroutable,connection-refused,"                     \
    "connection-terminated,connection-timeout,connection-read-timeout,"                           \
    "connection-write-timeout,connection-limit-reached,TLS-protocol-error,"                       \
    "TLS-certificate-error,TLS-alert-received(record{alert-id:option<u8>,"                        \
    "alert-message:option<string>}),HTTP-request-denied,"                                         \
    "HTTP-request-length-required,HTTP-request-body-size(option<u64>),"                           \
    "HTTP-request-method-invalid,HTTP-request-URI-invalid,"                                       \
    "HTTP-request-URI-too-long,HTTP-request-header-section-size(option<u32>),"                    \
    "HTTP-request-header-size(option<" SMELT_TYPE_FIELD_SIZE                                      \
    ">),HTTP-request-trailer-section-size(option<u32>),HTTP-request-trailer-size("                \
    SMELT_TYPE_FIELD_SIZE                                                                         \
    "),HTTP-response-incomplete,HTTP-response-header-section-size(option<u32>),"                  \
    "HTTP-response-header-size(" SMELT_TYPE_FIELD_SIZE "),HTTP-response-body-size(option<u64>),"  \
    "HTTP-response-trailer-section-size(option<u32>),HTTP-response-trailer-size("                 \
    SMELT_TYPE_FIELD_SIZE "),HTTP-response-transfer-coding(option<string>),"                      \
    "HTTP-response-content-coding(option<string>),HTTP-response-timeout,"                         \
    "HTTP-upgrade-failed,HTTP-protocol-error,loop-detected,configuration-error,"                  \
    "internal-error(option<string>)}"

#endif

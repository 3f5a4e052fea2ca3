// The rows of component_functions.h for sockets and HTTP.
#ifndef SMELT_COMPONENT_NETWORK_H
#define SMELT_COMPONENT_NETWORK_H

#include "component_types.h"

#define SMELT_COMPONENT_SOCKETS(X)                                                                \
    X(sockets_network_network_error_code, i, 1, (i),                                              \
      "wasi:sockets/network", "network-error-code", "(err:borrow<wasi:io/error.error>)->option<"  \
      SMELT_TYPE_NETWORK_ERROR ">")                                                               \
    X(sockets_network_drop_network, none, 1, (i),                                                 \
      "wasi:sockets/network", "[resource-drop]network", "")                                       \
    X(sockets_instance_network_instance_network, i, 0, (),                                        \
      "wasi:sockets/instance-network", "instance-network",                                        \
      "()->own<wasi:sockets/network.network>")                                                    \
    X(sockets_ip_name_lookup_resolve_addresses, i, 3, (i, i, i),                                  \
      "wasi:sockets/ip-name-lookup", "resolve-addresses",                                         \
      "(network:borrow<wasi:sockets/network.network>,"                                            \
      "name:string)->result<own<wasi:sockets/ip-name-lookup.resolve-address-stream>,"             \
      SMELT_TYPE_NETWORK_ERROR ">")                                                               \
    X(sockets_ip_name_lookup_resolve_address_stream_resolve_next_address, i, 1, (i),              \
      "wasi:sockets/ip-name-lookup", "[method]resolve-address-stream.resolve-next-address",       \
      "(self:borrow<wasi:sockets/ip-name-lookup.resolve-address-stream>)->result<option<"         \
      SMELT_TYPE_IP_ADDRESS ">," SMELT_TYPE_NETWORK_ERROR ">")                                    \
    X(sockets_ip_name_lookup_resolve_address_stream_subscribe, i, 1, (i),                         \
      "wasi:sockets/ip-name-lookup", "[method]resolve-address-stream.subscribe",                  \
      "(self:borrow<wasi:sockets/ip-name-lookup.resolve-address-stream>)->own<wasi:io/poll.pollable>") \
    X(sockets_ip_name_lookup_drop_resolve_address_stream, none, 1, (i),                           \
      "wasi:sockets/ip-name-lookup", "[resource-drop]resolve-address-stream", "")                 \
    X(sockets_tcp_tcp_socket_start_bind, i, 14, (i, i, i, i, i, i, i, i, i, i, i, i, i, i),       \
      "wasi:sockets/tcp", "[method]tcp-socket.start-bind",                                        \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>,"                                                \
      "network:borrow<wasi:sockets/network.network>,local-address:" SMELT_TYPE_SOCKET_ADDRESS     \
      ")->result<_," SMELT_TYPE_NETWORK_ERROR ">")                                                \
    X(sockets_tcp_tcp_socket_finish_bind, i, 1, (i),                                              \
      "wasi:sockets/tcp", "[method]tcp-socket.finish-bind",                                       \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->result<_," SMELT_TYPE_NETWORK_ERROR ">")       \
    X(sockets_tcp_tcp_socket_start_connect, i, 14, (i, i, i, i, i, i, i, i, i, i, i, i, i, i),    \
      "wasi:sockets/tcp", "[method]tcp-socket.start-connect",                                     \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>,"                                                \
      "network:borrow<wasi:sockets/network.network>,remote-address:" SMELT_TYPE_SOCKET_ADDRESS    \
      ")->result<_," SMELT_TYPE_NETWORK_ERROR ">")                                                \
    X(sockets_tcp_tcp_socket_finish_connect, i, 1, (i),                                           \
      "wasi:sockets/tcp", "[method]tcp-socket.finish-connect",                                    \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->result<tuple<own<wasi:io/streams.input-stream>," \
      "own<wasi:io/streams.output-stream>>," SMELT_TYPE_NETWORK_ERROR ">")                        \
    X(sockets_tcp_tcp_socket_start_listen, i, 1, (i),                                             \
      "wasi:sockets/tcp", "[method]tcp-socket.start-listen",                                      \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->result<_," SMELT_TYPE_NETWORK_ERROR ">")       \
    X(sockets_tcp_tcp_socket_finish_listen, i, 1, (i),                                            \
      "wasi:sockets/tcp", "[method]tcp-socket.finish-listen",                                     \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->result<_," SMELT_TYPE_NETWORK_ERROR ">")       \
    X(sockets_tcp_tcp_socket_accept, i, 1, (i),                                                   \
      "wasi:sockets/tcp", "[method]tcp-socket.accept",                                            \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->result<tuple<own<wasi:sockets/tcp.tcp-socket>," \
      "own<wasi:io/streams.input-stream>,own<wasi:io/streams.output-stream>>,"                    \
      SMELT_TYPE_NETWORK_ERROR ">")                                                               \
    X(sockets_tcp_tcp_socket_local_address, i, 1, (i),                                            \
      "wasi:sockets/tcp", "[method]tcp-socket.local-address",                                     \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->result<" SMELT_TYPE_SOCKET_ADDRESS ","         \
      SMELT_TYPE_NETWORK_ERROR ">")                                                               \
    X(sockets_tcp_tcp_socket_remote_address, i, 1, (i),                                           \
      "wasi:sockets/tcp", "[method]tcp-socket.remote-address",                                    \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->result<" SMELT_TYPE_SOCKET_ADDRESS ","         \
      SMELT_TYPE_NETWORK_ERROR ">")                                                               \
    X(sockets_tcp_tcp_socket_is_listening, i, 1, (i),                                             \
      "wasi:sockets/tcp", "[method]tcp-socket.is-listening",                                      \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->bool")                                         \
    X(sockets_tcp_tcp_socket_address_family, i, 1, (i),                                           \
      "wasi:sockets/tcp", "[method]tcp-socket.address-family",                                    \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->" SMELT_TYPE_ADDRESS_FAMILY)                   \
    X(sockets_tcp_tcp_socket_set_listen_backlog_size, i, 2, (i, I),                               \
      "wasi:sockets/tcp", "[method]tcp-socket.set-listen-backlog-size",                           \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>,value:u64)->result<_," SMELT_TYPE_NETWORK_ERROR  \
      ">")                                                                                        \
    X(sockets_tcp_tcp_socket_keep_alive_enabled, i, 1, (i),                                       \
      "wasi:sockets/tcp", "[method]tcp-socket.keep-alive-enabled",                                \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->result<bool," SMELT_TYPE_NETWORK_ERROR ">")    \
    X(sockets_tcp_tcp_socket_set_keep_alive_enabled, i, 2, (i, i),                                \
      "wasi:sockets/tcp", "[method]tcp-socket.set-keep-alive-enabled",                            \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>,value:bool)->result<_,"                          \
      SMELT_TYPE_NETWORK_ERROR ">")                                                               \
    X(sockets_tcp_tcp_socket_keep_alive_idle_time, i, 1, (i),                                     \
      "wasi:sockets/tcp", "[method]tcp-socket.keep-alive-idle-time",                              \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->result<u64," SMELT_TYPE_NETWORK_ERROR ">")     \
    X(sockets_tcp_tcp_socket_set_keep_alive_idle_time, i, 2, (i, I),                              \
      "wasi:sockets/tcp", "[method]tcp-socket.set-keep-alive-idle-time",                          \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>,value:u64)->result<_," SMELT_TYPE_NETWORK_ERROR  \
      ">")                                                                                        \
    X(sockets_tcp_tcp_socket_keep_alive_interval, i, 1, (i),                                      \
      "wasi:sockets/tcp", "[method]tcp-socket.keep-alive-interval",                               \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->result<u64," SMELT_TYPE_NETWORK_ERROR ">")     \
    X(sockets_tcp_tcp_socket_set_keep_alive_interval, i, 2, (i, I),                               \
      "wasi:sockets/tcp", "[method]tcp-socket.set-keep-alive-interval",                           \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>,value:u64)->result<_," SMELT_TYPE_NETWORK_ERROR  \
      ">")                                                                                        \
    X(sockets_tcp_tcp_socket_keep_alive_count, i, 1, (i),                                         \
      "wasi:sockets/tcp", "[method]tcp-socket.keep-alive-count",                                  \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->result<u32," SMELT_TYPE_NETWORK_ERROR ">")     \
    X(sockets_tcp_tcp_socket_set_keep_alive_count, i, 2, (i, i),                                  \
      "wasi:sockets/tcp", "[method]tcp-socket.set-keep-alive-count",                              \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>,value:u32)->result<_," SMELT_TYPE_NETWORK_ERROR  \
      ">")                                                                                        \
    X(sockets_tcp_tcp_socket_hop_limit, i, 1, (i),                                                \
      "wasi:sockets/tcp", "[method]tcp-socket.hop-limit",                                         \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->result<u8," SMELT_TYPE_NETWORK_ERROR ">")      \
    X(sockets_tcp_tcp_socket_set_hop_limit, i, 2, (i, i),                                         \
      "wasi:sockets/tcp", "[method]tcp-socket.set-hop-limit",                                     \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>,value:u8)->result<_," SMELT_TYPE_NETWORK_ERROR   \
      ">")                                                                                        \
    X(sockets_tcp_tcp_socket_receive_buffer_size, i, 1, (i),                                      \
      "wasi:sockets/tcp", "[method]tcp-socket.receive-buffer-size",                               \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->result<u64," SMELT_TYPE_NETWORK_ERROR ">")     \
    X(sockets_tcp_tcp_socket_set_receive_buffer_size, i, 2, (i, I),                               \
      "wasi:sockets/tcp", "[method]tcp-socket.set-receive-buffer-size",                           \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>,value:u64)->result<_," SMELT_TYPE_NETWORK_ERROR  \
      ">")                                                                                        \
    X(sockets_tcp_tcp_socket_send_buffer_size, i, 1, (i),                                         \
      "wasi:sockets/tcp", "[method]tcp-socket.send-buffer-size",                                  \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->result<u64," SMELT_TYPE_NETWORK_ERROR ">")     \
    X(sockets_tcp_tcp_socket_set_send_buffer_size, i, 2, (i, I),                                  \
      "wasi:sockets/tcp", "[method]tcp-socket.set-send-buffer-size",                              \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>,value:u64)->result<_," SMELT_TYPE_NETWORK_ERROR  \
      ">")                                                                                        \
    X(sockets_tcp_tcp_socket_subscribe, i, 1, (i),                                                \
      "wasi:sockets/tcp", "[method]tcp-socket.subscribe",                                         \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>)->own<wasi:io/poll.pollable>")                   \
    X(sockets_tcp_tcp_socket_shutdown, i, 2, (i, i),                                              \
      "wasi:sockets/tcp", "[method]tcp-socket.shutdown",                                          \
      "(self:borrow<wasi:sockets/tcp.tcp-socket>,shutdown-type:" SMELT_TYPE_SHUTDOWN_TYPE         \
      ")->result<_," SMELT_TYPE_NETWORK_ERROR ">")                                                \
    X(sockets_tcp_drop_tcp_socket, none, 1, (i),                                                  \
      "wasi:sockets/tcp", "[resource-drop]tcp-socket", "")                                        \
    X(sockets_tcp_create_socket_create_tcp_socket, i, 1, (i),                                     \
      "wasi:sockets/tcp-create-socket", "create-tcp-socket", "(address-family:"                   \
      SMELT_TYPE_ADDRESS_FAMILY ")->result<own<wasi:sockets/tcp.tcp-socket>,"                     \
      SMELT_TYPE_NETWORK_ERROR ">")                                                               \
    X(sockets_udp_udp_socket_start_bind, i, 14, (i, i, i, i, i, i, i, i, i, i, i, i, i, i),       \
      "wasi:sockets/udp", "[method]udp-socket.start-bind",                                        \
      "(self:borrow<wasi:sockets/udp.udp-socket>,"                                                \
      "network:borrow<wasi:sockets/network.network>,local-address:" SMELT_TYPE_SOCKET_ADDRESS     \
      ")->result<_," SMELT_TYPE_NETWORK_ERROR ">")                                                \
    X(sockets_udp_udp_socket_finish_bind, i, 1, (i),                                              \
      "wasi:sockets/udp", "[method]udp-socket.finish-bind",                                       \
      "(self:borrow<wasi:sockets/udp.udp-socket>)->result<_," SMELT_TYPE_NETWORK_ERROR ">")       \
    X(sockets_udp_udp_socket_stream, i, 14, (i, i, i, i, i, i, i, i, i, i, i, i, i, i),           \
      "wasi:sockets/udp", "[method]udp-socket.stream",                                            \
      "(self:borrow<wasi:sockets/udp.udp-socket>,remote-address:option<"                          \
      SMELT_TYPE_SOCKET_ADDRESS                                                                   \
      ">)->result<tuple<own<wasi:sockets/udp.incoming-datagram-stream>,"                          \
      "own<wasi:sockets/udp.outgoing-datagram-stream>>," SMELT_TYPE_NETWORK_ERROR ">")            \
    X(sockets_udp_udp_socket_local_address, i, 1, (i),                                            \
      "wasi:sockets/udp", "[method]udp-socket.local-address",                                     \
      "(self:borrow<wasi:sockets/udp.udp-socket>)->result<" SMELT_TYPE_SOCKET_ADDRESS ","         \
      SMELT_TYPE_NETWORK_ERROR ">")                                                               \
    X(sockets_udp_udp_socket_remote_address, i, 1, (i),                                           \
      "wasi:sockets/udp", "[method]udp-socket.remote-address",                                    \
      "(self:borrow<wasi:sockets/udp.udp-socket>)->result<" SMELT_TYPE_SOCKET_ADDRESS ","         \
      SMELT_TYPE_NETWORK_ERROR ">")                                                               \
    X(sockets_udp_udp_socket_address_family, i, 1, (i),                                           \
      "wasi:sockets/udp", "[method]udp-socket.address-family",                                    \
      "(self:borrow<wasi:sockets/udp.udp-socket>)->" SMELT_TYPE_ADDRESS_FAMILY)                   \
    X(sockets_udp_udp_socket_unicast_hop_limit, i, 1, (i),                                        \
      "wasi:sockets/udp", "[method]udp-socket.unicast-hop-limit",                                 \
      "(self:borrow<wasi:sockets/udp.udp-socket>)->result<u8," SMELT_TYPE_NETWORK_ERROR ">")      \
    X(sockets_udp_udp_socket_set_unicast_hop_limit, i, 2, (i, i),                                 \
      "wasi:sockets/udp", "[method]udp-socket.set-unicast-hop-limit",                             \
      "(self:borrow<wasi:sockets/udp.udp-socket>,value:u8)->result<_," SMELT_TYPE_NETWORK_ERROR   \
      ">")                                                                                        \
    X(sockets_udp_udp_socket_receive_buffer_size, i, 1, (i),                                      \
      "wasi:sockets/udp", "[method]udp-socket.receive-buffer-size",                               \
      "(self:borrow<wasi:sockets/udp.udp-socket>)->result<u64," SMELT_TYPE_NETWORK_ERROR ">")     \
    X(sockets_udp_udp_socket_set_receive_buffer_size, i, 2, (i, I),                               \
      "wasi:sockets/udp", "[method]udp-socket.set-receive-buffer-size",                           \
      "(self:borrow<wasi:sockets/udp.udp-socket>,value:u64)->result<_," SMELT_TYPE_NETWORK_ERROR  \
      ">")                                                                                        \
    X(sockets_udp_udp_socket_send_buffer_size, i, 1, (i),                                         \
      "wasi:sockets/udp", "[method]udp-socket.send-buffer-size",                                  \
      "(self:borrow<wasi:sockets/udp.udp-socket>)->result<u64," SMELT_TYPE_NETWORK_ERROR ">")     \
    X(sockets_udp_udp_socket_set_send_buffer_size, i, 2, (i, I),                                  \
      "wasi:sockets/udp", "[method]udp-socket.set-send-buffer-size",                              \
      "(self:borrow<wasi:sockets/udp.udp-socket>,value:u64)->result<_," SMELT_TYPE_NETWORK_ERROR  \
      ">")                                                                                        \
    X(sockets_udp_udp_socket_subscribe, i, 1, (i),                                                \
      "wasi:sockets/udp", "[method]udp-socket.subscribe",                                         \
      "(self:borrow<wasi:sockets/udp.udp-socket>)->own<wasi:io/poll.pollable>")                   \
    X(sockets_udp_incoming_datagram_stream_receive, i, 2, (i, I),                                 \
      "wasi:sockets/udp", "[method]incoming-datagram-stream.receive",                             \
      "(self:borrow<wasi:sockets/udp.incoming-datagram-stream>,"                                  \
      "max-results:u64)->result<list<" SMELT_TYPE_INCOMING_DATAGRAM ">,"                          \
      SMELT_TYPE_NETWORK_ERROR ">")                                                               \
    X(sockets_udp_incoming_datagram_stream_subscribe, i, 1, (i),                                  \
      "wasi:sockets/udp", "[method]incoming-datagram-stream.subscribe",                           \
      "(self:borrow<wasi:sockets/udp.incoming-datagram-stream>)->own<wasi:io/poll.pollable>")     \
    X(sockets_udp_outgoing_datagram_stream_check_send, i, 1, (i),                                 \
      "wasi:sockets/udp", "[method]outgoing-datagram-stream.check-send",                          \
      "(self:borrow<wasi:sockets/udp.outgoing-datagram-stream>)->result<u64,"                     \
      SMELT_TYPE_NETWORK_ERROR ">")                                                               \
    X(sockets_udp_outgoing_datagram_stream_send, i, 3, (i, i, i),                                 \
      "wasi:sockets/udp", "[method]outgoing-datagram-stream.send",                                \
      "(self:borrow<wasi:sockets/udp.outgoing-datagram-stream>,datagrams:list<"                   \
      SMELT_TYPE_OUTGOING_DATAGRAM ">)->result<u64," SMELT_TYPE_NETWORK_ERROR ">")                \
    X(sockets_udp_outgoing_datagram_stream_subscribe, i, 1, (i),                                  \
      "wasi:sockets/udp", "[method]outgoing-datagram-stream.subscribe",                           \
      "(self:borrow<wasi:sockets/udp.outgoing-datagram-stream>)->own<wasi:io/poll.pollable>")     \
    X(sockets_udp_drop_udp_socket, none, 1, (i),                                                  \
      "wasi:sockets/udp", "[resource-drop]udp-socket", "")                                        \
    X(sockets_udp_drop_incoming_datagram_stream, none, 1, (i),                                    \
      "wasi:sockets/udp", "[resource-drop]incoming-datagram-stream", "")                          \
    X(sockets_udp_drop_outgoing_datagram_stream, none, 1, (i),                                    \
      "wasi:sockets/udp", "[resource-drop]outgoing-datagram-stream", "")                          \
    X(sockets_udp_create_socket_create_udp_socket, i, 1, (i),                                     \
      "wasi:sockets/udp-create-socket", "create-udp-socket", "(address-family:"                   \
      SMELT_TYPE_ADDRESS_FAMILY ")->result<own<wasi:sockets/udp.udp-socket>,"                     \
      SMELT_TYPE_NETWORK_ERROR ">")

#define SMELT_COMPONENT_HTTP(X)                                                                   \
    X(http_types_http_error_code, i, 1, (i),                                                      \
      "wasi:http/types", "http-error-code", "(err:borrow<wasi:io/error.error>)->option<"          \
      SMELT_TYPE_HTTP_ERROR ">")                                                                  \
    X(http_types_fields_new, i, 0, (),                                                            \
      "wasi:http/types", "[constructor]fields", "()->own<wasi:http/types.fields>")                \
    X(http_types_fields_from_list, i, 2, (i, i),                                                  \
      "wasi:http/types", "[static]fields.from-list",                                              \
      "(entries:list<tuple<string,list<u8>>>)->result<own<wasi:http/types.fields>,"               \
      SMELT_TYPE_HEADER_ERROR ">")                                                                \
    X(http_types_fields_get, i, 3, (i, i, i),                                                     \
      "wasi:http/types", "[method]fields.get",                                                    \
      "(self:borrow<wasi:http/types.fields>,name:string)->list<list<u8>>")                        \
    X(http_types_fields_has, i, 3, (i, i, i),                                                     \
      "wasi:http/types", "[method]fields.has",                                                    \
      "(self:borrow<wasi:http/types.fields>,name:string)->bool")                                  \
    X(http_types_fields_set, i, 5, (i, i, i, i, i),                                               \
      "wasi:http/types", "[method]fields.set",                                                    \
      "(self:borrow<wasi:http/types.fields>,name:string," "value:list<list<u8>>)->result<_,"      \
      SMELT_TYPE_HEADER_ERROR ">")                                                                \
    X(http_types_fields_delete, i, 3, (i, i, i),                                                  \
      "wasi:http/types", "[method]fields.delete",                                                 \
      "(self:borrow<wasi:http/types.fields>,name:string)->result<_," SMELT_TYPE_HEADER_ERROR      \
      ">")                                                                                        \
    X(http_types_fields_append, i, 5, (i, i, i, i, i),                                            \
      "wasi:http/types", "[method]fields.append",                                                 \
      "(self:borrow<wasi:http/types.fields>,name:string,value:list<u8>)->result<_,"               \
      SMELT_TYPE_HEADER_ERROR ">")                                                                \
    X(http_types_fields_entries, i, 1, (i),                                                       \
      "wasi:http/types", "[method]fields.entries",                                                \
      "(self:borrow<wasi:http/types.fields>)->list<tuple<string,list<u8>>>")                      \
    X(http_types_fields_clone, i, 1, (i),                                                         \
      "wasi:http/types", "[method]fields.clone",                                                  \
      "(self:borrow<wasi:http/types.fields>)->own<wasi:http/types.fields>")                       \
    X(http_types_incoming_request_method, i, 1, (i),                                              \
      "wasi:http/types", "[method]incoming-request.method",                                       \
      "(self:borrow<wasi:http/types.incoming-request>)->" SMELT_TYPE_METHOD)                      \
    X(http_types_incoming_request_path_with_query, i, 1, (i),                                     \
      "wasi:http/types", "[method]incoming-request.path-with-query",                              \
      "(self:borrow<wasi:http/types.incoming-request>)->option<string>")                          \
    X(http_types_incoming_request_scheme, i, 1, (i),                                              \
      "wasi:http/types", "[method]incoming-request.scheme",                                       \
      "(self:borrow<wasi:http/types.incoming-request>)->option<" SMELT_TYPE_SCHEME ">")           \
    X(http_types_incoming_request_authority, i, 1, (i),                                           \
      "wasi:http/types", "[method]incoming-request.authority",                                    \
      "(self:borrow<wasi:http/types.incoming-request>)->option<string>")                          \
    X(http_types_incoming_request_headers, i, 1, (i),                                             \
      "wasi:http/types", "[method]incoming-request.headers",                                      \
      "(self:borrow<wasi:http/types.incoming-request>)->own<wasi:http/types.fields>")             \
    X(http_types_incoming_request_consume, i, 1, (i),                                             \
      "wasi:http/types", "[method]incoming-request.consume",                                      \
      "(self:borrow<wasi:http/types.incoming-request>)->result<own<wasi:http/types.incoming-body>," \
      "_>")                                                                                       \
    X(http_types_outgoing_request_new, i, 1, (i),                                                 \
      "wasi:http/types", "[constructor]outgoing-request",                                         \
      "(headers:own<wasi:http/types.fields>)->own<wasi:http/types.outgoing-request>")             \
    X(http_types_outgoing_request_body, i, 1, (i),                                                \
      "wasi:http/types", "[method]outgoing-request.body",                                         \
      "(self:borrow<wasi:http/types.outgoing-request>)->result<own<wasi:http/types.outgoing-body>," \
      "_>")                                                                                       \
    X(http_types_outgoing_request_method, i, 1, (i),                                              \
      "wasi:http/types", "[method]outgoing-request.method",                                       \
      "(self:borrow<wasi:http/types.outgoing-request>)->" SMELT_TYPE_METHOD)                      \
    X(http_types_outgoing_request_set_method, i, 4, (i, i, i, i),                                 \
      "wasi:http/types", "[method]outgoing-request.set-method",                                   \
      "(self:borrow<wasi:http/types.outgoing-request>,method:" SMELT_TYPE_METHOD                  \
      ")->result<_,_>")                                                                           \
    X(http_types_outgoing_request_path_with_query, i, 1, (i),                                     \
      "wasi:http/types", "[method]outgoing-request.path-with-query",                              \
      "(self:borrow<wasi:http/types.outgoing-request>)->option<string>")                          \
    X(http_types_outgoing_request_set_path_with_query, i, 4, (i, i, i, i),                        \
      "wasi:http/types", "[method]outgoing-request.set-path-with-query",                          \
      "(self:borrow<wasi:http/types.outgoing-request>,"                                           \
      "path-with-query:option<string>)->result<_,_>")                                             \
    X(http_types_outgoing_request_scheme, i, 1, (i),                                              \
      "wasi:http/types", "[method]outgoing-request.scheme",                                       \
      "(self:borrow<wasi:http/types.outgoing-request>)->option<" SMELT_TYPE_SCHEME ">")           \
    X(http_types_outgoing_request_set_scheme, i, 5, (i, i, i, i, i),                              \
      "wasi:http/types", "[method]outgoing-request.set-scheme",                                   \
      "(self:borrow<wasi:http/types.outgoing-request>,scheme:option<" SMELT_TYPE_SCHEME           \
      ">)->result<_,_>")                                                                          \
    X(http_types_outgoing_request_authority, i, 1, (i),                                           \
      "wasi:http/types", "[method]outgoing-request.authority",                                    \
      "(self:borrow<wasi:http/types.outgoing-request>)->option<string>")                          \
    X(http_types_outgoing_request_set_authority, i, 4, (i, i, i, i),                              \
      "wasi:http/types", "[method]outgoing-request.set-authority",                                \
      "(self:borrow<wasi:http/types.outgoing-request>,"                                           \
      "authority:option<string>)->result<_,_>")                                                   \
    X(http_types_outgoing_request_headers, i, 1, (i),                                             \
      "wasi:http/types", "[method]outgoing-request.headers",                                      \
      "(self:borrow<wasi:http/types.outgoing-request>)->own<wasi:http/types.fields>")             \
    X(http_types_request_options_new, i, 0, (),                                                   \
      "wasi:http/types", "[constructor]request-options",                                          \
      "()->own<wasi:http/types.request-options>")                                                 \
    X(http_types_request_options_connect_timeout, i, 1, (i),                                      \
      "wasi:http/types", "[method]request-options.connect-timeout",                               \
      "(self:borrow<wasi:http/types.request-options>)->option<u64>")                              \
    X(http_types_request_options_set_connect_timeout, i, 3, (i, i, I),                            \
      "wasi:http/types", "[method]request-options.set-connect-timeout",                           \
      "(self:borrow<wasi:http/types.request-options>,duration:option<u64>)->result<_," "_>")      \
    X(http_types_request_options_first_byte_timeout, i, 1, (i),                                   \
      "wasi:http/types", "[method]request-options.first-byte-timeout",                            \
      "(self:borrow<wasi:http/types.request-options>)->option<u64>")                              \
    X(http_types_request_options_set_first_byte_timeout, i, 3, (i, i, I),                         \
      "wasi:http/types", "[method]request-options.set-first-byte-timeout",                        \
      "(self:borrow<wasi:http/types.request-options>,duration:option<u64>)->result<_," "_>")      \
    X(http_types_request_options_between_bytes_timeout, i, 1, (i),                                \
      "wasi:http/types", "[method]request-options.between-bytes-timeout",                         \
      "(self:borrow<wasi:http/types.request-options>)->option<u64>")                              \
    X(http_types_request_options_set_between_bytes_timeout, i, 3, (i, i, I),                      \
      "wasi:http/types", "[method]request-options.set-between-bytes-timeout",                     \
      "(self:borrow<wasi:http/types.request-options>,duration:option<u64>)->result<_," "_>")      \
    X(http_types_response_outparam_send_informational, i, 3, (i, i, i),                           \
      "wasi:http/types", "[method]response-outparam.send-informational",                          \
      "(self:borrow<wasi:http/types.response-outparam>,status:u16,"                               \
      "headers:own<wasi:http/types.fields>)->result<_," SMELT_TYPE_HTTP_ERROR ">")                \
    X(http_types_response_outparam_set, none, 9, (i, i, i, i, I, i, i, i, i),                     \
      "wasi:http/types", "[static]response-outparam.set",                                         \
      "(param:own<wasi:http/types.response-outparam>,"                                            \
      "response:result<own<wasi:http/types.outgoing-response>," SMELT_TYPE_HTTP_ERROR ">)")       \
    X(http_types_incoming_response_status, i, 1, (i),                                             \
      "wasi:http/types", "[method]incoming-response.status",                                      \
      "(self:borrow<wasi:http/types.incoming-response>)->u16")                                    \
    X(http_types_incoming_response_headers, i, 1, (i),                                            \
      "wasi:http/types", "[method]incoming-response.headers",                                     \
      "(self:borrow<wasi:http/types.incoming-response>)->own<wasi:http/types.fields>")            \
    X(http_types_incoming_response_consume, i, 1, (i),                                            \
      "wasi:http/types", "[method]incoming-response.consume",                                     \
      "(self:borrow<wasi:http/types.incoming-response>)->result<own<wasi:http/types.incoming-body>," \
      "_>")                                                                                       \
    X(http_types_incoming_body_stream, i, 1, (i),                                                 \
      "wasi:http/types", "[method]incoming-body.stream",                                          \
      "(self:borrow<wasi:http/types.incoming-body>)->result<own<wasi:io/streams.input-stream>,"   \
      "_>")                                                                                       \
    X(http_types_incoming_body_finish, i, 1, (i),                                                 \
      "wasi:http/types", "[static]incoming-body.finish",                                          \
      "(this:own<wasi:http/types.incoming-body>)->own<wasi:http/types.future-trailers>")          \
    X(http_types_future_trailers_subscribe, i, 1, (i),                                            \
      "wasi:http/types", "[method]future-trailers.subscribe",                                     \
      "(self:borrow<wasi:http/types.future-trailers>)->own<wasi:io/poll.pollable>")               \
    X(http_types_future_trailers_get, i, 1, (i),                                                  \
      "wasi:http/types", "[method]future-trailers.get",                                           \
      "(self:borrow<wasi:http/types.future-trailers>)->option<result<result<option<own<wasi:http/types.fields>>," \
      SMELT_TYPE_HTTP_ERROR ">,_>>")                                                              \
    X(http_types_outgoing_response_new, i, 1, (i),                                                \
      "wasi:http/types", "[constructor]outgoing-response",                                        \
      "(headers:own<wasi:http/types.fields>)->own<wasi:http/types.outgoing-response>")            \
    X(http_types_outgoing_response_status_code, i, 1, (i),                                        \
      "wasi:http/types", "[method]outgoing-response.status-code",                                 \
      "(self:borrow<wasi:http/types.outgoing-response>)->u16")                                    \
    X(http_types_outgoing_response_set_status_code, i, 2, (i, i),                                 \
      "wasi:http/types", "[method]outgoing-response.set-status-code",                             \
      "(self:borrow<wasi:http/types.outgoing-response>,status-code:u16)->result<_,_>")            \
    X(http_types_outgoing_response_headers, i, 1, (i),                                            \
      "wasi:http/types", "[method]outgoing-response.headers",                                     \
      "(self:borrow<wasi:http/types.outgoing-response>)->own<wasi:http/types.fields>")            \
    X(http_types_outgoing_response_body, i, 1, (i),                                               \
      "wasi:http/types", "[method]outgoing-response.body",                                        \
      "(self:borrow<wasi:http/types.outgoing-response>)->result<own<wasi:http/types.outgoing-body>," \
      "_>")                                                                                       \
    X(http_types_outgoing_body_write, i, 1, (i),                                                  \
      "wasi:http/types", "[method]outgoing-body.write",                                           \
      "(self:borrow<wasi:http/types.outgoing-body>)->result<own<wasi:io/streams.output-stream>,"  \
      "_>")                                                                                       \
    X(http_types_outgoing_body_finish, i, 3, (i, i, i),                                           \
      "wasi:http/types", "[static]outgoing-body.finish",                                          \
      "(this:own<wasi:http/types.outgoing-body>,"                                                 \
      "trailers:option<own<wasi:http/types.fields>>)->result<_," SMELT_TYPE_HTTP_ERROR ">")       \
    X(http_types_future_incoming_response_subscribe, i, 1, (i),                                   \
      "wasi:http/types", "[method]future-incoming-response.subscribe",                            \
      "(self:borrow<wasi:http/types.future-incoming-response>)->own<wasi:io/poll.pollable>")      \
    X(http_types_future_incoming_response_get, i, 1, (i),                                         \
      "wasi:http/types", "[method]future-incoming-response.get",                                  \
      "(self:borrow<wasi:http/types.future-incoming-response>)->option<result<result<own<wasi:http/types.incoming-response>," \
      SMELT_TYPE_HTTP_ERROR ">,_>>")                                                              \
    X(http_types_drop_fields, none, 1, (i),                                                       \
      "wasi:http/types", "[resource-drop]fields", "")                                             \
    X(http_types_drop_incoming_request, none, 1, (i),                                             \
      "wasi:http/types", "[resource-drop]incoming-request", "")                                   \
    X(http_types_drop_outgoing_request, none, 1, (i),                                             \
      "wasi:http/types", "[resource-drop]outgoing-request", "")                                   \
    X(http_types_drop_request_options, none, 1, (i),                                              \
      "wasi:http/types", "[resource-drop]request-options", "")                                    \
    X(http_types_drop_response_outparam, none, 1, (i),                                            \
      "wasi:http/types", "[resource-drop]response-outparam", "")                                  \
    X(http_types_drop_incoming_response, none, 1, (i),                                            \
      "wasi:http/types", "[resource-drop]incoming-response", "")                                  \
    X(http_types_drop_incoming_body, none, 1, (i),                                                \
      "wasi:http/types", "[resource-drop]incoming-body", "")                                      \
    X(http_types_drop_future_trailers, none, 1, (i),                                              \
      "wasi:http/types", "[resource-drop]future-trailers", "")                                    \
    X(http_types_drop_outgoing_response, none, 1, (i),                                            \
      "wasi:http/types", "[resource-drop]outgoing-response", "")                                  \
    X(http_types_drop_outgoing_body, none, 1, (i),                                                \
      "wasi:http/types", "[resource-drop]outgoing-body", "")                                      \
    X(http_types_drop_future_incoming_response, none, 1, (i),                                     \
      "wasi:http/types", "[resource-drop]future-incoming-response", "")                           \
    X(http_outgoing_handler_handle, i, 3, (i, i, i),                                              \
      "wasi:http/outgoing-handler", "handle", "(request:own<wasi:http/types.outgoing-request>,"   \
      "options:option<own<wasi:http/types.request-options>>)->result<own<wasi:http/types.future-incoming-response>," \
      SMELT_TYPE_HTTP_ERROR ">")

#endif

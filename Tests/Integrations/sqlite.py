"""SQLite by ctypes: not every Python's own module can load extensions."""

import ctypes
import ctypes.util

_lib = ctypes.CDLL(ctypes.util.find_library("sqlite3") or "libsqlite3.so.0")
_void, _int, _text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
for _name, _result, _arguments in (
    ("open", _int, [_text, ctypes.POINTER(_void)]),
    ("close", _int, [_void]),
    ("enable_load_extension", _int, [_void, _int]),
    ("load_extension", _int, [_void, _text, _text, ctypes.POINTER(_text)]),
    ("prepare_v2", _int, [_void, _text, _int, ctypes.POINTER(_void), ctypes.POINTER(_text)]),
    ("step", _int, [_void]),
    ("finalize", _int, [_void]),
    ("errmsg", _text, [_void]),
    ("interrupt", None, [_void]),
    ("column_count", _int, [_void]),
    ("column_type", _int, [_void, _int]),
    ("column_int64", ctypes.c_int64, [_void, _int]),
    ("column_double", ctypes.c_double, [_void, _int]),
    ("column_blob", _void, [_void, _int]),
    ("column_bytes", _int, [_void, _int]),
):
    _function = getattr(_lib, f"sqlite3_{_name}")
    _function.restype, _function.argtypes = _result, _arguments
OK, ROW, DONE, INTERRUPT = 0, 100, 101, 9


class Error(Exception):
    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


class Connection:
    def __init__(self, path=":memory:"):
        self.handle = _void()
        _lib.sqlite3_open(str(path).encode(), ctypes.byref(self.handle))
        _lib.sqlite3_enable_load_extension(self.handle, 1)

    def fail(self, code):
        raise Error(code, _lib.sqlite3_errmsg(self.handle).decode())

    def load(self, library):
        message = _text()
        code = _lib.sqlite3_load_extension(self.handle, str(library).encode(), None, ctypes.byref(message))
        if code != OK:
            raise Error(code, (message.value or b"").decode())

    def rows(self, text):
        statement = _void()
        code = _lib.sqlite3_prepare_v2(self.handle, text.encode(), -1, ctypes.byref(statement), None)
        if code != OK:
            self.fail(code)
        try:
            rows = []
            while (code := _lib.sqlite3_step(statement)) == ROW:
                rows.append(tuple(
                    self.column(statement, index) for index in range(_lib.sqlite3_column_count(statement))))
            if code != DONE:
                self.fail(code)
            return rows
        finally:
            _lib.sqlite3_finalize(statement)

    @staticmethod
    def column(statement, index):
        kind = _lib.sqlite3_column_type(statement, index)
        if kind == 1:
            return _lib.sqlite3_column_int64(statement, index)
        if kind == 2:
            return _lib.sqlite3_column_double(statement, index)
        if kind == 5:
            return None
        bytes_ = ctypes.string_at(
            _lib.sqlite3_column_blob(statement, index) or 0, _lib.sqlite3_column_bytes(statement, index))
        return bytes_.decode() if kind == 3 else bytes_

    def value(self, text):
        return self.rows(text)[0][0]

    def interrupt(self):
        _lib.sqlite3_interrupt(self.handle)

    def close(self):
        if _lib.sqlite3_close(self.handle) != OK:
            raise Error(0, "the connection cannot be closed")

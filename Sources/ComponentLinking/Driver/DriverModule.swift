// Generated modules that call a component from outside.

import WasmTypes

/// A module with what is behind its imports.
struct DriverModule {
    var bytes: [UInt8]
    var imports: [Source]
    /// The type of its memory, if it exports one.
    var memory: MemoryType?
}

// What a memory or a table may grow to, where the module leaves it open.

internal import WasmTypes

extension MemoryType {
    /// The most pages that the memory may have: its own limit or what its addresses can name.
    var maximumPages: UInt64 {
        let addressable: UInt64 =
            addressType == .i32 ? 1 << (32 - UInt64(pageSizeLog2)) : .max >> UInt64(pageSizeLog2)
        return min(limits.maximum ?? .max, addressable)
    }
}

extension TableType {
    /// The most elements that the table may have.
    var maximumElements: UInt64 {
        limits.maximum ?? (addressType == .i32 ? UInt64(UInt32.max) : .max)
    }
}

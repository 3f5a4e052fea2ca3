// What can go wrong on the way from objects to an executable.

public import SystemPackage

/// A failed link.
public enum LinkError: Error, Hashable, Sendable {
    /// No usable linker was found. `found` names one that is too old, with its version.
    case linkerNotFound(found: String?)
    /// The linker could not be started.
    case linkerNotStarted(path: FilePath, reason: String)
    /// The linker refused; `output` is what it said.
    case linkerFailed(path: FilePath, status: String, output: String)
    /// A file could not be written or read.
    case file(path: FilePath, reason: String)
    /// What the linker wrote is not an ELF file as it should be.
    case malformedELF(reason: String)
    /// Two chunks of memory 0 claim the byte at `offset`.
    case overlappingChunks(offset: UInt64)
    /// The chunk at `offset` reaches beyond the memory's initial size.
    case chunkOutsideMemory(offset: UInt64)
    /// No machine has room for a memory of so many bytes.
    case memoryTooLarge(size: UInt64)
}

extension LinkError: CustomStringConvertible {
    /// One line that says what went wrong; what the linker said follows on lines of its own.
    public var description: String {
        switch self {
        case .linkerNotFound(nil):
            "no linker found: neither ld.lld-\(LinkerLookup.preferredVersion) nor ld.lld is in PATH"
        case .linkerNotFound(let found?):
            "no linker found: \(found) is older than version \(LinkerLookup.minimumVersion)"
        case .linkerNotStarted(let path, let reason):
            "cannot start the linker \(path.readable): \(reason)"
        case .linkerFailed(let path, let status, let output):
            "the linker \(path.readable) failed (\(status))"
                + (output.isEmpty ? "" : ":\n\(output)")
        case .file(let path, let reason):
            "\(path.readable): \(reason)"
        case .malformedELF(let reason):
            "the linker wrote a damaged executable: \(reason)"
        case .overlappingChunks(let offset):
            "memory chunks overlap at offset \(offset)"
        case .chunkOutsideMemory(let offset):
            "the memory chunk at offset \(offset) does not fit into the memory"
        case .memoryTooLarge(let size):
            "no machine has room for a memory of \(size) bytes"
        }
    }

    /// What to do about it, where something can be done.
    public var remedy: String? {
        switch self {
        case .linkerNotFound:
            "install the package lld-\(LinkerLookup.preferredVersion) "
                + "(apt-get install lld-\(LinkerLookup.preferredVersion))"
        default: nil
        }
    }
}

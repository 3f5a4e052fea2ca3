// What the linker must know about each architecture.

public import TargetModel

extension Architecture {
    /// The largest page size that a kernel of this architecture may use, in bytes. Every segment
    /// of an executable starts on a page of its own by this measure.
    public var maximumPageSize: UInt64 {
        switch self {
        case .x86_64: 0x1000
        case .aarch64: 0x1_0000
        }
    }

    /// How many bytes of memory 0's initial contents are copied when a program starts: mapping them
    /// takes up to a page of padding in the file, and copying them no more page faults.
    public var copiedMemoryLimit: Int {
        switch self {
        case .x86_64: 0x2000
        case .aarch64: 0x1_0000
        }
    }

    /// The linker's name for static executables of this architecture (`ld.lld -m`).
    var emulation: String {
        switch self {
        case .x86_64: "elf_x86_64"
        case .aarch64: "aarch64linux"
        }
    }
}

// How a library is linked: first its code and the runtime's into one relocatable object, which needs
// nothing else, then that into an archive or a shared library.
//
// The object has no names but the documented ones. So any number of libraries can be linked into one
// program, each with a runtime of its own, of its own version.

public import SystemPackage
public import TargetModel

/// A library to be linked.
public struct LibraryLink: Sendable, Hashable {
    /// The machine that it is for.
    public var architecture: Architecture
    /// The objects of its own code.
    public var objects: [FilePath]
    /// The folder of the target's runtime.
    public var runtimeFolder: FilePath

    public init(architecture: Architecture, objects: [FilePath], runtimeFolder: FilePath) {
        self.architecture = architecture
        self.objects = objects
        self.runtimeFolder = runtimeFolder
    }

    /// What a runtime folder must contain for libraries.
    public static let runtimeFiles = ["libsmelt-embed.a"]

    /// What the runtime asks the C library about threads. Where a weak reference was all, a linker would leave
    /// it out of a static program, and calls would not know where stacks end.
    static let threadFunctions: Set<String> = [
        "pthread_self", "pthread_getattr_np", "pthread_attr_getstack", "pthread_attr_destroy",
    ]

    /// The script of the first step: sections stay together of which the runtime has to know where they
    /// begin and end. `HIDDEN` is no help in a relocatable link; all names go later.
    public static let script = """
        SECTIONS {
            .text.smelt : {
                smelt_code_begin = .;
                *(.text.smelt .text.smelt.*)
                smelt_code_end = .;
            }
            .text.smelt_leaves : {
                smelt_leaves_begin = .;
                *(smelt_leaves)
                smelt_leaves_end = .;
            }
            .text : { *(.text .text.*) }
            smelt_symbols : {
                smelt_symbols_begin = .;
                *(smelt_symbols)
                smelt_symbols_end = .;
            }
            .rodata : { *(.rodata .rodata.*) }
            .data.rel.ro : { *(.data.rel.ro .data.rel.ro.*) }
            .data : { *(.data .data.*) }
            .bss : { *(.bss .bss.* COMMON) }
            .tdata : { *(.tdata .tdata.*) }
            .tbss : { *(.tbss .tbss.*) }
            /DISCARD/ : { *(smelt_calls .comment .llvm_addrsig) }
        }

        """

    /// The linker's arguments for one relocatable object.
    func relocatableArguments(scriptPath: FilePath, output: FilePath) -> [[UInt8]] {
        let words = [
            "-m", architecture.emulation, "-r", "--fatal-warnings", "--build-id=none", "-T",
        ]
        return words.map { Array($0.utf8) } + [scriptPath.bytes, Array("-o".utf8), output.bytes]
            + (objects + Self.runtimeFiles.map(runtimeFolder.appending)).map(\.bytes)
    }

    /// The linker's arguments for a shared library made of such an object. It is never unloaded, since
    /// it handles signals.
    func sharedArguments(object: FilePath, name: String, output: FilePath) -> [[UInt8]] {
        let words = [
            "-m", architecture.emulation, "-shared", "--fatal-warnings", "--build-id=none",
            "--eh-frame-hdr", "--gc-sections", "--hash-style=gnu", "-z", "noexecstack", "-z", "now",
            "-z", "relro", "-z", "nodelete", "-z",
            "max-page-size=\(architecture.maximumPageSize)", "-soname", name, "-o",
        ]
        return words.map { Array($0.utf8) } + [output.bytes, object.bytes]
    }
}

extension Linker {
    /// Links a library's code with its runtime, into an object that has only the names that are kept.
    ///
    /// - Parameters:
    ///   - names: The symbols that are for others, and what they are called then.
    ///   - suffix: What the names get that are not for others, different for each library.
    ///   - isShared: Whether a shared library is made of it, which gets along without a C library.
    ///   - folder: The folder that paths are relative to.
    public func linkObject(
        _ link: LibraryLink, keeping names: [String: String], suffix: String, isShared: Bool,
        in folder: FilePath
    ) async throws(LinkError) -> [UInt8] {
        try write(LibraryLink.script, to: folder.appending("library.ld"))
        try await run(
            link.relocatableArguments(scriptPath: "library.ld", output: "linked.o"),
            output: "linked.o", in: folder)
        let bytes: [UInt8]
        do {
            let file = try FileDescriptor.open(folder.appending("linked.o"), .readOnly)
            bytes = try file.closeAfter { try ELFFile.contents(of: file) }
        } catch {
            throw .file(path: "linked.o", reason: "cannot read: \(error)")
        }
        return try SymbolNames.hidden(
            bytes, keeping: names, suffix: suffix,
            needing: isShared ? [] : LibraryLink.threadFunctions)
    }

    /// Links a shared library out of such an object.
    public func linkShared(
        _ link: LibraryLink, object: FilePath, name: String, output: FilePath, in folder: FilePath
    ) async throws(LinkError) {
        try await run(
            link.sharedArguments(object: object, name: name, output: output), output: output,
            in: folder)
    }
}

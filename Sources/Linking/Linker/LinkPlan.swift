// What a link consists of, as plain data: it can be compared, printed and tested without running
// anything. `Linker` carries it out.

public import SystemPackage
public import TargetModel

/// One static executable to be made.
public struct LinkPlan: Sendable, Hashable {
    /// The machine that the executable is for.
    public var architecture: Architecture
    /// Objects and archives, in the linker's order: start files, the program, the libraries.
    public var inputs: [FilePath]
    /// The executable to write.
    public var output: FilePath
    /// Memory 0, or nil for programs without a memory.
    public var memory: MemoryImage?
    /// The size of the guest's stack, in bytes. A large one is mapped when the program starts, so
    /// that it does not move memory 0.
    public var stackSize: UInt64 = 0
    /// Whether to leave out the symbol table, and the section headers with it. Nothing at run time
    /// needs either.
    public var stripsSymbols = false
    /// Whether a trap shows its call stack: names of functions, unwind tables, and the part of the
    /// runtime that reads them.
    public var hasBacktraces = true
    /// Whether code throws and catches exceptions, which takes unwind tables, whether a trap shows
    /// its call stack or not.
    public var hasExceptions = false
    /// Whether to keep debug information.
    public var keepsDebugInformation = false
    /// Whether the executable has room for a table of places in the source.
    public var hasSourceTable = false
    /// How many threads the linker may use.
    public var threads = 1

    public init(
        architecture: Architecture, inputs: [FilePath], output: FilePath, memory: MemoryImage?
    ) {
        self.architecture = architecture
        self.inputs = inputs
        self.output = output
        self.memory = memory
    }

    /// The plan for a compiled program on top of an installed runtime.
    ///
    /// - Parameters:
    ///   - objects: The program's own object files.
    ///   - runtimeFolder: The folder of the target's runtime: `libsmelt.a`, and musl's `libc.a`,
    ///     whose mathematical functions compiled code may call.
    public static func program(
        architecture: Architecture, objects: [FilePath], runtimeFolder: FilePath,
        output: FilePath, memory: MemoryImage?
    ) -> LinkPlan {
        func runtime(_ name: String) -> FilePath { runtimeFolder.appending(name) }
        let inputs = objects + [runtime("libsmelt.a"), runtime("libc.a")]
        return LinkPlan(
            architecture: architecture, inputs: inputs, output: output, memory: memory)
    }

    /// The plan for a program in C that drives compiled code and needs all of musl, its start
    /// files included. What musl has is taken from there, and not from the runtime.
    public static func driver(
        architecture: Architecture, objects: [FilePath], runtimeFolder: FilePath, output: FilePath
    ) -> LinkPlan {
        func runtime(_ name: String) -> FilePath { runtimeFolder.appending(name) }
        let inputs =
            [runtime("crt1.o"), runtime("crti.o")] + objects
            + [runtime("libc.a"), runtime("libsmelt.a"), runtime("crtn.o")]
        var plan = LinkPlan(
            architecture: architecture, inputs: inputs, output: output, memory: nil)
        plan.hasExceptions = true
        return plan
    }

    /// What the runtime refers to weakly, so that it is in a program only if the linker is asked for it.
    private static let backtraceCode = ["smelt_print_backtrace", "smelt_describe_access"]

    private static let largestStack: UInt64 = 64 << 20

    /// What a runtime folder must contain.
    public static let runtimeFiles = ["libsmelt.a", "libc.a"]

    /// The linker script.
    public var script: LinkerScript {
        var script = LinkerScript(architecture: architecture, memory: memory)
        script.hasSourceTable = hasSourceTable
        script.hasBacktraces = hasBacktraces
        script.hasExceptions = hasExceptions
        if stackSize <= Self.largestStack { script.stackSize = stackSize }
        return script
    }

    /// The linker's arguments as messages show them, without its own name.
    ///
    /// - Parameter scriptPath: Where the text of ``script`` has been written.
    public func arguments(scriptPath: FilePath) -> [String] {
        argumentBytes(scriptPath: scriptPath).map { readable($0) }
    }

    /// The linker's arguments, which need not be UTF-8.
    func argumentBytes(scriptPath: FilePath) -> [[UInt8]] {
        var arguments = [
            "-m", architecture.emulation, "-static", "--no-pie", "--gc-sections",
            "--build-id=none", hasExceptions ? "--eh-frame-hdr" : "--no-eh-frame-hdr",
            "--orphan-handling=error",
            "--fatal-warnings", "-z", "norelro", "-z", "noexecstack", "-z",
            "max-page-size=\(architecture.maximumPageSize)", "--threads=\(max(1, threads))",
        ]
        if stripsSymbols {
            arguments += ["--strip-all", "-z", "nosectionheader"]
        } else if !keepsDebugInformation {
            arguments.append("--strip-debug")  // that of libc's start files
        }
        if hasBacktraces { arguments += Self.backtraceCode.map { "--undefined=\($0)" } }
        var bytes = arguments.map { Array($0.utf8) }
        bytes += [Array("-T".utf8), scriptPath.bytes, Array("-o".utf8), output.bytes]
        return bytes + inputs.map(\.bytes)
    }
}

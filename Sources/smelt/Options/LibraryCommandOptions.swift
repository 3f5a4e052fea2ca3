// The options of libraries: modules for programs in C and in what can call C.

internal import ArgumentParser
internal import Compiler
internal import SystemPackage

struct LibraryCommandOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the header of a library here (--emit obj makes one then, too).",
            valueName: "file.h"),
        completion: .file(extensions: ["h"]))
    var header: ByteString?

    @Option(
        help: ArgumentHelp(
            "Write a header for C++ here, which includes that for C.", valueName: "file.hpp"),
        completion: .file(extensions: ["hpp"]))
    var cxxHeader: ByteString?

    @Option(
        help: ArgumentHelp(
            "Write a module map here, by which Swift imports the header.",
            valueName: "module.modulemap"),
        completion: .file(extensions: ["modulemap"]))
    var moduleMap: ByteString?

    @Option(
        help: ArgumentHelp(
            "What names in C begin with (default: the output's name).", valueName: "prefix"))
    var name: String?

    @Flag(help: "Leave the functions of WASI to the library's host, like other imports.")
    var hostWASI = false

    @Flag(help: "Let another thread, a signal handler or a deadline end the guest's calls.")
    var interruptible = false

    @Flag(
        help:
            "Count what the guest executes, and end its calls when it has used up what it was given."
    )
    var fuel = false

    @Option(
        help: ArgumentHelp(
            "Keep accesses in a memory by reserved address space, 6 GiB for each (the default), or by comparing"
                + " each with its size.",
            valueName: "reserved|explicit"))
    var boundsChecks: BoundsCheckWord = .reserved

    @Option(
        help: ArgumentHelp(
            "With explicit checks, address space for each memory, beyond which it does not grow (default: its"
                + " own limit, but no more than 1G).",
            valueName: "size"))
    var memoryReservation: ByteString?

    /// The files to be written.
    var headers: LibraryHeaders {
        var headers = LibraryHeaders()
        headers.c = header.map { FilePath($0) }
        headers.cxx = cxxHeader.map { FilePath($0) }
        headers.moduleMap = moduleMap.map { FilePath($0) }
        return headers
    }

    private func reservation() throws(GrantError) -> UInt64? {
        guard boundsChecks == .explicit else { return nil }
        guard let memoryReservation else { return LibraryOptions.defaultMemoryReservation }
        return try Grant.size(parsing: memoryReservation, option: "--memory-reservation")
    }

    func validate() throws {
        if boundsChecks == .reserved, memoryReservation != nil {
            throw ValidationError("--memory-reservation is for --bounds-checks explicit")
        }
        do {
            _ = try reservation()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// What a library is called; nil if none is made.
    func options(for kind: EmitKind, output: FilePath) throws(CompilerError) -> LibraryOptions? {
        let isLibrary =
            switch kind {
            case .archive, .sharedLibrary: true
            case .object: header != nil
            case .executable, .assembly, .llvmIR, .llvmBitcode: false
            }
        guard isLibrary else {
            let given: [ByteString?] = [header, cxxHeader, moduleMap]
            guard given.allSatisfy({ $0 == nil }), name == nil, !hostWASI else {
                throw CompilerError(
                    .option(
                        "--header, --cxx-header, --module-map, --name and --host-wasi are for"
                            + " --emit archive, shared and obj"))
            }
            guard !interruptible, !fuel, boundsChecks == .reserved else {
                throw CompilerError(
                    .option(
                        "--interruptible, --fuel and --bounds-checks explicit are for libraries (--emit"
                            + " archive, shared, and obj with --header)"))
            }
            return nil
        }
        if output == "-" {
            throw CompilerError(.option("libraries cannot be written to standard output"))
        }
        var options = try LibraryOptions(prefix: name ?? Self.identifier(from: output))
        options.providesWASI = !hostWASI
        options.isInterruptible = interruptible
        options.countsFuel = fuel
        options.memoryReservation = try? reservation()
        return options
    }

    /// `plugin` for `out/libplugin.so`.
    private static func identifier(from output: FilePath) -> String {
        let stem = output.lastComponent?.stem ?? ""
        let name = stem.hasPrefix("lib") && stem.utf8.count > 3 ? String(stem.dropFirst(3)) : stem
        return String(
            name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" as Character })
    }
}

/// The words of `--bounds-checks`.
enum BoundsCheckWord: String, ExpressibleByArgument, CaseIterable {
    case reserved, explicit
}

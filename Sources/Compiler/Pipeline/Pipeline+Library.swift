// From a module to a library and its headers.

internal import Linking
internal import Lowering
public import SystemPackage

extension Pipeline {
    /// Compiles a module into a library and the headers by which programs use it.
    ///
    /// - Parameters:
    ///   - output: Where to write the object, the archive or the shared library.
    ///   - headers: Where to write the headers.
    public func compile(
        _ input: CompilerInput, to output: FilePath, headers: LibraryHeaders
    ) async throws(CompilerError) {
        do throws(CompilerError) {
            try checkOptions(output: output)
            try await compileLibrary(input, to: output, headers)
        } catch {
            throw error.about(input)
        }
    }

    func compileLibrary(
        _ input: CompilerInput, to output: FilePath, _ headers: LibraryHeaders
    ) async throws(CompilerError) {
        let isShared = options.emit == .sharedLibrary
        let open = { (path: FilePath?, isExecutable: Bool) throws(CompilerError) -> AtomicOutput? in
            guard let path else { return nil }
            return try withFiles { () throws(FileError) in
                try AtomicOutput(path, isExecutable: isExecutable)
            }
        }
        let file = try open(output, isShared)
        let (c, cxx, map) = (
            try open(headers.c, false), try open(headers.cxx, false),
            try open(headers.moduleMap, false)
        )
        let code = try await generate(input, nil)
        let name = output.lastComponent?.string ?? "library"
        let library = try await linkLibrary(code, name: name)
        if let plan = code.library {
            let common = try withFiles { () throws(FileError) in
                try Files.read(toolchain.libraryFolder.appending("smelt.h"))
            }
            let header = LibraryHeader(
                plan, module: code.module, common: String(decoding: common, as: UTF8.self))
            let included = headers.c?.lastComponent?.string ?? "\(plan.prefix).h"
            try withFiles { () throws(FileError) in
                try c?.write(Array(header.text.utf8))
                try cxx?.write(Array(header.cxxText(including: included).utf8))
                try map?.write(Array(header.moduleMap(including: included).utf8))
            }
        }
        try withFiles { () throws(FileError) in
            try file?.write(library)
            // The library is last: whoever sees it has its headers.
            for file in [c, cxx, map, file] { try file?.commit() }
        }
    }

    /// Links a library.
    private func linkLibrary(
        _ code: GeneratedCode, name: String
    ) async throws(CompilerError) -> [UInt8] {
        let start = ContinuousClock().now
        defer { observe(.finished(.linking, ContinuousClock().now - start)) }
        guard let library = code.library else { throw CompilerError(.bug("this is no library")) }
        let linker = try await toolchain.linker()
        let scratch = try withFiles(ScratchFolder.init)
        let objects = code.units.indices.map { FilePath("unit\($0).o") }
        for (bytes, name) in zip(code.units, objects) {
            do throws(FileError) {
                try scratch.write(bytes, to: name.string)
            } catch {
                throw CompilerError(error)
            }
        }
        let link = LibraryLink(
            architecture: options.target.architecture, objects: objects,
            runtimeFolder: Files.absolute(
                try toolchain.runtimeFolder(
                    for: options.target, containing: LibraryLink.runtimeFiles)))
        let symbols = LibraryHeader(library, module: code.module, common: "").symbols
        let object: [UInt8]
        do throws(LinkError) {
            object = try await linker.linkObject(
                link, keeping: symbols, suffix: ".\(library.prefix)",
                isShared: options.emit == .sharedLibrary, in: scratch.path)
        } catch {
            throw CompilerError(.link(error))
        }
        switch options.emit {
        case .sharedLibrary: break
        case .archive:
            return Archive.containing(
                object, name: "library.o", symbols: symbols.values.sorted())
        default: return object
        }
        try withFiles { () throws(FileError) in try scratch.write(object, to: "library.o") }
        do throws(LinkError) {
            try await linker.linkShared(
                link, object: "library.o", name: name, output: "library.so", in: scratch.path)
        } catch {
            throw CompilerError(.link(error))
        }
        do throws(FileError) {
            let file = try scratch.open("library.so")
            defer { try? file.close() }
            return try Self.readAll(file)
        } catch {
            throw CompilerError(error)
        }
    }
}

// How a library is linked.

internal import Linking
internal import Lowering
internal import SystemPackage
internal import TargetModel

extension Pipeline {
    /// Links a library.
    func linkLibrary(
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
        let glue = options.library?.integration.map { ["libsmelt-\($0.host.rawValue).a"] } ?? []
        let archives = glue + LibraryLink.runtimeFiles
        let link = LibraryLink(
            architecture: options.target.architecture, objects: objects, archives: archives,
            runtimeFolder: Files.absolute(
                try toolchain.runtimeFolder(for: options.target, containing: archives)))
        let symbols =
            library.integration?.symbols
            ?? LibraryHeader(library, module: code.module, common: "").symbols
        let object: [UInt8]
        do throws(LinkError) {
            object = try await linker.linkObject(
                link, keeping: Set(symbols), suffix: ".\(library.prefix)", in: scratch.path)
        } catch {
            throw CompilerError(.link(error))
        }
        switch options.emit {
        case .sharedLibrary: break
        case .archive: return Archive.containing(object, name: "library.o", symbols: symbols)
        default: return object
        }
        do throws(FileError) {
            try scratch.write(object, to: "library.o")
        } catch {
            throw CompilerError(error)
        }
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

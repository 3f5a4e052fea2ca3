// From the options of an extension to the plan of its functions.

internal import Lowering
internal import SystemPackage
internal import WasmBinary

extension IntegrationOptions {
    /// Reads the manifest, and finds what it names in the module.
    func plan(for module: Module, library: LibraryPlan) throws(CompilerError) -> IntegrationPlan {
        let bytes = try withFiles { () throws(FileError) in
            try manifest.map { path throws(FileError) in try Files.read(path) }
        }
        do throws(ManifestError) {
            return try IntegrationResolver.resolve(
                try bytes.map { bytes throws(ManifestError) in try ManifestParser.parse(bytes) },
                of: module, library: library, host: .init(rawValue: host.rawValue)!, name: name)
        } catch {
            throw CompilerError(
                .manifest(
                    .init(
                        path: manifest, line: error.line, message: error.message,
                        remedy: error.remedy)))
        }
    }
}

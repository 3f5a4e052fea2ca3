// Where the compiler finds what it is installed with: the runtime of each target, beside its own
// executable (bin/smelt, lib/smelt/<triple>), so that the tree can be moved anywhere.

package import Linking
public import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The installed files that compilations use.
public struct Toolchain: Sendable, Hashable {
    /// The folder with one folder for each target, named after its triple.
    public var libraryFolder: FilePath
    /// The folders in which the linker is looked for, as in `PATH`.
    public var searchPath: String

    /// - Parameters:
    ///   - libraryFolder: The folder `lib/smelt` of an installation.
    ///   - searchPath: The value of `PATH`.
    public init(libraryFolder: FilePath, searchPath: String) {
        self.libraryFolder = libraryFolder
        self.searchPath = searchPath
    }

    /// What `make install PREFIX=...` has installed: for programs that use this library.
    ///
    /// - Parameter prefix: The folder with `lib/smelt` in it, such as `/usr/local`.
    public static func installation(_ prefix: FilePath) -> Toolchain {
        Toolchain(libraryFolder: prefix.appending("lib/smelt"), searchPath: currentSearchPath)
    }

    private static var currentSearchPath: String {
        getenv("PATH").map { String(cString: $0) } ?? ""
    }

    /// The toolchain that the running executable belongs to: the command line's own.
    public static var ofThisExecutable: Toolchain {
        Toolchain(
            libraryFolder: executablePath.removingLastComponent().appending("../lib/smelt")
                .lexicallyNormalized(),
            searchPath: currentSearchPath)
    }

    /// The running executable, with symbolic links resolved.
    static var executablePath: FilePath {
        let buffer = [CChar](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            count = max(0, readlink("/proc/self/exe", buffer.baseAddress!, buffer.count))
        }
        return FilePath(String(decoding: buffer.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    /// The folder with the runtime for a target.
    ///
    /// - Throws: ``CompilerError/Kind/runtimeMissing(_:searched:)`` when a file is not there.
    public func runtimeFolder(for target: Target) throws(CompilerError) -> FilePath {
        let folder = libraryFolder.appending(target.triple)
        for name in LinkPlan.runtimeFiles {
            guard Files.kind(of: folder.appending(name)) == .regular else {
                throw CompilerError(.runtimeMissing(target, searched: [folder]))
            }
        }
        return folder
    }

    /// Whether programs for a target can be linked.
    public func supports(_ target: Target) -> Bool {
        (try? runtimeFolder(for: target)) != nil
    }

    /// The linker.
    package func linker() async throws(CompilerError) -> Linker {
        do {
            return Linker(path: try await LinkerLookup(path: searchPath).find())
        } catch {
            throw CompilerError(.link(error))
        }
    }
}

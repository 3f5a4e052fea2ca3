// Where the compiler finds what it is installed with: the runtime of each target, beside its own
// executable (bin/smelt, lib/smelt/<triple>), so that the tree can be moved anywhere.

package import Linking
internal import Platform
public import SystemPackage

/// The installed files that compilations use.
public struct Toolchain: Sendable, Hashable {
    /// The folder with one folder for each target, named after its triple.
    public var libraryFolder: FilePath
    /// The folders in which the linker is looked for, as in `PATH`.
    public var searchFolders: [FilePath]

    /// - Parameters:
    ///   - libraryFolder: The folder `lib/smelt` of an installation.
    ///   - searchFolders: The folders of `PATH`.
    public init(libraryFolder: FilePath, searchFolders: [FilePath]) {
        self.libraryFolder = libraryFolder
        self.searchFolders = searchFolders
    }

    /// What `make install PREFIX=...` has installed: for programs that use this library.
    ///
    /// - Parameter prefix: The folder with `lib/smelt` in it, such as `/usr/local`.
    public static func installation(_ prefix: FilePath) -> Toolchain {
        Toolchain(libraryFolder: prefix.appending("lib/smelt"), searchFolders: currentSearchFolders)
    }

    private static var currentSearchFolders: [FilePath] {
        guard let path = getenv("PATH") else { return [] }
        return ByteString(cString: path).bytes.split(separator: UInt8(ascii: ":"))
            .map { FilePath(bytes: $0) }
    }

    /// The toolchain that the running executable belongs to: the command line's own.
    public static var ofThisExecutable: Toolchain {
        Toolchain(
            libraryFolder: executablePath.removingLastComponent().appending("../lib/smelt")
                .lexicallyNormalized(),
            searchFolders: currentSearchFolders)
    }

    /// What is wrong where /proc is not mounted; nil if it is.
    public static var missingProc: CompilerError? {
        executablePath.isEmpty ? CompilerError(.noProc) : nil
    }

    /// The running executable, with symbolic links resolved.
    static var executablePath: FilePath {
        let name = [CChar](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            count = max(0, readlink("/proc/self/exe", buffer.baseAddress!, buffer.count))
        }
        return FilePath(bytes: name.map { UInt8(bitPattern: $0) })
    }

    /// The folder with the runtime for a target.
    ///
    /// - Throws: ``CompilerError/Kind/runtimeMissing(_:searched:)`` when a file is not there.
    public func runtimeFolder(for target: Target) throws(CompilerError) -> FilePath {
        try runtimeFolder(for: target, containing: LinkPlan.runtimeFiles)
    }

    /// The folder with the runtime for a target, if these files are in it.
    func runtimeFolder(
        for target: Target, containing files: [String]
    ) throws(CompilerError) -> FilePath {
        let folder = libraryFolder.appending(target.triple)
        for name in files {
            guard Files.kind(of: folder.appending(name)) == .regular else {
                if Self.executablePath.isEmpty { throw CompilerError(.noProc) }
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
            return Linker(
                path: try await LinkerLookup(folders: searchFolders.map(Files.absolute)).find())
        } catch {
            throw CompilerError(.link(error))
        }
    }
}

// Folders that others can write: whatever somebody puts into them, and whenever, no other file is
// written, and nothing that is not the user's own is taken for it.

import Compiler
import Foundation
import Platform
import SystemPackage
import Testing

@Suite struct HostileOutputTests {
    @Test func nothingWithAnotherNameIsThereMeanwhile() throws {
        try withTemporaryFolder { folder in
            let output = try AtomicOutput(folder.appending("out"))
            try output.write([1, 2, 3])
            // Where the file system has files without names there is nothing to be replaced.
            if let file = try Folder(opening: folder).createUnnamed(.ownerReadWrite) {
                try file.close()
                #expect(try names(in: folder) == [])
            }
            try output.commit()
            #expect(try names(in: folder) == ["out"])
        }
    }

    @Test(arguments: [false, true])
    func linksAreReplacedAndNotFollowed(isNamed: Bool) throws {
        try withTemporaryFolder { folder in
            let victim = folder.appending("victim")
            try Data([9]).write(to: URL(filePath: victim.string))
            let place = folder.appending("place")
            try makeFolder(place)
            try link("out", in: place, to: victim)
            let output = try AtomicOutput(
                "out", in: try Folder(opening: place), permissions: [.ownerReadWrite],
                isNamed: isNamed)
            // Somebody is quick with links of every name that is there.
            for name in try names(in: place) { try link(name, in: place, to: victim) }
            try output.write([1, 2, 3])
            for name in try names(in: place) { try link(name, in: place, to: victim) }
            try output.commit()
            #expect(try contents(of: victim) == [9])
            #expect(try names(in: place) == ["out"])
        }
    }

    @Test(arguments: [false, true])
    func thePlaceIsTheFolderThatItWas(isNamed: Bool) throws {
        try withTemporaryFolder { folder in
            let (place, other) = (folder.appending("place"), folder.appending("other"))
            try makeFolder(place)
            try makeFolder(other)
            let output = try AtomicOutput(
                "out", in: try Folder(opening: place), permissions: [.ownerReadWrite],
                isNamed: isNamed)
            try output.write([1])
            try #require(rename(place.string, folder.appending("moved").string) == 0)
            try #require(symlink(other.string, place.string) == 0)
            try output.commit()
            #expect(try names(in: other) == [])
            #expect(try names(in: folder.appending("moved")) == ["out"])
        }
    }

    @Test func permissionsAreThoseOfANewFile() throws {
        try withTemporaryFolder { folder in
            let path = folder.appending("out")
            try Data([9]).write(to: URL(filePath: path.string))
            try #require(chmod(path.string, 0o6777) == 0)
            for (isExecutable, mode) in [(true, mode_t(0o777)), (false, 0o666)] {
                // What the umask leaves of it. Setting one would be for all tests that run.
                let other = folder.appending("other-\(mode)")
                try #require(creat(other.string, mode) >= 0)
                let mode = try status(of: other).st_mode & 0o7777
                let output = try AtomicOutput(path, isExecutable: isExecutable)
                try output.write([1])
                try output.commit()
                #expect(try status(of: path).st_mode & 0o7777 == mode)
            }
        }
    }

    /// Nobody else has put them there: a link and a pipe of the user's own are written to.
    @Test func ownPipesAreWrittenTo() throws {
        try withTemporaryFolder { folder in
            let pipe = folder.appending("pipe")
            try #require(mkfifo(pipe.string, 0o600) == 0)
            let reader = try FileDescriptor.open(pipe, .readWrite)
            defer { try? reader.close() }
            try link("link", in: folder, to: pipe)
            for path in [pipe, folder.appending("link")] {
                let output = try AtomicOutput(path)
                try output.write([1, 2])
                try output.commit()
                var bytes: [UInt8] = [0, 0, 0]
                #expect(try bytes.withUnsafeMutableBytes { try reader.read(into: $0) } == 2)
            }
            #expect(try names(in: folder) == ["link", "pipe"])
            try link("null", in: folder, to: "/dev/null")
            try AtomicOutput(folder.appending("null")).commit()
            #expect(try status(of: folder.appending("null")).st_mode & S_IFMT == S_IFLNK)
        }
    }

    /// What others have put into a folder that they can write: their link is replaced, whatever it
    /// leads to, and their pipe is refused at once.
    @Test(
        .enabled(if: geteuid() == 0, "only root can act as another user"),
        arguments: [
            mode_t(0o777), 0o1777, 0o775,
        ])
    func plantedPipesAreNotWrittenTo(mode: mode_t) throws {
        let other: uid_t = 65534
        try withTemporaryFolder { folder in
            try #require(chmod(folder.string, mode) == 0)
            let (pipe, out) = (folder.appending("pipe"), folder.appending("out"))
            try #require(mkfifo(pipe.string, 0o666) == 0)
            try #require(chown(pipe.string, other, other) == 0)
            #expect(throws: FileError.self) { try AtomicOutput(pipe) }
            for target in [pipe, "/dev/full"] {
                try link("out", in: folder, to: target)
                try #require(lchown(out.string, other, other) == 0)
                let output = try AtomicOutput(out)
                try output.write([1, 2])
                try output.commit()
                #expect(try contents(of: out) == [1, 2])
                try #require(unlink(out.string) == 0)
            }
        }
    }

    /// Nor does a link of the user's own lead to a pipe of theirs.
    @Test(.enabled(if: geteuid() == 0, "only root can act as another user"))
    func pipesOfOthersBehindLinksAreRefused() throws {
        try withTemporaryFolder { folder in
            let pipe = folder.appending("pipe")
            try #require(mkfifo(pipe.string, 0o666) == 0)
            try #require(chown(pipe.string, 65534, 65534) == 0)
            try link("link", in: folder, to: pipe)
            #expect(throws: FileError.self) { try AtomicOutput(folder.appending("link")) }
            // In a folder that is the user's own it may stand, but without a reader nobody waits.
            #expect(throws: FileError.self) { try AtomicOutput(pipe) }
        }
    }

    /// `/dev/stdout` is a link, and root could replace it.
    @Test func namesOfDescriptorsAreWrittenTo() throws {
        try withTemporaryFolder { folder in
            let path = folder.appending("file")
            let file = try FileDescriptor.open(
                path, .readWrite, options: .create, permissions: .ownerReadWrite)
            defer { try? file.close() }
            let output = try AtomicOutput(FilePath("/proc/self/fd/\(file.rawValue)"))
            try output.write([1, 2])
            try output.commit()
            #expect(try contents(of: path) == [1, 2])
        }
    }

    @Test func scratchFoldersSurviveBeingReplaced() throws {
        try withTemporaryFolder { folder in
            setenv("TMPDIR", folder.string, 1)
            defer { unsetenv("TMPDIR") }
            do {
                let scratch = try ScratchFolder()
                let name = try #require(try names(in: folder).first)
                let path = folder.appending(name)
                #expect(try status(of: path).st_mode & 0o777 == 0o700)
                try #require(rename(path.string, folder.appending("moved").string) == 0)
                try makeFolder(path)
                try scratch.write([1], to: "mine")
                #expect(try names(in: path) == [])
                let moved = try names(in: folder.appending("moved"))
                #expect(moved == ["mine"])
                withExtendedLifetime(scratch) {}
            }
            #expect(try names(in: folder.appending("moved")) == [])
        }
    }
}

@Suite struct HostileCacheTests {
    private let key = Cache.Key(module: [1], facts: [])
    private static let isRoot = geteuid() == 0

    /// A cache with one program, the folder that it is in and the path of the program.
    private func withCache(_ body: (Cache, FilePath, FilePath) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let cache = Cache(folder: folder.appending("a/smelt"))
            try cache.publish([7], as: key).close()
            let shelf = cache.folder.appending(String(key.description.prefix(2)))
            try body(cache, shelf, shelf.appending(key.description))
        }
    }

    @Test func nobodyElseCanWriteIt() throws {
        try withCache { cache, shelf, entry in
            for path in [cache.folder.removingLastComponent(), cache.folder, shelf, entry] {
                let mode = try status(of: path).st_mode & 0o777
                #expect(mode == 0o700, "\(path)")
            }
        }
    }

    @Test(arguments: [0o720, 0o702])
    func foldersThatOthersCanWriteAreRefused(mode: UInt32) throws {
        try withCache { cache, shelf, _ in
            try #require(chmod(shelf.string, mode) == 0)
            #expect(try cache.find(key) == nil)
            #expect(throws: FileError.self) { try cache.publish([7], as: key) }
            try #require(chmod(shelf.string, 0o700) == 0)
            try #require(chmod(cache.folder.string, mode) == 0)
            #expect(throws: FileError.self) { try cache.find(key) }
            #expect(throws: FileError.self) { try cache.publish([7], as: key) }
            #expect(throws: FileError.self) { try cache.clear() }
        }
    }

    @Test(arguments: [0o720, 0o702, 0o4700, 0o600])
    func entriesThatOthersCanWriteAreMadeAgain(mode: UInt32) throws {
        try withCache { cache, _, entry in
            try #require(chmod(entry.string, mode) == 0)
            #expect(try cache.find(key) == nil)
            try cache.publish([7], as: key).close()
            #expect(try status(of: entry).st_mode & 0o7777 == 0o700)
        }
    }

    @Test(.enabled(if: isRoot, "only root can give files away"))
    func whatBelongsToOthersIsRefused() throws {
        try withCache { cache, shelf, entry in
            try #require(chown(entry.string, 65534, 65534) == 0)
            #expect(try cache.find(key) == nil)
            try cache.publish([7], as: key).close()
            #expect(try status(of: entry).st_uid == 0)
            try #require(chown(shelf.string, 65534, 65534) == 0)
            #expect(try cache.find(key) == nil)
            #expect(throws: FileError.self) { try cache.publish([7], as: key) }
            try #require(chown(cache.folder.string, 65534, 65534) == 0)
            #expect(throws: FileError.self) { try cache.find(key) }
        }
    }

    @Test func linksAreNotFollowed() throws {
        try withCache { cache, shelf, entry in
            let moved = FilePath("\(shelf)-moved")
            try #require(rename(entry.string, moved.string) == 0)
            try #require(symlink(moved.string, entry.string) == 0)
            #expect(try cache.find(key) == nil)
            try #require(unlink(entry.string) == 0)
            try #require(rename(moved.string, entry.string) == 0)

            try #require(rename(shelf.string, moved.string) == 0)
            try #require(symlink(moved.string, shelf.string) == 0)
            #expect(try cache.find(key) == nil)
            #expect(throws: FileError.self) { try cache.publish([7], as: key) }
            try #require(unlink(shelf.string) == 0)
            try #require(rename(moved.string, shelf.string) == 0)

            // The lock, too: it would be made where the link leads.
            let victim = FilePath("\(cache.folder)-victim")
            try #require(symlink(victim.string, "\(entry).lock") == 0)
            #expect(try cache.lock(key) == nil)
            #expect(!FileManager.default.fileExists(atPath: victim.string))
        }
    }

    @Test func whatIsFoundIsWhatWasLookedAt() throws {
        try withCache { cache, _, entry in
            let file = try #require(try cache.find(key))
            defer { try? file.close() }
            try #require(unlink(entry.string) == 0)
            try Data([8]).write(to: URL(filePath: entry.string))
            var byte: UInt8 = 0
            _ = try withUnsafeMutableBytes(of: &byte) {
                try file.read(fromAbsoluteOffset: 0, into: $0)
            }
            #expect(byte == 7)
        }
    }
}

private func link(_ name: String, in folder: FilePath, to target: FilePath) throws {
    let path = folder.appending(name).string
    unlink(path)
    try #require(symlink(target.string, path) == 0)
}

private func makeFolder(_ path: FilePath) throws {
    try #require(mkdir(path.string, 0o777) == 0)
}

private func status(of path: FilePath) throws -> stat {
    var status = stat()
    try #require(lstat(path.string, &status) == 0)
    return status
}

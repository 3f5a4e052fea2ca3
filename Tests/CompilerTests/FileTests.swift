// Outputs that appear whole or not at all, and the cache of compiled programs.

import Compiler
import Foundation
import SystemPackage
import Testing

@Suite struct AtomicOutputTests {
    @Test func appearsWhenItIsCommitted() throws {
        try withTemporaryFolder { folder in
            let path = folder.appending("out")
            let output = try AtomicOutput(path, isExecutable: true)
            try output.write([1, 2, 3])
            #expect(FileManager.default.fileExists(atPath: path.string) == false)
            try output.commit()
            #expect(try contents(of: path) == [1, 2, 3])
            #expect(FileManager.default.isExecutableFile(atPath: path.string))
            #expect(try names(in: folder) == ["out"])
        }
    }

    @Test func leavesNothingBehind() throws {
        try withTemporaryFolder { folder in
            let path = folder.appending("out")
            try Data([9]).write(to: URL(filePath: path.string))
            do {
                let output = try AtomicOutput(path)
                try output.write([1, 2, 3])
            }
            #expect(try names(in: folder) == ["out"])
            #expect(try contents(of: path) == [9])
        }
    }

    @Test func foldersAreRefused() throws {
        try withTemporaryFolder { folder in
            #expect(throws: FileError.self) { try AtomicOutput(folder) }
            #expect(throws: FileError.self) { try AtomicOutput(folder.appending("no/out")) }
        }
    }
}

@Suite struct CacheTests {
    @Test func findsWhatWasPublished() throws {
        try withTemporaryFolder { folder in
            let cache = Cache(folder: folder.appending("new/cache"))
            let key = Cache.Key(module: [1, 2], facts: ["a"])
            #expect(try cache.isMissing(key))
            try cache.publish([7, 8, 9], as: key).close()
            #expect(try !cache.isMissing(key))
            #expect(try contents(of: cache.path(of: key)).starts(with: [7, 8, 9]))
            try cache.publish([7, 8, 9], as: key).close()
            #expect(try cache.contents.count == 1)
        }
    }

    @Test func damageCountsAsMissing() throws {
        try withTemporaryFolder { folder in
            let cache = Cache(folder: folder)
            let key = Cache.Key(module: [], facts: [])
            try cache.publish(Array(0..<200), as: key).close()
            let path = cache.path(of: key)
            let bytes = try contents(of: path)
            for index in [0, 100, bytes.count - 1] {
                var damaged = bytes
                damaged[index] ^= 1
                try Data(damaged).write(to: URL(filePath: path.string))
                #expect(try cache.isMissing(key))
            }
            try Data(bytes.dropLast()).write(to: URL(filePath: path.string))
            #expect(try cache.isMissing(key))
        }
    }

    @Test func theLeastRecentlyUsedGoFirst() throws {
        try withTemporaryFolder { folder in
            let cache = Cache(folder: folder)
            let keys = (0..<10).map { Cache.Key(module: [$0], facts: []) }
            for (age, key) in keys.enumerated() {
                try cache.publish(Array(repeating: 0, count: 1000), as: key).close()
                let date = Date(timeIntervalSinceNow: Double(-100 * (age + 1)))
                try FileManager.default.setAttributes(
                    [.modificationDate: date], ofItemAtPath: cache.path(of: key).string)
            }
            let size = try cache.contents.size
            cache.trim(keeping: keys[9], to: size)
            #expect(try cache.contents.count == 10)
            // Using one makes it the youngest.
            #expect(try !cache.isMissing(keys[8]))
            cache.trim(keeping: keys[9], to: size * 4 / 10)
            #expect(try keys.indices.filter { try !cache.isMissing(keys[$0]) } == [0, 8, 9])
            #expect(try cache.clear().count == 3)
            #expect(try cache.contents.count == 0)
        }
    }

    @Test func keysTellEverythingApart() {
        let keys = [
            Cache.Key(module: [], facts: []), Cache.Key(module: [97], facts: []),
            Cache.Key(module: [], facts: ["a"]), Cache.Key(module: [], facts: ["", "a"]),
            Cache.Key(module: [], facts: ["a", ""]), Cache.Key(module: [98], facts: ["a"]),
            Cache.Key(module: [], facts: ["ab"]), Cache.Key(module: [], facts: ["a", "b"]),
        ]
        #expect(Set(keys).count == keys.count)
        #expect(Cache.Key(module: [1], facts: ["x"]) == Cache.Key(module: [1], facts: ["x"]))
    }

    @Test func folderFollowsTheEnvironment() {
        func folder(_ environment: [String: String]) -> FilePath? {
            Cache.defaultFolder { environment[$0].map { ByteString($0) } }
        }
        #expect(folder(["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/smelt")
        #expect(folder(["XDG_CACHE_HOME": "c", "HOME": "/h"]) == "/h/.cache/smelt")
        #expect(folder(["HOME": "/h"]) == "/h/.cache/smelt")
        #expect(folder([:]) == nil)
    }
}

extension Cache {
    fileprivate func isMissing(_ key: Key) throws -> Bool {
        guard let file = try find(key) else { return true }
        try file.close()
        return false
    }

    fileprivate func path(of key: Key) -> FilePath {
        folder.appending(String(key.description.prefix(2))).appending(key.description)
    }
}

func withTemporaryFolder(_ body: (FilePath) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(
        path: "smelt-compiler-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(FilePath(url.path))
}

func contents(of path: FilePath) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: path.string)))
}

func names(in folder: FilePath) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
}

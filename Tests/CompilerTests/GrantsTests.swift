// Grants: reading them, and the three forms in which they travel.

import Compiler
import Testing

@Suite struct GrantsTests {
    @Test func directories() throws {
        #expect(try Grant.directory(parsing: "/data") == .directory(host: "/data", guest: "/data"))
        #expect(try Grant.directory(parsing: "a::/b") == .directory(host: "a", guest: "/b"))
        #expect(try Grant.directory(parsing: "a:b") == .directory(host: "a:b", guest: "a:b"))
        #expect(throws: GrantError.self) { try Grant.directory(parsing: "") }
        #expect(throws: GrantError.self) { try Grant.directory(parsing: "::/x") }
        #expect(throws: GrantError.self) { try Grant.directory(parsing: "x::") }
        #expect(throws: GrantError.self) { try Grant.directory(parsing: "a\0b") }
    }

    @Test func modesOfDirectories() throws {
        func read(_ text: String) throws -> Grant { try Grant.directory(parsing: ByteString(text)) }
        #expect(try read("a:ro") == .directory(host: "a", guest: "a", isReadOnly: true))
        #expect(try read("a::/b:ro") == .directory(host: "a", guest: "/b", isReadOnly: true))
        #expect(try read("a:ro::b") == .directory(host: "a:ro", guest: "b"))
        #expect(try read("a::b:rw") == .directory(host: "a", guest: "b"))
        #expect(try read("a::b:ro:rw") == .directory(host: "a", guest: "b:ro"))
        #expect(throws: GrantError.self) { try read(":ro") }
        #expect(throws: GrantError.self) { try read("a:::ro") }
        for text in ["a", "a:ro", "a::b:ro", "a::b:ro:rw", "a:ro::b", "a:ro:rw"] {
            let grants = Grants([try read(text)])
            #expect(try Grants(words: grants.words) == grants, "\(text)")
        }
    }

    @Test(arguments: [("0", 0), ("65536", 65536), ("64K", 65536), ("3M", 3 << 20), ("2G", 2 << 30)])
    func sizes(text: String, size: UInt64) throws {
        #expect(try Grant.maximumMemory(parsing: ByteString(text)) == .maximumMemory(size))
    }

    @Test(arguments: ["", "K", "-1", "+1", "1.5M", "1T", "1MB", "1 K", "18446744073709551616"])
    func wrongSizes(text: String) {
        #expect(throws: GrantError.self) { try Grant.maximumMemory(parsing: ByteString(text)) }
    }

    @Test func stackSizesHaveBounds() throws {
        #expect(try Grant.stackSize(parsing: "64K") == .stackSize(65536))
        #expect(try Grant.stackSize(parsing: "1G") == .stackSize(1 << 30))
        #expect(throws: GrantError.self) { try Grant.stackSize(parsing: "65535") }
        #expect(throws: GrantError.self) { try Grant.stackSize(parsing: "1073741825") }
    }

    @Test(arguments: ["example.org:443", "127.0.0.1:*", "*:80", "*:*", "[::1]:8080", "a_b-c.:1"])
    func peers(text: String) throws {
        let grants = Grants([try .connection(parsing: ByteString(text))])
        #expect(grants.list == [.connection(peer: text)])
        #expect(try Grants(words: grants.words) == grants)
        #expect(grants.encoded == Array("--connect\0\(text)\0\0".utf8))
    }

    @Test(arguments: [
        "", "80", ":80", "host", "host:", "host:65536", "host:-1", "host:+1", "::1:80", "[::1]",
        "[]:80", "[1.2.3.4]:80", "ho st:80", "*.org:80", "h\u{e4}:80", "host:**",
    ])
    func wrongPeers(text: String) {
        #expect(throws: GrantError.self) { try Grant.connection(parsing: ByteString(text)) }
    }

    @Test(arguments: ["127.0.0.1:80", "0.0.0.0:0", "[::1]:8080", "[::ffff:1.2.3.4]:65535"])
    func addresses(text: String) throws {
        #expect(try Grant.listener(parsing: ByteString(text)) == .listener(address: text))
    }

    @Test(arguments: [
        "", "80", ":80", "1.2.3:80", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536",
        "1.2.3.4:-1", "1.2.3.4:+1", "::1:80", "[::1]", "[::1:80", "[]:80", "[1.2.3.4]:80",
    ])
    func wrongAddresses(text: String) {
        #expect(throws: GrantError.self) { try Grant.listener(parsing: ByteString(text)) }
    }

    @Test func oneNameIsKnown() throws {
        #expect(
            try Grant.listener(parsing: "localhost:80") == .listener(address: "127.0.0.1:80"))
    }

    @Test func limitsAreNoWordsOfTheProgram() throws {
        let words: [ByteString] = [
            "--max-memory=1M", "--stack-size", "1M", "--no-lockdown", "--listen=1.2.3.4:5",
            "--max-memory", "2M", "--gc-heap=3G",
        ]
        let grants = try Grants(words: words)
        #expect(grants.encoded == Array("--listen\01.2.3.4:5\0\0".utf8))
        #expect(grants.maximumMemory == 2 << 20)
        #expect(grants.stackSize == 1 << 20)
        #expect(grants.heapSize == 3 << 30)
        #expect(!grants.locksDown)
        #expect(try Grants(environmentValue: grants.environmentValue) == grants)
    }

    @Test func variables() throws {
        #expect(try Grant.variable(parsing: "A=b=c") == .variable(name: "A", value: "b=c"))
        #expect(try Grant.variable(parsing: "A=") == .variable(name: "A", value: ""))
        #expect(throws: GrantError.self) { try Grant.variable(parsing: "A") }
        #expect(throws: GrantError.self) { try Grant.variable(parsing: "=b") }
        #expect(throws: GrantError.self) { try Grant.inheritance(parsing: "") }
        #expect(throws: GrantError.self) { try Grants(words: ["--inherit-env="]) }
        #expect(try Grants(words: ["--inherit-env"]).list == [.inheritedEnvironment])
        #expect(try Grant.inheritance(parsing: "A") == .inheritedVariable(name: "A"))
        #expect(throws: GrantError.self) { try Grant.inheritance(parsing: "A=b") }
    }

    @Test func wordsOfTheCommandLine() throws {
        let words: [ByteString] = [
            "--dir", "/a", "--env=X=1", "--inherit-env", "--inherit-env=Y", "--dir=b::c",
        ]
        let grants = try Grants(words: words)
        #expect(
            grants.list == [
                .directory(host: "/a", guest: "/a"), .variable(name: "X", value: "1"),
                .inheritedEnvironment, .inheritedVariable(name: "Y"),
                .directory(host: "b", guest: "c"),
            ])
        #expect(try Grants(words: grants.words) == grants)
        #expect(throws: GrantError.self) { try Grants(words: ["--dir"]) }
        #expect(throws: GrantError.self) { try Grants(words: ["--bogus", "x"]) }
    }

    @Test(arguments: ["", " ", "\\", "a b", "tab\tnew\nline", "\\\\ \\", "ünï", "a=b"])
    func everyValueSurvivesTheEnvironment(value: String) throws {
        let grants = Grants([
            .variable(name: "A", value: ByteString(value)),
            .directory(host: "/x \(value)", guest: "/g"),
            .inheritedEnvironment,
        ])
        #expect(try Grants(environmentValue: grants.environmentValue) == grants)
    }

    @Test func bytesThatAreNotTextStayWhatTheyAre() throws {
        let name = ByteString([0x2f, 0xff, 0x80, 0xc3])
        let grants = try Grants(words: ["--dir", name, ByteString(Array("--env=A=".utf8) + [0xe9])])
        #expect(
            grants.list == [
                .directory(host: name, guest: name),
                .variable(name: "A", value: ByteString([0xe9])),
            ])
        #expect(grants.encoded.filter { $0 >= 0x80 } == [0xff, 0x80, 0xc3, 0xe9])
        #expect(try Grants(environmentValue: grants.environmentValue) == grants)
        // Messages show them, and nothing that a terminal would obey.
        #expect("\(name)" == "/\\xff\\x80\\xc3")
        #expect("\(ByteString("a\u{1b}[2J\n\u{202e}é"))" == "a\\x1b[2J\\x0a\\xe2\\x80\\xaeé")
    }

    /// An accent behind a colon makes one character of the two, but the runtime reads bytes.
    @Test func separatorsAreBytes() throws {
        let grant = try Grant.directory(parsing: "a::\u{301}b")
        #expect(grant == .directory(host: "a", guest: "\u{301}b"))
        // Texts that are drawn alike are different files.
        #expect(ByteString("\u{e9}") != ByteString("e\u{301}"))
    }

    @Test func blanksSeparateWords() throws {
        let grants = try Grants(environmentValue: "  --dir\t/a\\ b \n --env A=\\\\ ")
        #expect(
            grants.list == [
                .directory(host: "/a b", guest: "/a b"), .variable(name: "A", value: "\\"),
            ])
        #expect(throws: GrantError.self) { try Grants(environmentValue: "--env A=\\") }
        #expect(try Grants(environmentValue: "") == Grants())
    }

    @Test func encodedForTheProgram() {
        #expect(Grants().encoded == [0])
        let grants = Grants([.variable(name: "A", value: "b"), .inheritedVariable(name: "C")])
        #expect(grants.encoded == Array("--env\0A=b\0--inherit-env=C\0\0".utf8))
    }
}

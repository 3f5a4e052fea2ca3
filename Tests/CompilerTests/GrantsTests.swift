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

    @Test func variables() throws {
        #expect(try Grant.variable(parsing: "A=b=c") == .variable(name: "A", value: "b=c"))
        #expect(try Grant.variable(parsing: "A=") == .variable(name: "A", value: ""))
        #expect(throws: GrantError.self) { try Grant.variable(parsing: "A") }
        #expect(throws: GrantError.self) { try Grant.variable(parsing: "=b") }
        #expect(try Grant.inheritance(parsing: "") == .inheritedEnvironment)
        #expect(try Grant.inheritance(parsing: "A") == .inheritedVariable(name: "A"))
        #expect(throws: GrantError.self) { try Grant.inheritance(parsing: "A=b") }
    }

    @Test func wordsOfTheCommandLine() throws {
        let words = ["--dir", "/a", "--env=X=1", "--inherit-env", "--inherit-env=Y", "--dir=b::c"]
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
            .variable(name: "A", value: value), .directory(host: "/x \(value)", guest: "/g"),
            .inheritedEnvironment,
        ])
        #expect(try Grants(environmentValue: grants.environmentValue) == grants)
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

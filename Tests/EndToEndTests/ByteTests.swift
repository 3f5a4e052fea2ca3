// Paths, arguments and variables are bytes on their whole way, whether they are UTF-8 or not.

import Foundation
import Testing

@Suite struct ByteTests {
    /// Names that are not UTF-8, beside what they would become if they were repaired.
    private static let preparation = #"""
        smelt=$1 module=$2
        dir=$(printf 'd\xe9\xff') repaired=$(printf 'd\xef\xbf\xbd\xef\xbf\xbd')
        mkdir "$dir" "$repaired"
        echo right > "$dir/$(printf 'f\xfe')"; echo wrong > "$repaired/wrong"
        argument=$(printf 'x\xc3') variable=$(printf 'A=\xf4\x8f\xbe\x80\x80')

        """#

    private func run(_ script: String) async throws -> Command.Result {
        let module = try await Artifacts.shared.module("bytes.c", in: Project.grants)
        let folder = try Project.freshFolder("bytes")
        var command = Command([
            "/bin/bash", "-c", Self.preparation + script, "bash", Project.smelt, module.path,
        ])
        command.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path]
        command.folder = folder
        return try command.run()
    }

    @Test(arguments: [
        #""$smelt" "$module" -o app --dir "$dir::/d" --env "$variable" && ./app "$argument""#,
        #""$smelt" "$module" -o app --embed "$dir::/d" --env "$variable" && ./app "$argument""#,
        #""$smelt" run "$module" --dir "$dir::/d" --env "$variable" "$argument""#,
        #""$smelt" run --embed "$dir::/d" "$module" "--env=$variable" -- "$argument""#,
        #"SMELT_GRANTS="--dir $dir::/d --env $variable" "$smelt" run "$module" "$argument""#,
    ])
    func reachTheProgram(script: String) async throws {
        let result = try await run(script)
        let expected = """
            argument 78 c3
            variable 41 3d f4 8f be 80 80
            name 66 fe
            line right

            """
        #expect(result.text == expected, "\(result.errors)")
    }

    /// The compiler's own files: the module, the output, its own place and that of temporary files.
    @Test func nameFilesOfTheCompiler() async throws {
        let result = try await run(
            #"""
            name=$(printf 'm\xe9') && cp "$module" "$name.wasm"
            mkdir "$dir/bin" "$dir/lib" && cp "$smelt" "$dir/bin/smelt"
            cp -R "${smelt%/bin/smelt}/lib/smelt" "$dir/lib/smelt"
            TMPDIR=$dir "$dir/bin/smelt" "$name.wasm" && "./$name" "$argument"
            "$dir/bin/smelt" "$name.wasm" -g -o "$dir/out" && "$dir/out" "$argument"
            ls -A "$dir" | grep -c smelt-
            "$smelt" "$(printf 'gone\xe9\e[2J')"
            "$smelt" inspect "$name" --json | head -n 1
            """#)
        #expect(result.text == "argument 78 c3\nargument 78 c3\n0\n{\n")
        #expect(
            result.errors.contains(#"error: gone\xe9\x1b[2J: cannot read: No such file"#),
            "\(result.errors)")
    }
}

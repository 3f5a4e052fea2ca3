// Manifests: which functions a module has for a database or an interpreter, and how they are called.
// Integrations/README.md describes the format. A line is a declaration, or belongs to the one above if it
// is indented. What is not understood is an error.

internal import Lowering

/// Reads a manifest.
struct ManifestParser {
    private var manifest = Manifest()
    /// The clauses that the last declaration has had.
    private var clauses: Set<String> = []

    static func parse(_ bytes: [UInt8]) throws(ManifestError) -> Manifest {
        var parser = ManifestParser()
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ManifestError(
                line: 1, message: "the manifest is not text in UTF-8", remedy: "save it in UTF-8")
        }
        var isFirst = true
        var number = 0
        for part in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            var line = try ManifestLine(part, line: number)
            if line.isEmpty { continue }
            if isFirst {
                try parser.parseFirst(&line)
            } else if line.isIndented {
                try parser.parseClause(&line)
            } else {
                try parser.parseDeclaration(&line)
            }
            isFirst = false
            try line.requireEnd()
        }
        return parser.manifest
    }

    private func parseFirst(_ line: inout ManifestLine) throws(ManifestError) {
        guard line.skip("manifest"), try line.integer("the version") == 1 else {
            throw ManifestError(
                line: line.line, message: "this is no manifest that is known here",
                remedy: "its first line is: manifest 1")
        }
    }

    /// An error unless it is the first of its kind.
    private mutating func once(_ clause: String, _ line: ManifestLine) throws(ManifestError) {
        guard clauses.insert(clause).inserted else {
            throw ManifestError(
                line: line.line, message: "'\(clause)' has been said before",
                remedy: "leave one of them out")
        }
    }

    // Declarations ---------------------------------------------------------------------------

    private mutating func parseDeclaration(_ line: inout ManifestLine) throws(ManifestError) {
        let word = try line.name("a declaration")
        switch word {
        case "memory": manifest.maximumMemory = try line.size()
        case "deadline":
            manifest.deadline = try line.milliseconds()
            manifest.deadlineLine = line.line
        case "stack": manifest.stackSize = try stackSize(&line)
        case "allocate": manifest.allocate = try line.call()
        case "release": manifest.release = try line.call()
        case "start": manifest.starts.append(try line.call())
        case "reuse":
            try line.require("buffers")
            manifest.reusesBuffers = true
        case "import": try parseImport(&line)
        case "function": try parseFunction(.scalar, &line)
        case "aggregate": try parseFunction(.aggregate, &line)
        case "table": try parseFunction(.table, &line)
        default:
            throw ManifestError(
                line: line.line, message: "'\(word)' is no declaration",
                remedy: "there are memory, stack, deadline, allocate, release, reuse, start,"
                    + " import, function, aggregate and table")
        }
    }

    private func stackSize(_ line: inout ManifestLine) throws(ManifestError) -> UInt64 {
        let size = try line.size()
        guard (16 << 10...1 << 30).contains(size) else {
            throw ManifestError(
                line: line.line, message: "the stack is out of range",
                remedy: "say something between 16KiB and 1GiB")
        }
        return size
    }

    private mutating func parseImport(_ line: inout ManifestLine) throws(ManifestError) {
        let module = try line.export("the name of a module")
        let name = try line.export("the name of a function")
        try line.require("=")
        let word = try line.name("trap, notice or error")
        let role: IntegrationPlan.ImportRole
        switch word {
        case "trap": role = .trap
        case "notice": role = .notice
        case "error": role = .error
        default:
            throw ManifestError(
                line: line.line, message: "an import cannot be '\(word)'",
                remedy: "there are trap, notice and error")
        }
        manifest.imports.append(.init(line: line.line, module: module, name: name, role: role))
    }

    private mutating func parseFunction(
        _ kind: IntegrationPlan.Function.Kind, _ line: inout ManifestLine
    ) throws(ManifestError) {
        let name = try line.declaredName("a function")
        guard !manifest.functions.contains(where: { $0.name == name }) else {
            throw ManifestError(
                line: line.line, message: "there is a function '\(name)' already",
                remedy: "give it another name: functions are not told apart by their types")
        }
        var function = Manifest.Declaration(
            line: line.line, kind: kind, name: name, arguments: try line.arguments(),
            result: .init(line: line.line))
        try line.require("->")
        if kind == .table {
            function.columns = try line.arguments().map { name, type in
                .init(name: name, type: type, result: .init(line: line.line))
            }
        } else {
            function.type = try line.type()
        }
        if kind == .scalar {
            try line.require("=")
            function.calls["main"] = try line.call()
        }
        manifest.functions.append(function)
        clauses = []
    }

    // Clauses --------------------------------------------------------------------------------

    private mutating func parseClause(_ line: inout ManifestLine) throws(ManifestError) {
        guard let last = manifest.functions.indices.last else {
            throw ManifestError(
                line: line.line, message: "an indented line belongs to a declaration of a function",
                remedy: "begin the line without a blank")
        }
        var function = manifest.functions[last]
        let word = try line.name("a clause")
        switch (word, function.kind) {
        case ("begin", .aggregate), ("step", .aggregate), ("final", .aggregate),
            ("drop", .aggregate),
            ("open", .table), ("next", .table), ("close", .table):
            try once(word, line)
            function.calls[word] = try line.call()
        case ("column", .table): try parseColumn(&function, &line)
        case ("result", _), ("null", _), ("release", _):
            try parseResult(word, &function, &line)
        case ("immutable", _), ("stable", _), ("volatile", _):
            try once("volatility", line)
            function.volatility =
                word == "immutable" ? .immutable : word == "stable" ? .stable : .volatile
        case ("called", _):
            try line.require("on")
            try line.require("null")
            function.isCalledOnNull = true
        case ("without", _):
            try line.require("lock")
            function.releasesLock = true
        case ("gives", _): function.given.append(try line.name("an argument"))
        case ("succeeds", .scalar):
            try once(word, line)
            try line.require("when")
            function.status = (try line.integer("a number"), false)
        case ("fails", .scalar):
            try once(word, line)
            try line.require("when")
            function.status = (try line.integer("a number"), true)
        default:
            throw ManifestError(
                line: line.line, message: "'\(word)' is no clause of this declaration",
                remedy: "Integrations/README.md lists the clauses of each declaration")
        }
        manifest.functions[last] = function
    }

    private mutating func parseColumn(
        _ function: inout Manifest.Declaration, _ line: inout ManifestLine
    ) throws(ManifestError) {
        let name = try line.name("a column")
        guard let index = function.columns.firstIndex(where: { $0.name == name }) else {
            throw ManifestError(
                line: line.line, message: "the table has no column '\(name)'",
                remedy: "its columns stand behind ->")
        }
        try once("column \(name)", line)
        try line.require("=")
        function.columns[index].call = try line.call()
        function.columns[index].result.line = line.line
        function.currentColumn = index
        clauses.subtract(["result", "null", "release"])
    }

    /// Clauses about what the last call returns.
    private mutating func parseResult(
        _ word: String, _ function: inout Manifest.Declaration, _ line: inout ManifestLine
    ) throws(ManifestError) {
        try once(word, line)
        if function.kind == .table, function.currentColumn == nil {
            throw ManifestError(
                line: line.line, message: "'\(word)' is about a column, and there is none yet",
                remedy: "put it behind the column that it is about")
        }
        let column = function.currentColumn
        var result = column.map { function.columns[$0].result } ?? function.result
        switch word {
        case "null":
            try line.require("when")
            result.nullValue = try line.integer("a number")
        case "release":
            try line.require("result")
            result.isReleased = true
            if line.skip("with") { result.release = try line.call() }
        default: try parseForm(&result, &line)
        }
        result.line = line.line
        if let column {
            function.columns[column].result = result
        } else {
            function.result = result
        }
    }

    private func parseForm(
        _ result: inout Manifest.Outcome, _ line: inout ManifestLine
    ) throws(ManifestError) {
        let word = try line.name("a form")
        switch word {
        case "packed":
            let isPointerFirst = line.skip("pointer")
            try line.require("length")
            if !isPointerFirst { try line.require("pointer") }
            result.form = isPointerFirst ? .packedPointerLength : .packedLengthPointer
        case "pair": result.form = .pair
        case "area": result.form = .area
        case "terminated": result.form = .terminated
        case "prefixed": result.form = .prefixed
        case "buffer":
            result.form = .buffer
            let size = try line.size()
            guard size <= 1 << 30 else {
                throw ManifestError(
                    line: line.line, message: "the buffer is too large",
                    remedy: "it is at most 1GiB")
            }
            result.capacity = UInt32(size)
        case "calls":
            result.form = .calls
            result.pointerCall = try line.call()
            result.lengthCall = try line.call()
        default:
            throw ManifestError(
                line: line.line, message: "'\(word)' is no form of results",
                remedy: "there are packed pointer length, packed length pointer, pair, area,"
                    + " terminated, prefixed, buffer and calls")
        }
    }
}

// What PostgreSQL reads of an extension beside its library.

internal import Lowering

/// The control file and the script of an extension of PostgreSQL.
struct ExtensionFiles {
    let plan: IntegrationPlan
    let version: String

    var control: String {
        """
        # Made by smelt integrate.
        comment = 'functions of a WebAssembly module'
        default_version = '\(version)'
        module_pathname = '$libdir/\(plan.name)'
        relocatable = true
        trusted = true

        """
    }

    var script: String {
        let lines = [
            "\\echo Use \"CREATE EXTENSION \(plan.name)\" to load this file. \\quit"
        ]
        return (lines + plan.functions.map(statement)).joined(separator: "\n\n") + "\n"
    }

    private func statement(_ function: IntegrationPlan.Function) -> String {
        let symbols = IntegrationPlan.postgreSQLSymbols(of: function)
        let arguments = function.arguments.map { "\"\($0.name)\" \(Self.name($0.type))" }
        let list = arguments.joined(separator: ", ")
        switch function.kind {
        case .scalar:
            return create(
                "\"\(function.name)\"(\(list))", returns: Self.name(function.returned!.type),
                function,
                symbols[0], isStrict: !function.isCalledOnNull)
        case .table:
            let columns = function.columns.map { "\"\($0.name)\" \(Self.name($0.returned.type))" }
            return create(
                "\"\(function.name)\"(\(list))",
                returns: "TABLE (\(columns.joined(separator: ", ")))", function, symbols[0],
                isStrict: !function.isCalledOnNull)
        case .aggregate:
            let step = "\"\(function.name)_step\""
            let final = "\"\(function.name)_final\""
            let inputs = (["internal"] + arguments).joined(separator: ", ")
            return [
                create(
                    "\(step)(\(inputs))", returns: "internal", function, symbols[0], isStrict: false
                ),
                create(
                    "\(final)(internal)", returns: Self.name(function.returned!.type), function,
                    symbols[1], isStrict: false),
                """
                CREATE AGGREGATE "\(function.name)"(\(list)) (
                    SFUNC = \(step), STYPE = internal, FINALFUNC = \(final),
                    FINALFUNC_MODIFY = read_write, PARALLEL = safe
                );
                """,
            ].joined(separator: "\n\n")
        }
    }

    private func create(
        _ signature: String, returns: String, _ function: IntegrationPlan.Function,
        _ symbol: String,
        isStrict: Bool
    ) -> String {
        let volatility =
            switch function.volatility {
            case .volatile: "VOLATILE"
            case .stable: "STABLE"
            case .immutable: "IMMUTABLE"
            }
        return """
            CREATE FUNCTION \(signature) RETURNS \(returns)
            AS 'MODULE_PATHNAME', '\(symbol)'
            LANGUAGE C \(volatility)\(isStrict ? " STRICT" : "") PARALLEL SAFE;
            """
    }

    private static func name(_ type: IntegrationPlan.ValueType) -> String {
        let element =
            switch type.element {
            case .integer: "integer"
            case .bigint: "bigint"
            case .real: "real"
            case .float: "double precision"
            case .boolean: "boolean"
            case .text: "text"
            case .bytes: "bytea"
            }
        return element + (type.isArray ? "[]" : "")
    }
}

// `smelt help TOPIC`: what does not belong to one option or one subcommand. The same texts are
// sections of the manual page.

internal import ArgumentParser
internal import Compiler

/// A text that explains something.
struct HelpTopic {
    /// The word behind `smelt help`.
    var name: String
    /// Other words for it.
    var aliases: [String] = []
    /// One line about it.
    var abstract: String
    /// Paragraphs, separated by empty lines. Lines that begin with four spaces stay as they are.
    var text: String

    static let all = [grants, modules, targets, optimization, debugging, errors, environment]

    /// What `smelt help` with this word shows, if the word is a topic or almost one.
    ///
    /// - Returns: Nil for subcommands, which the parser knows.
    static func text(for word: String) throws(CompilerError) -> String? {
        if let topic = all.first(where: { $0.name == word || $0.aliases.contains(word) }) {
            return topic.text
        }
        let names = SubcommandNames.all
        if names.contains(word) { return nil }
        var error = CompilerError(.option("there is no help about '\(word)'"))
        if let similar = Spelling.nearest(to: word, among: names + all.map(\.name)) {
            error.furtherNotes.append("did you mean smelt help \(similar)?")
        }
        error.furtherNotes.append("topics are \(all.map(\.name).joined(separator: ", "))")
        error.furtherNotes.append("subcommands are \(names.joined(separator: ", "))")
        throw error
    }

    /// The list of topics below the help of the whole command.
    static var overview: String {
        let width = all.map(\.name.count).max() ?? 0
        let lines = all.map { topic in
            let padding = String(repeating: " ", count: width - topic.name.count)
            return "  \(topic.name)\(padding)  \(topic.abstract)"
        }
        return "Topics of smelt help:\n" + lines.joined(separator: "\n")
    }
}

// Topics --------------------------------------------------------------------------------------

extension HelpTopic {
    static let grants = HelpTopic(
        name: "grants", aliases: ["grant", "sandbox", "permissions"],
        abstract: "What a program may touch, and how it is allowed to.",
        text: """
            A compiled program may use its arguments, its standard streams, clocks and random
            numbers, and nothing else. Everything more is granted, and limited, with these words:

                --dir HOST               the directory HOST, under the same name
                --dir HOST::GUEST        the directory HOST, which the program sees as GUEST
                --dir HOST::GUEST:ro     the same, but nothing in it can be changed
                --env NAME=VALUE         an environment variable
                --inherit-env=NAME       the variable NAME of the environment it is started in
                --inherit-env            the whole environment
                --listen ADDRESS:PORT    connections to an address; [ADDRESS]:PORT for IPv6
                --connect HOST:PORT      connections of a component to a host; * stands for any
                --max-memory SIZE        no memory of the program grows beyond SIZE
                --gc-heap SIZE           what objects may take; by default half of the machine's
                                         memory
                --stack-size SIZE        how much stack the program has
                --no-lockdown            the program keeps system calls that it does not need

            A SIZE is a number of bytes, or a number with K, M or G behind it.

            Grants can be given when the program is compiled, when it is started with smelt run,
            and when it is started by itself, in the environment variable SMELT_GRANTS:

                smelt compile app.wasm --dir ./data::/data
                smelt run --dir ./data::/data app.wasm
                SMELT_GRANTS="--dir ./data::/data" ./app

            Those of the compilation and those of the start add up; of several variables of one
            name, and of limits of one kind, the last counts. A relative HOST is taken from the
            folder that the program is started in. In SMELT_GRANTS words are separated by blanks,
            and a backslash makes the next character part of a word.

            A program cannot leave a directory that it was granted: not with "..", not by an
            absolute path, and not through a symbolic link that leads out. Before its own code
            runs the executable gives up, where the kernel allows it, every system call that the
            functions it imports do not need, and all files outside of the granted directories.

            Files that a program only reads can also be put into the executable, which is done
            when it is compiled. The program finds them in a directory that is always there:

                smelt compile app.wasm --embed ./templates::/templates
                smelt run --embed ./templates::/templates app.wasm

            Open directories have descriptors from 3 on: granted ones, then embedded ones; sockets
            come behind them. smelt inspect shows what a finished executable was granted.
            """)

    static let targets = HelpTopic(
        name: "targets", aliases: ["target", "cpu", "cpus", "processors"],
        abstract: "The machines and processors that programs are compiled for.",
        text: """
            --target says for which kind of machine the executable is made; every target can be
            compiled for on every machine, with nothing installed but Smelt. The default is the
            machine that Smelt runs on. smelt targets shows which runtimes are installed.

            \(Target.allCases.map { "    \($0.triple)  (\($0.baselineName))" }
                .joined(separator: "\n"))

            --cpu names the oldest processor that the executable must run on; the defaults are
            in parentheses above. With --cpu native it is this machine's own processor, which
            gives the fastest code. A program that is started on a processor that lacks something
            says what it lacks and ends. smelt run always compiles for this machine's processor.

            \(Target.allCases.map(processors).joined(separator: "\n\n"))
            """)

    static let optimization = HelpTopic(
        name: "optimization",
        aliases: ["optimisation", "optimization-levels", "optimisation-levels", "levels"],
        abstract: "How much work goes into fast code, or into small code.",
        text: """
            The levels are options of smelt compile and smelt run:

                -O0    as little as possible: the fastest compilation, for trying things out
                -O1    a little: quick to compile, and much faster than -O0
                -O2    the default: what pays for most programs
                -O3    everything, however long it takes
                -Os    small code instead of the fastest

            What a program computes is the same at every level. A trap ends it at every level,
            too, with two exceptions from -O1 on. Of several traps that could happen with nothing
            to be seen in between, any one may be reported. And an access outside of the memory
            may be left out instead of trapping where its result is not used, or where it would
            store what is overwritten or there already. With --exact-traps every access is made,
            in its order; programs that work on memory are slower then. No access ever reaches
            anything outside of the memory. Functions may be inlined into others from -O1 on, and
            then are not shown in backtraces.

            Addresses are formed so that they cannot leave the memory, and the passes that move
            accesses keep that. The finished code is proved again, by a checker that shares
            nothing with those passes, and an access that it does not prove is compared with what
            it may touch when it is made: a mistake in a pass costs speed and not the sandbox.

            --cpu native lets the compiler use everything that this machine's processor has,
            which matters most for programs that compute with vectors. --strip leaves out the
            symbol table and what backtraces need: the executable is smaller, profilers and
            debuggers show addresses instead of names, and a trap tells its reason and the
            address in memory, but not where in the program it was. --strip -g keeps backtraces.

            -j says how many threads compile at the same time, by default one for each processor.
            The executable does not depend on it.
            """)

    static let debugging = HelpTopic(
        name: "debugging", aliases: ["debug", "profiling", "traps", "gdb", "perf"],
        abstract: "Traps, and what debuggers and profilers show.",
        text: """
            A program that traps writes the reason and a backtrace to standard error and ends
            with status 134. With SMELT_BACKTRACE=0 in its environment it leaves the backtrace
            out.

            Functions have the names that the module gives them, in backtraces and in the symbol
            table, so that nm, perf and gdb show them; --strip leaves both out. With
            -g the debug information of a module that was compiled with -g is carried over:

                clang --target=wasm32-wasi -g -O1 app.c -o app.wasm
                smelt compile -g -O0 app.wasm
                gdb app
                perf record ./app

            gdb then stops at lines of the source and shows variables as far as they were kept:
            most of them at -O0, fewer with optimisation. Backtraces of traps tell files and
            lines, too, even after --strip, and functions that the optimiser put into others.

            Pointers are shown as what they are in the module, offsets in its memory. With
            gdb -x PREFIX/lib/smelt/smelt.py app they can be followed: print *$at(node).
            """)

    static let errors = HelpTopic(
        name: "errors", aliases: ["diagnostics", "status", "exit-status"],
        abstract: "Exit statuses, and messages for people and for programs.",
        text: """
            Smelt ends with one of these statuses:

                0     success
                1     the input, a file or the installation is at fault
                2     the command line is at fault
                70    Smelt is at fault; please report it

            smelt run ends with the status of the program. A program that traps ends with status
            134, after it has said why and where.

            Messages are coloured on terminals, unless the environment variable NO_COLOR is set.
            With --error-format=json each error is one JSON object on a line of standard error,
            with these members, as far as they apply:

                severity, kind, message, notes, exitCode
                file, line, column        the place in a file or in the text format
                offset                    the place in a module, in bytes
                function                  its index, and its name if it has one
                instruction               in the text format
                imports                   those that nobody provides
                moduleSHA256              for bugs: what the report is about
                rendered                  the message as people see it
            """)

    static let environment = HelpTopic(
        name: "environment", aliases: ["env", "variables"],
        abstract: "The environment variables that matter.",
        text: """
            Variables of the compiler:

                NO_COLOR           set to anything: messages are not coloured
                PATH               where ld.lld and wasm-tools are looked for
                TMPDIR             where intermediate files go, instead of /tmp
                XDG_CACHE_HOME     the cache of smelt run is there, instead of in ~/.cache

            Variables of compiled programs:

                SMELT_GRANTS       what the program may touch; see smelt help grants
                SMELT_BACKTRACE    set to 0: a trap is reported without a backtrace
            """)

    private static func processors(of target: Target) -> String {
        var lines = ["Processors of \(target.triple):", "", "    native"]
        for name in [target.baselineName] + target.cpus where name != target.baselineCPU {
            if lines.last!.count + name.count > 78 { lines.append("   ") }
            lines[lines.count - 1] += " \(name)"
        }
        return lines.joined(separator: "\n")
    }
}

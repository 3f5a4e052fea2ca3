// A parser and an evaluator that report errors, and leave loops, by exceptions.
#include <cctype>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

struct SyntaxError : std::runtime_error {
    size_t at;
    SyntaxError(const std::string &what, size_t place) : std::runtime_error(what), at(place) {}
};
struct EvaluationError : std::domain_error { using std::domain_error::domain_error; };
struct Return { long value; };

struct Scope { std::map<std::string, long> names; int depth = 0; };
struct Node { virtual ~Node() = default; virtual long eval(Scope &) const = 0; };
using Tree = std::unique_ptr<Node>;
struct Number : Node { long n; explicit Number(long x) : n(x) {} long eval(Scope &) const override { return n; } };
struct Name : Node {
    std::string name;
    explicit Name(std::string n) : name(std::move(n)) {}
    long eval(Scope &s) const override {
        auto found = s.names.find(name);
        if (found == s.names.end()) throw EvaluationError("no " + name);
        return found->second;
    }
};
struct Binary : Node {
    char op; Tree a, b;
    Binary(char o, Tree x, Tree y) : op(o), a(std::move(x)), b(std::move(y)) {}
    long eval(Scope &s) const override {
        struct Depth { Scope &s; explicit Depth(Scope &x) : s(x) { if (++s.depth > 40) throw EvaluationError("too deep"); } ~Depth() { s.depth--; } };
        Depth depth(s);
        if (op == '=') {
            auto *name = dynamic_cast<const Name *>(a.get());
            if (!name) throw EvaluationError("cannot assign");
            return s.names[name->name] = b->eval(s);
        }
        long x = a->eval(s);
        if (op == '!') { if (x > b->eval(s)) throw Return{x}; return x; }
        long y = b->eval(s);
        switch (op) {
        case '+': return x + y;
        case '-': return x - y;
        case '*': return x * y;
        case '/': if (y == 0) throw EvaluationError("division by zero"); return x / y;
        case ';': return y;
        }
        throw std::logic_error("operator");
    }
};

struct Parser {
    const std::string &text; size_t at = 0;
    char peek() { while (at < text.size() && text[at] == ' ') at++; return at < text.size() ? text[at] : 0; }
    Tree level(int n) {
        static const char *const ops[] = {";", "=!", "+-", "*/"};
        if (n == 4) return atom();
        Tree left = level(n + 1);
        while (peek() && std::string(ops[n]).find(peek()) != std::string::npos) {
            char op = text[at++];
            left = std::make_unique<Binary>(op, std::move(left), level(n + 1));
        }
        return left;
    }
    Tree atom() {
        char c = peek();
        if (std::isdigit(c)) { size_t used; long n = std::stol(text.substr(at), &used); at += used; return std::make_unique<Number>(n); }
        if (std::isalpha(c)) { std::string n; while (at < text.size() && std::isalpha(text[at])) n += text[at++]; return std::make_unique<Name>(n); }
        if (c == '(') { at++; Tree t = level(0); if (peek() != ')') throw SyntaxError("expected )", at); at++; return t; }
        throw SyntaxError(c ? std::string("unexpected ") + c : "unexpected end", at);
    }
    Tree all() { Tree t = level(0); if (peek()) throw SyntaxError("more text", at); return t; }
};

int main() {
    Scope scope;
    std::string deep = "1";
    for (int i = 0; i < 60; i++) deep = "(1+" + deep + ")";
    const std::string lines[] = {"1 + 2 * 3", "x = 4; x * x", "y", "(1", "1 +", "2 / (x - 4)", "3 = 4", "10 $ 2", "7 ! 3; 99",
        "2 ! 3; 98", deep, "99999999999999999999999999", "a = b = 2", "((x = x + 1); x ! 6) + 100"};
    for (int round = 0; round < 3; round++) {
        for (const auto &line : lines) {
            try {
                Parser parser{line};
                Tree tree = parser.all();
                std::printf("%ld\n", tree->eval(scope));
            } catch (const SyntaxError &e) { std::printf("at %zu: %s\n", e.at, e.what()); }
            catch (const std::domain_error &e) { std::printf("error: %s, depth %d\n", e.what(), scope.depth); }
            catch (const Return &r) { std::printf("returns %ld\n", r.value); }
            catch (const std::out_of_range &) { std::printf("too large\n"); }
        }
    }
}

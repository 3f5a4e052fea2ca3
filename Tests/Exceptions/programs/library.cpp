// What the standard library throws, and what it promises about containers then.
#include <algorithm>
#include <any>
#include <bitset>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <list>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

template <typename F> static void attempt(const char *name, F f) {
    std::printf("%s: ", name);
    try { f(); std::printf("fine\n"); }
    catch (const std::out_of_range &) { std::printf("out_of_range\n"); }
    catch (const std::invalid_argument &) { std::printf("invalid_argument\n"); }
    catch (const std::length_error &) { std::printf("length_error\n"); }
    catch (const std::bad_optional_access &) { std::printf("bad_optional_access\n"); }
    catch (const std::bad_variant_access &) { std::printf("bad_variant_access\n"); }
    catch (const std::bad_any_cast &) { std::printf("bad_any_cast\n"); }
    catch (const std::ios_base::failure &) { std::printf("ios_base::failure\n"); }
    catch (const std::exception &) { std::printf("exception\n"); }
}

struct Fragile {
    static int live, budget;
    int value;
    Fragile(int v) : value(v) { spend(); live++; }
    Fragile(const Fragile &o) : value(o.value) { spend(); live++; }
    Fragile &operator=(const Fragile &o) { spend(); value = o.value; return *this; }
    ~Fragile() { live--; }
    bool operator<(const Fragile &o) const { spend(); return value < o.value; }
    static void spend() { if (budget-- == 0) throw std::runtime_error("spent"); }
};
int Fragile::live, Fragile::budget = 1 << 30;

static void promises() {
    {
        std::vector<Fragile> v;
        for (int i = 0; i < 8; i++) v.push_back(Fragile(i));
        v.shrink_to_fit();
        Fragile extra(99);
        for (int budget = 0; budget < 10; budget += 3) {
            Fragile::budget = budget;
            try { v.push_back(extra); } catch (const std::runtime_error &) {}
            Fragile::budget = 1 << 30;
            std::printf("%zu:%d ", v.size(), std::accumulate(v.begin(), v.end(), 0, [](int s, const Fragile &f) { return s + f.value; }));
        }
        std::set<Fragile> s;
        std::map<Fragile, std::string> m;
        for (int i = 0; i < 30; i++) {
            Fragile::budget = i;
            try { s.insert(i * 7 % 11); m[i * 5 % 13] = "x"; } catch (const std::runtime_error &) {}
        }
        Fragile::budget = 1 << 30;
        std::printf("%zu %zu ", s.size(), m.size());
        std::list<Fragile> l(v.begin(), v.end());
        Fragile::budget = 5;
        try { std::list<Fragile> copy = l; std::printf("copied "); } catch (const std::runtime_error &) { std::printf("not copied "); }
        Fragile::budget = 1 << 30;
    }
    std::printf("live %d\n", Fragile::live);
}

int main() {
    std::vector<int> v{1, 2, 3};
    std::map<std::string, int> m{{"a", 1}};
    attempt("vector::at", [&] { v.at(1); v.at(3); });
    attempt("map::at", [&] { m.at("a"); m.at("b"); });
    attempt("substr", [] { (void)std::string("abc").substr(4); });
    attempt("stoi", [] { (void)std::stoi("x"); });
    attempt("stol", [] { (void)std::stol("99999999999999999999999"); });
    attempt("stod", [] { std::printf("%.2f ", std::stod("2.5")); });
    attempt("resize", [&] { v.resize(v.max_size() + 1); });
    attempt("string", [] { std::string s; s.resize(s.max_size() + 1); });
    attempt("optional", [] { std::optional<int> o; (void)o.value(); });
    attempt("variant", [] { std::variant<int, char> x = 'c'; (void)std::get<int>(x); });
    attempt("any", [] { std::any a = 1; (void)std::any_cast<double>(a); });
    attempt("bitset", [] { std::bitset<8> b("10201010"); });
    attempt("bitset::set", [] { std::bitset<8> b; b.set(9); });
    attempt("stream", [] { std::istringstream in("12 z"); in.exceptions(std::ios::failbit); int x; in >> x >> x; });
    promises();
    std::ostringstream out;
    for (const char *word : {"12", "-7", "hello", "", "3000000000", "0x10"}) {
        try { out << std::stoi(word) << ' '; }
        catch (const std::invalid_argument &) { out << "? "; }
        catch (const std::out_of_range &) { out << "! "; }
    }
    std::cout << out.str() << std::endl;
}

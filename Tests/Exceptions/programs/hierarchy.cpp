// Which handler is chosen: bases, virtual ones, ambiguous ones, pointers, and casts that throw.
#include <cstdio>
#include <exception>
#include <functional>
#include <ios>
#include <memory>
#include <new>
#include <stdexcept>
#include <system_error>
#include <typeinfo>

struct A { int a = 1; virtual ~A() {} };
struct B : A { int b = 2; };
struct C : A { int c = 3; };
struct D : B, C { int d = 4; };  // Two A: no handler of A is for it.
struct V { int v = 5; virtual ~V() {} };
struct W : virtual V { int w = 6; };
struct X : virtual V { int x = 7; };
struct Y : W, X { int y = 8; };
struct Private : private A {};

template <typename T> static void thrown(const char *name, T value) {
    std::printf("%s: ", name);
    try { throw value; }
    catch (B *) { std::printf("B*"); }
    catch (A *) { std::printf("A*"); }
    catch (const void *) { std::printf("const void*"); }
    catch (Y &y) { std::printf("Y %d %d %d %d", y.v, y.w, y.x, y.y); }
    catch (V v) { std::printf("V %d", v.v); }
    catch (A a) { std::printf("A %d", a.a); }
    catch (B &b) { std::printf("B %d", b.b); }
    catch (long x) { std::printf("long %ld", x); }
    catch (int x) { std::printf("int %d", x); }
    catch (decltype(nullptr)) { std::printf("nullptr"); }
    catch (...) { std::printf("..."); }
    std::printf("\n");
}

template <typename E> static void standard(const E &e) {
    const char *as[5] = {"-", "-", "-", "-", "-"};
    try { throw e; } catch (const std::exception &) { as[0] = "exception"; }
    try { try { throw e; } catch (const std::runtime_error &) { as[1] = "runtime_error"; } } catch (...) {}
    try { try { throw e; } catch (const std::logic_error &) { as[2] = "logic_error"; } } catch (...) {}
    try { try { throw e; } catch (const std::bad_alloc &) { as[3] = "bad_alloc"; } } catch (...) {}
    try { try { throw e; } catch (const E &) { as[4] = "itself"; } } catch (...) {}
    std::printf("%s %s %s %s %s\n", as[0], as[1], as[2], as[3], as[4]);
}

int main() {
    thrown("int", 1); thrown("long", 2L); thrown("char", 'c'); thrown("short", (short)3);
    thrown("double", 1.5); thrown("nullptr", nullptr);
    thrown("A", A()); thrown("B", B()); thrown("D", D());
    thrown("W", W()); thrown("Y", Y()); thrown("Private", Private());
    static A a; static B b; static D d; static int i; static const int ci = 0;
    thrown("A*", &a); thrown("B*", &b); thrown("D*", &d); thrown("int*", &i); thrown("const int*", &ci);
    thrown("function", (void (*)())nullptr);
    standard(std::runtime_error("r")); standard(std::out_of_range("o")); standard(std::bad_alloc());
    standard(std::bad_array_new_length()); standard(std::overflow_error("v")); standard(std::bad_cast());
    standard(std::system_error(std::make_error_code(std::errc::io_error)));
    standard(std::ios_base::failure("f")); standard(std::invalid_argument("i"));

    A *volatile pa = &b;
    try { C &c = dynamic_cast<C &>(*pa); std::printf("%d\n", c.c); } catch (const std::bad_cast &) { std::printf("bad_cast\n"); }
    A *volatile none = nullptr;
    try { std::printf("%s\n", typeid(*none).name()); } catch (const std::bad_typeid &) { std::printf("bad_typeid\n"); }
    try { std::shared_ptr<int> p(std::weak_ptr<int>{}); } catch (const std::bad_weak_ptr &) { std::printf("bad_weak_ptr\n"); }
    try { std::function<void()>{}(); } catch (const std::bad_function_call &) { std::printf("bad_function_call\n"); }
    try { throw D(); } catch (const C &c) { std::printf("C in D %d %d\n", c.c, dynamic_cast<const D &>(c).d); }
    try { throw std::system_error(std::make_error_code(std::errc::permission_denied)); }
    catch (const std::system_error &e) { std::printf("%d\n", e.code() == std::errc::permission_denied); }
    // The first that fits is taken, not the best.
    try { throw Y(); } catch (V &v) { std::printf("first V %d\n", v.v); }
}

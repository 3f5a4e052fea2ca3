// Time: that clocks run, that sleeping takes its time, and the calendar for fixed moments.
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timespec t) { return t.tv_sec + t.tv_nsec / 1e9; }

int main(void) {
    struct timespec before, after, resolution;
    clock_gettime(CLOCK_MONOTONIC, &before);
    struct timespec pause = {0, 30000000};
    printf("%d\n", nanosleep(&pause, NULL));
    clock_gettime(CLOCK_MONOTONIC, &after);
    double elapsed = seconds(after) - seconds(before);
    printf("%d %d\n", elapsed >= 0.03, elapsed < 10);
    int steps = 0;
    for (int i = 0; i < 1000; i++) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (seconds(now) < seconds(after)) steps++;
        after = now;
    }
    printf("%d %d %d\n", steps, clock_getres(CLOCK_MONOTONIC, &resolution), resolution.tv_sec == 0);
    printf("%d\n", time(NULL) > 1700000000);
    time_t moments[] = {0, 951827696, 1709210096, 4102444800};
    for (int i = 0; i < 4; i++) {
        char text[64];
        struct tm *t = gmtime(&moments[i]);
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %j", t);
        printf("%s %d\n", text, mktime(t) == moments[i]);
    }
    return 0;
}

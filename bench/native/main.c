/* Runs a program as often as the first argument says (default: once), prints its result once, and
   on standard error how many seconds of processor time one run took. Compiled by itself, so that no
   compiler can see that all runs are the same. */
#define _POSIX_C_SOURCE 199309L

#include "native.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int main(int argc, char** argv) {
    const long times = argc > 1 ? atol(argv[1]) : 1;
    const double start = cpu_seconds();
    const uint16_t result = run();
    for (long i = 1; i < times; ++i) {
        if (run() != result) {
            return 1;
        }
    }
    const double seconds = cpu_seconds() - start;
    printf("%s %04x\n", name, result);
    fprintf(stderr, "%.9f\n", seconds / (double)times);
    return 0;
}

#include <stdint.h>

/* What a program of this folder is made of: bytes and shorts wrap as they do in Uxn. */
extern const char name[];
uint16_t run(void);

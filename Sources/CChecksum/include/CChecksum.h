#ifndef CCHECKSUM_H
#define CCHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/// Whether this processor multiplies without carry, so that `cchecksum_crc32_fold` may be called.
int cchecksum_can_fold(void);

/// The CRC-32 of GZIP over `count` bytes, 64 at least and a multiple of 16, continuing from `crc`.
uint32_t cchecksum_crc32_fold(uint32_t crc, const uint8_t *bytes, size_t count);

#endif

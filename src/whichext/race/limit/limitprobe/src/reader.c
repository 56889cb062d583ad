#include "reader.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"

/* Data for which one more thread pays. Measured with two threads on 2 vCPUs and data in cache, time of
 * one / time of two: 3 MB 0.55, 6 MB 0.7, 8 MB 0.8, 10 MB 1.0, 16 MB 1.1, 24 MB 1.4, 800 MB 1.9. To
 * start and join a thread took 8 to 18 us (median), but 60 or more for one in ten. */
#ifndef BYTES_PER_THREAD
#define BYTES_PER_THREAD ((size_t)5 << 20)
#endif
#ifndef WIDEST
#define WIDEST 64 /* bytes of a register; less stands for an older processor */
#endif

/* What one thread reads: part `index` of `parts` of every span. */
struct part {
    const struct span *spans;
    size_t count;
    size_t index;
    size_t parts;
    uint64_t checksum;
    pthread_t thread;
    int started;
};

static uint64_t fold_lines(const unsigned char *from, size_t count) {
#ifdef __x86_64__
    if (WIDEST >= 64 && __builtin_cpu_supports("avx512f"))
        return fold_lines_64(from, count);
    if (WIDEST >= 32 && __builtin_cpu_supports("avx2"))
        return fold_lines_32(from, count);
#endif
    return fold_lines_16(from, count);
}

/* Bytes in front of and behind the whole lines: at most 63 each, or 126 where there is no line.
 * The xor is by address: the byte at address a goes to byte a % 8 in memory order. */
static uint64_t fold_edge(const unsigned char *from, const unsigned char *to) {
    unsigned char lanes[8] = {0};
    uint64_t words = 0, word;
    /* SAFETY: from < to before every read, and [from, to) is readable (fold_range). */
    for (; from < to && (uintptr_t)from % 8; from++)
        lanes[(uintptr_t)from % 8] ^= *from;
    /* SAFETY: eight bytes are left before every read. */
    for (; to - from >= 8; from += 8) {
        memcpy(&word, from, 8);
        words ^= word;
    }
    /* SAFETY: as in the first loop. */
    for (; from < to; from++)
        lanes[(uintptr_t)from % 8] ^= *from;
    memcpy(&word, lanes, 8);
    return words ^ word;
}

/* The xor by address of the bytes in [from, to). */
static uint64_t fold_range(const unsigned char *from, const unsigned char *to) {
    const size_t bytes = (size_t)(to - from), head = -(uintptr_t)from % LINE;
    if (bytes < head + LINE)
        return fold_edge(from, to);
    const size_t lines = (bytes - head) / LINE;
    /* SAFETY: head + lines * LINE <= bytes, so both pointers are within [from, to]. */
    const unsigned char *const first = from + head, *const last = first + lines * LINE;
    return fold_edge(from, first) ^ fold_lines(first, lines) ^ fold_edge(last, to);
}

/* Where part `index` of `parts` begins, from the span's start: at a line, or at either end. */
static size_t boundary(const struct span *span, size_t index, size_t parts) {
    const size_t head = -(uintptr_t)span->start % LINE;
    if (index == 0)
        return 0;
    if (index == parts || span->bytes <= head)
        return span->bytes;
    /* No overflow: an address space of 2^57 bytes has 2^51 lines, and there are 2^10 threads. */
    return head + (span->bytes - head) / LINE * index / parts * LINE;
}

/* From the order of addresses to the order of offsets, least significant byte first. */
static uint64_t by_offset(uint64_t by_address, const unsigned char *start) {
    unsigned char lanes[8];
    uint64_t checksum = 0;
    /* SAFETY: both have 8 bytes, and each index is below 8. */
    memcpy(lanes, &by_address, 8);
    for (size_t j = 0; j < 8; j++)
        checksum |= (uint64_t)lanes[((uintptr_t)start + j) % 8] << (8 * j);
    return checksum;
}

static void *read_part(void *argument) {
    struct part *const part = argument;
    for (size_t k = 0; k < part->count; k++) {
        const struct span *const span = &part->spans[k];
        /* SAFETY: boundary() grows with the index from 0 to span->bytes. */
        const uint64_t folded = fold_range(span->start + boundary(span, part->index, part->parts),
                                           span->start + boundary(span, part->index + 1, part->parts));
        const uint64_t checksum = by_offset(folded, span->start);
        part->checksum ^= checksum << k % 64 | checksum >> (64 - k % 64) % 64;
    }
    return NULL;
}

static size_t parts_for(const struct span *spans, size_t count, size_t threads) {
    size_t bytes = 0;
    for (size_t k = 0; k < count; k++)
        bytes += spans[k].bytes;
    const size_t worthwhile = bytes / BYTES_PER_THREAD;
    return worthwhile < 1 ? 1 : worthwhile < threads ? worthwhile : threads;
}

uint64_t read_spans(const struct span *spans, size_t count, size_t threads) {
    const size_t parts = parts_for(spans, count, threads);
    struct part whole = {.spans = spans, .count = count, .index = 0, .parts = 1};
    struct part *const part = parts > 1 ? calloc(parts, sizeof *part) : NULL;
    if (part == NULL) { /* one thread is enough, or there is no memory for more */
        read_part(&whole);
        return whole.checksum;
    }
    /* SAFETY: every index below is smaller than parts. */
    for (size_t i = 0; i < parts; i++) {
        part[i] = (struct part){.spans = spans, .count = count, .index = i, .parts = parts};
        part[i].started = i > 0 && !pthread_create(&part[i].thread, NULL, read_part, &part[i]);
    }
    for (size_t i = 0; i < parts; i++)
        if (!part[i].started)
            read_part(&part[i]); /* the calling thread's own, and what no thread was granted for */
    uint64_t checksum = 0;
    for (size_t i = 0; i < parts; i++) {
        if (part[i].started)
            pthread_join(part[i].thread, NULL);
        checksum ^= part[i].checksum;
    }
    free(part);
    return checksum;
}

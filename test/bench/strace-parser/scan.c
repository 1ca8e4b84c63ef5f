/*
 * What a careful C program does with a `-f -tt -T -y` trace in one thread: pid, time, name, the
 * span of each top-level argument, return value, errno and duration, halves joined by pid. It
 * keeps offsets and copies nothing. The benchmark compares itself to this, and compares the sums.
 *
 * Prints: seconds of CPU, lines, calls, args, failed, micros (all -T durations together), and the
 * length of all spans so that the compiler cannot leave them out.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BLOCK (1 << 20)
#define MAX_ARGS 32
#define NOTHING_YET UINT64_MAX /* cut right behind the '(' */
#define PIDS (1 << 22) /* the largest pid_max, proc_sys_kernel(5) */

struct span { uint64_t from, to; };

/* A call while it is being read; it outlives its line when strace cut it in two. */
struct call {
  uint32_t pid, time_of_day_seconds, time_micros;
  struct span name, args[MAX_ARGS], result, errno_name;
  uint64_t arg_from;
  int arg_count, depth;
  uint64_t micros;
};

static struct call *open_calls[PIDS];
static uint64_t lines, calls, args, failed, total_micros, span_bytes;
static unsigned char special[256];

static void put_arg(struct call *call, uint64_t to)
{
  if (call->arg_count < MAX_ARGS)
    call->args[call->arg_count] = (struct span){ call->arg_from, to };
  call->arg_count++;
}

static void finish(struct call *call)
{
  calls++;
  args += call->arg_count;
  total_micros += call->micros;
  failed += call->errno_name.to != call->errno_name.from;
  int stored = call->arg_count < MAX_ARGS ? call->arg_count : MAX_ARGS;
  for (int i = 0; i < stored; i++) span_bytes += call->args[i].to - call->args[i].from;
}

/* Behind an fd: a path ends at the first '>', PROTO:[...] at the first "]>". */
static const char *skip_association(const char *at, const char *end)
{
  const char *scan = at + 1;
  if (scan < end && *scan != '/' && *scan != '\\')
    while (scan < end && *scan != '>' && *scan != '[') scan++;
  if (scan < end && *scan == '[') {
    while ((scan = memchr(scan, ']', end - scan)) != NULL) {
      if (scan + 1 < end && scan[1] == '>') return scan + 1;
      scan++;
    }
    return end;
  }
  scan = memchr(at, '>', end - at);
  return scan == NULL ? end : scan;
}

static const char *skip_string(const char *at, const char *end)
{
  for (at++; at < end; at++) {
    if (*at == '"') return at;
    if (*at == '\\') at++;
  }
  return end;
}

/* From `at` to behind the ')' that closes the call, or NULL when this line does not close it. */
static const char *scan_args(struct call *call, const char *at, const char *end, uint64_t base,
                             const char *block)
{
  for (; at < end; at++) {
    unsigned char c = *at;
    if (!special[c]) continue;
    switch (c) {
    case '"':
      at = skip_string(at, end);
      break;
    case '(': case '[': case '{':
      call->depth++;
      break;
    case ')': case ']': case '}':
      if (--call->depth > 0) break;
      if (call->arg_count > 0 || base + (at - block) > call->arg_from)
        put_arg(call, base + (at - block));
      return at + 1;
    case ',':
      if (call->depth != 1) break;
      put_arg(call, base + (at - block));
      call->arg_from = base + (at - block) + 2;
      break;
    case '<':
      if (at[-1] >= '0' && at[-1] <= '9' && at[1] != '<') at = skip_association(at, end);
      else if (at[-1] == 'D') at = skip_association(at, end);
      break;
    case '/':
      if (at[1] == '*') {
        const char *close = memmem(at + 2, end - at - 2, "*/", 2);
        at = close == NULL ? end : close + 1;
      }
      break;
    }
  }
  return NULL;
}

static const char *scan_number(const char *at, const char *end, uint32_t *value)
{
  uint32_t n = 0;
  for (; at < end && *at >= '0' && *at <= '9'; at++) n = n * 10 + (*at - '0');
  *value = n;
  return at;
}

/* "  = -1 ENOENT (No such file or directory) <0.000012>" */
static void scan_result(struct call *call, const char *at, const char *end, uint64_t base,
                        const char *block)
{
  while (at < end && *at == ' ') at++;
  if (at >= end || *at != '=') return;
  at += 2;
  if (end[-1] == '>') {
    const char *dot = end - 8;
    if (dot > at && *dot == '.') {
      uint32_t micros = 0, seconds = 0, unit = 1;
      scan_number(dot + 1, end, &micros);
      const char *digit = dot - 1;
      for (; *digit >= '0' && *digit <= '9'; digit--, unit *= 10) seconds += (*digit - '0') * unit;
      if (*digit == '<') {
        call->micros = seconds * 1000000ull + micros;
        end = digit - 1;
      }
    }
  }
  const char *from = at;
  while (at < end && *at != ' ' && *at != '<') at++;
  if (at < end && *at == '<') at = skip_association(at, end) + 1;
  call->result = (struct span){ base + (from - block), base + (at - block) };
  if (at + 1 < end && *at == ' ' && at[1] == 'E') {
    const char *name = at + 1;
    for (at = name; at < end && *at != ' '; at++) {}
    call->errno_name = (struct span){ base + (name - block), base + (at - block) };
  }
}

static const char UNFINISHED[] = "<unfinished ...>";
#define UNFINISHED_LENGTH (sizeof UNFINISHED - 1)

static void scan_line(const char *line, const char *end, uint64_t base, const char *block)
{
  static struct call fresh;
  struct call *call = &fresh;
  uint32_t pid, hour, minute, second, micros;
  lines++;
  const char *at = scan_number(line, end, &pid);
  while (at < end && *at == ' ') at++;
  at = scan_number(at, end, &hour) + 1;
  at = scan_number(at, end, &minute) + 1;
  at = scan_number(at, end, &second) + 1;
  at = scan_number(at, end, &micros) + 1;
  if (at >= end || pid >= PIDS || *at == '-' || *at == '+') return;
  if (*at == '<') {
    call = open_calls[pid];
    const char *close = memchr(at, '>', end - at);
    if (call == NULL || close == NULL) return;
    at = close + 1;
    if (call->arg_from == NOTHING_YET) call->arg_from = base + (at - block);
  } else {
    const char *paren = memchr(at, '(', end - at);
    if (paren == NULL) return;
    call->pid = pid;
    call->time_of_day_seconds = (hour * 60 + minute) * 60 + second;
    call->time_micros = micros;
    call->name = (struct span){ base + (at - block), base + (paren - block) };
    call->arg_from = base + (paren + 1 - block);
    call->arg_count = 0;
    call->depth = 1;
    call->micros = 0;
    call->result = call->errno_name = (struct span){ 0, 0 };
    at = paren + 1;
  }
  if (end[-1] == '>' && (size_t)(end - at) >= UNFINISHED_LENGTH &&
      memcmp(end - UNFINISHED_LENGTH, UNFINISHED, UNFINISHED_LENGTH) == 0) {
    end -= UNFINISHED_LENGTH;
    scan_args(call, at, end, base, block);
    if (end[-1] == ' ' && end[-2] == '(' && call->arg_count == 0) call->arg_from = NOTHING_YET;
    if (call == &fresh) {
      struct call *kept = open_calls[pid];
      if (kept == NULL) kept = open_calls[pid] = malloc(sizeof *kept);
      *kept = fresh;
    }
    return;
  }
  at = scan_args(call, at, end, base, block);
  if (at == NULL) return;
  scan_result(call, at, end, base, block);
  finish(call);
}

int main(int argc, char **argv)
{
  struct timespec start, stop;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
  for (const char *c = "\"([{)]},</"; *c; c++) special[(unsigned char)*c] = 1;
  int file = argc == 2 ? open(argv[1], O_RDONLY) : -1;
  size_t capacity = 2 * BLOCK, held = 0;
  char *block = malloc(capacity);
  if (file < 0 || block == NULL) return 2;
  uint64_t base = 0;
  ssize_t got;
  while ((got = read(file, block + held, capacity - held)) > 0) {
    const char *line = block, *end = block + held + got, *newline;
    while ((newline = memchr(line, '\n', end - line)) != NULL) {
      if (newline > line) scan_line(line, newline, base, block);
      line = newline + 1;
    }
    held = end - line;
    base += line - block;
    memmove(block, line, held);
    if (held == capacity && (block = realloc(block, capacity *= 2)) == NULL) return 2;
  }
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &stop);
  printf("%.6f %lu %lu %lu %lu %lu %lu\n",
         (stop.tv_sec - start.tv_sec) + (stop.tv_nsec - start.tv_nsec) / 1e9, lines, calls, args,
         failed, total_micros, span_bytes);
  return 0;
}

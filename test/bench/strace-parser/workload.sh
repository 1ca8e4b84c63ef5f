#!/bin/sh
# What the benchmark traces: several processes at once, so that most calls are cut into halves.
# Everything it starts ends before it does, and it writes nothing but to a pipe or /dev/null.

# Many short processes: execve, mmap, openat, fstat, close.
short() {
  i=0
  while [ "$i" -lt 70 ]; do
    /bin/true
    ls -l /usr/bin >/dev/null
    i=$((i + 1))
  done
}

# A pipeline that moves data: read, write, getdents64, newfstatat, strings with escapes.
pack() {
  tar cf - /usr/share/doc /usr/share/perl* 2>/dev/null | head -c 30000000 | gzip -1 >/dev/null
}

# Many small files through a few readers.
read_files() {
  find /usr/include /usr/share /usr/lib -xdev -type f -size -32k 2>/dev/null | head -n 6000 |
    xargs -n 40 -P 2 cat >/dev/null
}

# Small blocks: the same two calls over and over.
copy() {
  dd if=/dev/zero bs=64 count=30000 2>/dev/null | dd of=/dev/null bs=64 2>/dev/null
}

# Threads, futexes, sockets, epoll.
threads() {
  node -e '
    const http = require("node:http");
    const fs = require("node:fs");
    const server = http.createServer((request, response) => response.end("x".repeat(500)));
    server.listen(0, "127.0.0.1", async () => {
      const url = `http://127.0.0.1:${server.address().port}/`;
      const get = (n) => new Promise((done) => http.get(url + n, (answer) => {
        answer.resume();
        answer.on("end", done);
      }));
      for (let n = 0; n < 1500; n++) await get(n);
      for (let n = 0; n < 3000; n++) await fs.promises.stat("/usr/bin/env");
      server.close();
    });'
}

short &
pack &
read_files &
copy &
threads &
wait

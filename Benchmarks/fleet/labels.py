#!/usr/bin/env python3
"""What the shared path of labels bears, and how far other hosts lag behind.

    labels.py SIFTD CORPORA MODEL [HOSTS...]

For each number of HOSTS (3 and 10) a site of its own (rig.py). First 100 labels one at a time, each
on a random host: from its answer until each other host says in its metrics that it scores with it.
Then all hosts take labels from two clients each for 20 s. Needs root.
"""
import random, re, sys, threading, time

from rig import Site, mail

siftd, corpora, model = sys.argv[1:4]
SINGLE, SECONDS, CLIENTS = 100, 20, 2
chance = random.Random(7)


def revision(host):
    text = host.request("/metrics")[1].decode()
    found = re.search(r"^siftd_label_revision (\S+)", text, re.M)
    return int(float(found[1])) if found else 0


def teach(host, message, source):
    label = chance.choice(["spam", "ham"])
    status, answer = host.request(f"/v1/feedback?label={label}&source=admin:{source}", data=message)
    return status == 200


def single(site, messages):
    lags = []
    for number in range(SINGLE):
        giver = chance.choice(site.hosts)
        before = {host: revision(host) for host in site.hosts}
        if not teach(giver, messages[number], "single"):
            continue
        answered = time.time()
        waiting = [host for host in site.hosts if host is not giver]
        while waiting and time.time() - answered < 30:
            for host in list(waiting):
                if revision(host) > before[host]:
                    lags.append(time.time() - answered)
                    waiting.remove(host)
    return sorted(lags)


def many(site, messages):
    taken, end = [0], time.time() + SECONDS
    lock = threading.Lock()

    def work(host, number):
        position = number
        while time.time() < end:
            if teach(host, messages[position % len(messages)], f"many{number}"):
                with lock:
                    taken[0] += 1
            position += 1

    threads = [threading.Thread(target=work, args=(host, index * CLIENTS + client))
               for index, host in enumerate(site.hosts) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = max(revision(host) for host in site.hosts)
    start = time.time()
    while any(revision(host) < last for host in site.hosts) and time.time() - start < 60:
        time.sleep(.05)
    return taken[0] / SECONDS, time.time() - start


def main():
    messages = mail(corpora, "modern-mail", 900)
    for count in [int(word) for word in sys.argv[4:]] or [3, 10]:
        site = Site(siftd, model, count)
        try:
            lags = single(site, messages)
            rate, rest = many(site, messages)
            print(f"{count} hosts: lag median {1000 * lags[len(lags) // 2]:.0f} ms, "
                  f"p99 {1000 * lags[len(lags) * 99 // 100]:.0f} ms of {len(lags)}; "
                  f"{rate:.0f} labels a second on all hosts together, the last in force "
                  f"{rest:.1f} s after", flush=True)
            for table in "label", "history":
                rows, size = site.database.rows(
                    f"SELECT count(*), pg_total_relation_size('{table}') FROM {table}")[0]
                print(f"  {table}: {rows} rows, {int(size) // max(int(rows), 1)} bytes a row with indexes")
        finally:
            site.stop()


main()

#!/usr/bin/env python3
"""A retraining of several hosts: who starts it, and how soon all score with what it made.

    retrain.py SIFTD CORPORA MODEL [LABELS]

Three daemons share one PostgreSQL (rig.py). People give LABELS (500) labels on all of them, and each
host may retrain after two thirds of that, since similar messages count once. Prints which host did, what
its guard decided, how long the others took to follow, and how many of 1,000 messages then differ between
hosts. Needs root.
"""
import random, re, sys, time

from rig import Site, mail, probabilities, wait

siftd, corpora, model = sys.argv[1:4]
count = int(sys.argv[4]) if len(sys.argv) > 4 else 500
MESSAGES = 1_000
random.seed(11)


def log(host):
    return (host.folder / "log").read_text()


def teach(site):
    half = count // 2
    messages = [("ham", text) for text in mail(corpora, "modern-mail", half)]
    messages += [("spam", text) for text in mail(corpora, "recent-spam", count - half)]
    random.shuffle(messages)
    for label, text in messages:
        host = random.choice(site.hosts)
        status, answer = host.request(f"/v1/feedback?label={label}&source=admin:retrain", data=text)
        if status != 200:
            raise SystemExit(f"{host.name} answers {status}: {answer[:200]}")


def serving(host):
    return host.read("/v1/status")["model"]["id"]


def main():
    site = Site(siftd, model, 3, learn=f"retrain_after = {count * 2 // 3}")
    try:
        before = serving(site.hosts[0])
        teach(site)
        print(f"{count} labels on three hosts; all score with {before}", flush=True)

        def ended():
            return [host for host in site.hosts if "msg=retraining_ended" in log(host)]

        took = wait("a retraining ends", ended, 3_600)
        trainer = ended()[0]
        line = re.search(r"msg=retraining_ended[^\n]*", log(trainer))[0]
        print(f"{trainer.name} retrained, {took:.0f} s after the last label: {line[:300]}", flush=True)
        if ": accepted" not in line:
            sys.exit("its model is not in force, so there is nothing to follow: give more LABELS")
        lag = wait("all hosts follow", lambda: len({serving(host) for host in site.hosts} - {before}) == 1
                   and serving(trainer) != before, 120)
        starts = sum(log(host).count("msg=retraining_started") for host in site.hosts)
        print(f"all score with {serving(trainer)} {lag:.1f} s later; {starts} retraining was started")
        sample = mail(corpora, "spamassassin", MESSAGES)
        answers = [probabilities(host, sample) for host in site.hosts]
        differing = sum(len(set(one)) > 1 for one in zip(*answers))
        print(f"{differing} of {len(sample)} messages differ between hosts")
        sys.exit(differing > 0 or starts != 1)
    finally:
        site.stop()


main()

#!/bin/sh
# Trains the starter model: Scripts/starter/train.sh SIFTD CORPORA OUTPUT [OPTIONS...]
#
# CORPORA is the folder of the mail sets and their splits. LEFT_OUT="SET SET..." in the environment
# leaves sets out, to measure the model on them (left-out.sh). Mail under a non-commercial licence
# is not among the sets. Added are the bounces of mime-hard, which have no labels but are wanted
# (those of some mail servers are test, see mime-hard.split.tsv), and the mail of written/, which
# was written for this. Words begin with the vectors of words.vec.gz, which vectors.py has made.
set -eu
siftd=$1 corpora=$2 output=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
sets="enron.csv.gz lingspam.csv.gz spamassassin.tar.zst trec07p.tar.zst mailing-lists.tar.zst
    recent-2025.tar.zst newsletters.tar.zst modern-templates.tar.zst modern-newsletters.tar.zst
    modern-mail.tar.zst modern-written.tar.zst modern-spam.tar.zst wanted-mail.tar.zst
    wanted-political.tar.zst office-mail.tar.zst recent-spam.tar.zst"
written=$(mktemp -d)
trap 'rm -rf "$written"' EXIT
trap 'exit 1' INT TERM
python3 "$here/written.py" "$written"
gunzip -c "$here/words.vec.gz" >"$written/words.vec"
# Mail of groups that networks do not see tells what facts about the author weigh.
fact_groups() {
    while read -r sets; do
        group=""
        for name in $sets; do
            case " ${LEFT_OUT:-} " in *" $name "*) ;; *) group=$group,$name ;; esac
        done
        echo "${group#,}"
    done <<'SETS'
recent-2025 office-mail modern-newsletters modern-written
wanted-mail modern-mail recent-spam
wanted-political newsletters modern-templates
SETS
}
# Twelve sets that nobody sent shall not outvote the rest.
data="" splits="" weights="written-4=0.4"
for number in 1 2 3 5 6 7 8 9 10 11 12; do
    weights="$weights written-$number=0.7"
done
for file in $sets; do
    name=${file%%.*}
    case " ${LEFT_OUT:-} " in *" $name "*) continue ;; esac
    data="$data $corpora/$file"
    splits="$splits $corpora/$name.split.tsv"
    case $name in
        # Real mail that companies send to people who want it is scarce, and drowned by the rest.
        recent-2025 | newsletters | wanted-mail) weights="$weights $name=2" ;;
    esac
done
groups=$(fact_groups)
# shellcheck disable=SC2086 # lists of words
"$siftd" train --output "$output" --allow-unreadable --seed 4 --members 2 --filters 64 --epochs 4 \
    --segment-epochs 1 --vocabulary 31000 --minimum-spread 1.3 --least-tag 0.94 \
    --vectors "$written/words.vec" --doubtful "$here/doubtful-labels.tsv" \
    --split $splits "$here/mime-hard.split.tsv" "$written"/written-*.split.tsv \
    --data $data "$corpora/mime-hard.tar.zst" "$written"/written-[0-9] "$written"/written-1[0-9] \
    --weight $weights --fact-group $groups "$@"

#!/usr/bin/env bash
# Workers as a Slurm array: each task is one worker on one node, and ends when nothing is queued.
#
#   export AVU_DATABASE_URL=postgres://avu_worker@db.example.org/avu
#   sbatch --array=1-16 slurm-workers.sh
#
# Slurm sends SIGTERM 90 s before the time limit: the worker hands its jobs back, and the task is
# queued again for as long as there is work.
#SBATCH --job-name=avu
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
#SBATCH --mem=8G
#SBATCH --time=04:00:00
#SBATCH --signal=B:TERM@90
#SBATCH --requeue
set -uo pipefail
: "${AVU_DATABASE_URL:?says where the queue is, see above}"

avu work --drain --concurrency "${SLURM_CPUS_PER_TASK:-1}" &
worker=$!
trap 'kill -TERM "$worker"' TERM
wait "$worker"
status=$?
# A trapped signal ends the first wait early.
if kill -0 "$worker" 2>/dev/null; then
  wait "$worker"
  status=$?
fi

# 130: told to end while work was left. 3: all done, some clips failed; avu jobs list has them.
case "$status" in
  130) scontrol requeue "${SLURM_JOB_ID:?}" ;;
  0 | 3) exit 0 ;;
  *) exit "$status" ;;
esac

/* How a job begins to wait for the success of another one while that one ends, is called off, tried again or forgotten,
 * for the model checker spin: `make model`. The locks are those of PostgreSQL that block_jobs, finish_jobs, hold_retried
 * and pruning take.
 *
 * Several transactions, each in steps; between two of them everybody else may do anything. What a transaction writes is
 * seen by others only when it is committed, and each statement sees what was committed when it began.
 *
 *   finisher   ends the job, with success or without, and then looks who waits for it
 *                                                        (finish_jobs, release_dependents, call_off_dependents)
 *   adder      queues another one that waits for it      (add_dependencies, promote_followers, block_jobs)
 *   retrier    tries the job again when it ended without success, and ends it once more (SteeringStatements.retry)
 *   pruner     forgets it when it has ended              (PruneStatements)
 *   person     calls the waiting one off, and queues it again     (SteeringStatements.cancel, hold_retried)
 *
 * Checked in every order: in the end the other one does not wait for a job that is over, and is called off only because of
 * one that ended without success.
 *
 * Mistakes to find, each of which must make the check fail:
 *   -DNO_SHUT_OUT     who adds looks whether the job has ended without shutting out those who just end it
 *   -DNO_PRUNE_LOCK   who forgets jobs does not keep out who begins to wait for them
 *   -DNO_SECOND_LOOK  a job that is queued again waits for what it waited for, over or not
 *   -DNO_CALL_OFF     what waits for a job that ends without success is left waiting
 *   -DNO_REVIVAL      who tries a job again leaves called off what was called off because of it
 *   -DNO_RETRY_LOCK   who tries a job again does not wait for those who just begin to wait for it
 */

bool done;          /* committed: the first job has ended with success */
bool failed;        /* committed: it has ended without */
bool forgotten;     /* committed: nothing is known of it any more */
bool waits;         /* committed: a row in `dependency` says that the second waits for the first */
bool blocked;       /* committed: the second stands in `blocked` */
bool off;           /* committed: the second was called off because the first ended without success */
bool cancelled;     /* committed: the second was called off by a person; what it waited for is remembered */
bool added;         /* the adder has committed */

/* Locks of the table `dependency`, until the end of a transaction. */
byte readers;       /* ACCESS SHARE: whoever looked into it */
byte writers;       /* ROW EXCLUSIVE: whoever adds to it */
bool shut;          /* ACCESS EXCLUSIVE */
bool pruning;       /* SHARE ROW EXCLUSIVE */

bool linking;       /* the lock of lock_dependencies */
bool held;          /* the row of the first job in `finished`, by who tries it again */

byte ended;

#define over (done || failed)

/* Ends the first job. */
inline end_first(seen) {
  atomic { !shut -> readers++; seen = waits } /* deleted from `running`, then a look into `dependency` */
  atomic {
    if
    :: done = true
    :: failed = true
    fi;
    if
    :: seen && waits && done -> waits = false; blocked = false /* release_dependents */
#ifndef NO_CALL_OFF
    :: seen && waits && failed && blocked -> blocked = false; off = true /* call_off_dependents */
#endif
    :: else
    fi;
    seen = false;
    readers--
  }
}

proctype finisher() {
  bool seen;
  end_first(seen);
  ended++
}

proctype adder() {
  bool known, success, failure;
  atomic { !linking -> linking = true }
  atomic { !shut && !pruning -> writers++; known = !forgotten } /* the row, not committed yet */
#ifndef NO_SHUT_OUT
  atomic { readers == 0 && !pruning -> shut = true }
#endif
  atomic { success = done; failure = failed } /* block_jobs: who has ended before? */
  atomic {
    if
    :: known && forgotten -> waits = true; blocked = true /* its end is forgotten, nothing releases */
    :: known && !forgotten && failure -> waits = true; off = true
    :: known && !forgotten && !failure && !success -> waits = true; blocked = true
    :: else
    fi;
    success = false;
    failure = false;
    shut = false;
    writers--;
    linking = false;
    added = true;
    ended++
  }
}

proctype retrier() {
  bool seen, hopeful;
  atomic { over }
#ifndef NO_RETRY_LOCK
  atomic { !linking -> linking = true }
#endif
  if
  :: atomic { failed && !forgotten -> held = true; hopeful = off } /* the retry, then hopeful_jobs */
     if
#ifndef NO_REVIVAL
     :: atomic { hopeful && readers == 0 && writers == 0 && !pruning && !shut -> shut = true }
        atomic { failed = false; held = false; off = false; blocked = true; shut = false }
     :: atomic { !hopeful -> failed = false; held = false }
#else
     :: atomic { failed = false; held = false }
#endif
     fi;
#ifndef NO_RETRY_LOCK
     linking = false;
#endif
     end_first(seen)
  :: else ->
#ifndef NO_RETRY_LOCK
     linking = false
#else
     skip
#endif
  fi;
  ended++
}

proctype pruner() {
  bool free;
#ifndef NO_PRUNE_LOCK
  atomic { writers == 0 && !shut -> pruning = true }
#endif
  free = over && !blocked;
  atomic {
    if
    :: free && over && !held -> forgotten = true; waits = false
    :: else
    fi;
    free = false;
    pruning = false;
    ended++
  }
}

proctype person() {
  atomic { added }
  if
  :: skip
  :: atomic { blocked -> blocked = false; cancelled = true }
     /* hold_retried, in one transaction with the retry: shuts everybody out first */
     atomic { !linking -> linking = true }
     atomic { readers == 0 && writers == 0 && !pruning && !shut -> shut = true }
     atomic {
       cancelled = false;
#ifdef NO_SECOND_LOOK
       blocked = true;
       waits = true;
#else
       if
       :: waits && !over -> blocked = true
       :: waits && done -> waits = false
       :: waits && failed -> off = true
       :: else
       fi;
#endif
       shut = false;
       linking = false
     }
  fi;
  ended++
}

init {
  atomic { run finisher(); run adder(); run retrier(); run pruner(); run person() }
  ended == 5;
  assert(!blocked);
  assert(!waits || off);
  assert(!off || failed || forgotten)
}

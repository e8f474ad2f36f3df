/* How a job begins to wait for another one while that one ends, is called off or is forgotten, for the model checker
 * spin: `make model`. The locks are those of PostgreSQL that block_jobs, finish_jobs and pruning take.
 *
 * Several transactions, each in steps; between two of them everybody else may do anything. What a transaction writes is
 * seen by others only when it is committed, and each statement sees what was committed when it began.
 *
 *   finisher   ends the job and then looks who waits for it       (finish_jobs, release_dependents)
 *   adder      queues another one that waits for it               (add_dependencies, promote_followers, block_jobs)
 *   pruner     forgets it when it has ended                       (PruneStatements)
 *   person     calls the waiting one off, and queues it again     (SteeringStatements.cancel, hold_retried)
 *
 * Checked in every order: the other one does not wait for ever for a job that is over.
 *
 * Mistakes to find, each of which must make the check fail:
 *   -DNO_SHUT_OUT     who adds looks whether the job has ended without shutting out those who just end it
 *   -DNO_PRUNE_LOCK   who forgets jobs does not keep out who begins to wait for them
 *   -DNO_SECOND_LOOK  a job that is queued again waits for what it waited for, over or not
 */

bool done;          /* committed: the first job has ended */
bool forgotten;     /* committed: nothing is known of it any more */
bool waits;         /* committed: a row in `dependency` says that the second waits for the first */
bool blocked;       /* committed: the second stands in `blocked` */
bool cancelled;     /* committed: the second was called off; what it waited for is remembered */
bool added;         /* the adder has committed */

/* Locks of the table `dependency`, until the end of a transaction. */
byte readers;       /* ACCESS SHARE: whoever looked into it */
byte writers;       /* ROW EXCLUSIVE: whoever adds to it */
bool shut;          /* ACCESS EXCLUSIVE */
bool pruning;       /* SHARE ROW EXCLUSIVE */

byte ended;

proctype finisher() {
  bool seen;
  atomic { !shut -> readers++; seen = waits } /* finish_jobs: deleted from `running`, then a look into `dependency` */
  atomic {
    done = true;
    if
    :: seen && waits -> waits = false; blocked = false /* release_dependents */
    :: else
    fi;
    readers--;
    ended++
  }
}

proctype adder() {
  bool known, over;
  atomic { !shut && !pruning -> writers++; known = !forgotten } /* the row, not committed yet */
#ifndef NO_SHUT_OUT
  atomic { readers == 0 && !pruning -> shut = true }
#endif
  over = done;      /* block_jobs: who has ended before? */
  atomic {
    if
    :: known && !over -> waits = true; blocked = true
    :: known && over && forgotten -> waits = true; blocked = true /* its end is forgotten, nothing releases */
    :: else
    fi;
    shut = false;
    writers--;
    added = true;
    ended++
  }
}

proctype pruner() {
  bool free;
#ifndef NO_PRUNE_LOCK
  atomic { writers == 0 && !shut -> pruning = true }
#endif
  free = done && !waits;
  atomic {
    if
    :: free -> forgotten = true
    :: else
    fi;
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
     atomic { readers == 0 && writers == 0 && !pruning && !shut -> shut = true }
     atomic {
       cancelled = false;
#ifdef NO_SECOND_LOOK
       blocked = true;
       waits = true;
#else
       blocked = waits && !done;
       waits = blocked;
#endif
       shut = false
     }
  fi;
  ended++
}

init {
  atomic { run finisher(); run adder(); run pruner(); run person() }
  ended == 4;
  assert(!blocked);
  assert(!waits)
}

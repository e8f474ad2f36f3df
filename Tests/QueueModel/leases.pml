/* How jobs are claimed, renewed, ended and rescued, for the model checker spin: `make model`.
 *
 * Each atomic block is one transaction of the queue (claim_jobs, finish_jobs, EndingStatements, LeaseStatements);
 * between two of them everybody else may do anything. Faults are few, so that there is an end: a lease that runs out
 * although its worker lives (it stood still, or its clock or network did), a worker that dies, a server that crashes
 * and takes back claims that were not on disk yet, an answer that gets lost, a job that is handed back, and a person
 * who cancels one.
 *
 * Checked in every order of events:
 *   - effects are stored exactly once for a job that is done, and never for another;
 *   - whoever is refused had lost the lease before: nobody else ends an attempt;
 *   - nothing is stuck: there is no state in which a job waits and nobody can go on.
 *
 * Mistakes to find, each of which must make the check fail:
 *   -DNO_FENCE        attempts are ended without a look at the token
 *   -DSPLIT_EFFECTS   effects are stored in a transaction of their own, before the one that ends the job
 *   -DCOUNTED_TOKENS  the token is the number of the attempt, which comes back after a crash of the server
 */

#ifndef FAULTS
#define FAULTS 3
#endif
#define WORKERS 2
#define JOBS 2
#define TOKENS (JOBS + JOBS * FAULTS + 1) /* a crash of the server may undo the claims of all jobs */

mtype = { waiting, running, done, cancelled };

mtype state[JOBS] = waiting;
byte token[JOBS];       /* names the running attempt */
byte attempts[JOBS];
bool expired[JOBS];     /* the lease has run out, and nobody has renewed it yet */
bool onDisk[JOBS];      /* a crash of the server cannot take the claim back any more */
byte doneBy[JOBS];      /* the token in the row of a finished job */
byte effects[JOBS];     /* how often the result is stored */

byte faults = FAULTS;
byte tokens;            /* how many were given */

/* What the checker knows and no program does, by the attempt's true number. */
byte holder[JOBS];      /* the attempt that holds the job */
bool revoked[TOKENS];   /* the queue took the lease away */
bool dead[TOKENS];      /* its worker died, so its lease will run out */
byte ended;             /* workers that have ended */

#define isOver(job) (state[job] == done || state[job] == cancelled)
#define mayExpire(job) (state[job] == running && !expired[job] && (dead[holder[job]] || faults > 0))
#define isLosable(job) (state[job] == running && !onDisk[job])

#ifdef NO_FENCE
#define holds(job, named) (state[job] == running)
#else
#define holds(job, named) (state[job] == running && token[job] == named)
#endif

inline takeAway(job) {
  revoked[holder[job]] = true;
  token[job] = 0;
  holder[job] = 0;
  expired[job] = false;
}

proctype worker() {
  byte job, named, mine;
  bool isDone;

next:
  if
  :: atomic { state[0] == waiting -> job = 0 }
  :: atomic { state[1] == waiting -> job = 1 }
  :: isOver(0) && isOver(1) -> goto leave
  fi;
  atomic { /* claim: the row may be gone since it was looked at */
    if
    :: state[job] != waiting -> goto next
    :: else
    fi;
    tokens++;
    mine = tokens;
    attempts[job]++;
#ifdef COUNTED_TOKENS
    named = attempts[job];
#else
    named = mine;
#endif
    state[job] = running;
    token[job] = named;
    holder[job] = mine;
    onDisk[job] = false
  }

work: /* the handler runs, and heartbeats renew the lease */
  if
  :: atomic { expired[job] && holds(job, named) -> expired[job] = false } goto work
  :: skip
  :: atomic { faults > 0 -> faults--; dead[mine] = true } goto next /* dies; another takes its place */
  :: atomic { faults > 0 -> faults-- } goto handBack
  fi;

finish:
#ifdef SPLIT_EFFECTS
  if
  :: atomic { holds(job, named) -> effects[job]++ }
  :: !holds(job, named)
  fi;
#endif
  atomic {
    if
    :: holds(job, named) ->
       state[job] = done;
       doneBy[job] = named;
#ifndef SPLIT_EFFECTS
       effects[job]++;
#endif
       onDisk[job] = true;
       isDone = true
    :: else -> isDone = (state[job] == done && doneBy[job] == named)
    fi
  }
  if
  :: assert(isDone || revoked[mine]); goto next
  :: atomic { faults > 0 -> faults-- } goto finish /* the answer got lost: the same again */
  fi;

handBack:
  atomic {
    if
    :: holds(job, named) -> state[job] = waiting; token[job] = 0; holder[job] = 0; expired[job] = false; onDisk[job] = true
    :: else -> assert(revoked[mine])
    fi
  }
  goto next;

leave:
  ended++
}

/* Time passes: the lease of a dead worker runs out, and sometimes that of a living one. */
proctype clock() {
  byte job;
end:
  do
  :: atomic {
       (mayExpire(0) || mayExpire(1)) ->
       if
       :: mayExpire(0) -> job = 0
       :: mayExpire(1) -> job = 1
       fi;
       if
       :: dead[holder[job]]
       :: else -> faults--
       fi;
       expired[job] = true
     }
  od
}

/* rescueExpired, by whichever worker. */
proctype rescuer() {
end:
  do
  :: atomic { expired[0] && state[0] == running -> takeAway(0); state[0] = waiting; onDisk[0] = true }
  :: atomic { expired[1] && state[1] == running -> takeAway(1); state[1] = waiting; onDisk[1] = true }
  od
}

inline neverMade(job) {
  if
  :: isLosable(job) -> takeAway(job); state[job] = waiting; attempts[job]--
  :: else
  fi
}

/* The log reaches the disk; or the server crashes first, and the claims that were not there were never made. */
proctype server() {
end:
  do
  :: atomic { isLosable(0) -> onDisk[0] = true }
  :: atomic { isLosable(1) -> onDisk[1] = true }
  :: atomic {
       (faults > 0 && (isLosable(0) || isLosable(1))) ->
       faults--;
       neverMade(0);
       neverMade(1)
     }
  od
}

/* Calls off one job, or none. */
proctype person() {
  if
  :: skip
  :: atomic {
       state[0] == running || state[0] == waiting ->
       if
       :: state[0] == running -> takeAway(0)
       :: else
       fi;
       state[0] = cancelled;
       onDisk[0] = true
     }
  :: isOver(0)
  fi
}

init {
  onDisk[0] = true;
  onDisk[1] = true;
  atomic { run worker(); run worker(); run clock(); run rescuer(); run server(); run person() }
  ended == WORKERS;
  assert(state[0] != done || effects[0] == 1);
  assert(state[1] != done || effects[1] == 1);
  assert(state[0] != cancelled || effects[0] == 0);
  assert(state[1] == done)
}

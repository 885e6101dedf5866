// How long to wait before the next try, for every line that comes back by itself.

const FIRST = 500;
const LONGEST = 30_000;

/** Milliseconds before try number `tries` (0 = first repeat): doubling, at most 30 s, spread over half of it so that
 * a thousand browsers do not knock in the same second after a restart. `random` is in [0, 1). */
export function backoff(tries: number, random: number = Math.random()): number {
  return Math.min(LONGEST, FIRST * 2 ** tries) * (0.5 + random / 2);
}

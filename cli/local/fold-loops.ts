/** A state, or a loop of states with what each round went through. */
export type Folded<T> = { readonly state: T } | { readonly rounds: readonly (readonly Folded<T>[])[] };

/**
 * Finds loops in what happened: states from one that comes again up to where it leads out. A loop inside a loop is
 * found in each round.
 */
export function foldLoops<T extends { readonly name: string }>(states: readonly T[]): Folded<T>[] {
  const folded: Folded<T>[] = [];
  for (let index = 0; index < states.length; ) {
    const state = states[index]!;
    const last = states.findLastIndex(({ name }) => name === state.name);
    if (last === index) {
      folded.push({ state });
      index++;
      continue;
    }
    const end = endOf(states, index, last);
    folded.push({ rounds: toRounds(states.slice(index, end)) });
    index = end;
  }
  return folded;
}

/** The last round goes on as long as its states are known from the rounds before. */
function endOf(states: readonly { readonly name: string }[], first: number, last: number): number {
  const known = new Set(states.slice(first, last).map(({ name }) => name));
  let end = last;
  while (end < states.length && known.has(states[end]!.name)) end++;
  return end;
}

/** Each round begins with the state that the loop begins with. */
function toRounds<T extends { readonly name: string }>(states: readonly T[]): Folded<T>[][] {
  const starts = states.flatMap(({ name }, index) => (name === states[0]?.name ? [index] : []));
  return starts.map((start, round) => {
    const [head, ...rest] = states.slice(start, starts[round + 1]);
    return [{ state: head! }, ...foldLoops(rest)];
  });
}

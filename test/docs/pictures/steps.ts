import type { State, StateMachine } from "./wakes.ts";

/** A function that a state machine calls. */
export interface Step {
  readonly called: string;
  /** The functions that it calls next if nothing fails. */
  readonly next: readonly string[];
  /** It waits until its task token comes back. */
  readonly isWaiting: boolean;
  /** It is called after a failure of the first function. */
  readonly isUndo: boolean;
}

type States = ReadonlyMap<string, State>;

/**
 * The functions of a state machine, in the order in which it defines them.
 * @param nameOf a function's name by its ARN
 */
export function stepsOf(machine: StateMachine, nameOf: (arn: string) => string): readonly Step[] {
  const states = flatten(machine);
  const calledBy = (name: string): string => nameOf(states.get(name)?.Arguments?.FunctionName ?? "");
  const tasks = [...states.keys()].filter((name) => isCall(states.get(name)));
  const undo = tasksAfter(failures(states.get(tasks[0] ?? "")), states);
  return tasks.map((name) => {
    const state = states.get(name)!;
    return {
      called: calledBy(name),
      next: tasksAfter(ways(state), states)
        .filter((task) => !undo.includes(task))
        .map(calledBy),
      isWaiting: state.Resource?.endsWith(".waitForTaskToken") ?? false,
      isUndo: undo.includes(name),
    };
  });
}

const isCall = (state: State | undefined): boolean => state?.Arguments?.FunctionName !== undefined;

const ALL = "States.ALL";

const failures = (state: State | undefined): string[] =>
  (state?.Catch ?? []).flatMap(({ ErrorEquals, Next }) => (ErrorEquals.includes(ALL) ? [Next] : []));

/** Where a state leads if nothing fails; a timeout that is handled separately is not a failure. */
const ways = ({ Choices = [], Default, Next, Catch = [], ItemProcessor }: State): string[] => [
  ...(ItemProcessor ? [ItemProcessor.StartAt] : []),
  ...Choices.map((choice) => choice.Next),
  ...[Default, Next].filter((name) => name !== undefined),
  ...Catch.flatMap((one) => (one.ErrorEquals.includes(ALL) ? [] : [one.Next])),
];

/** All states by name, which is unique in a state machine; the end of a Map's items leads to what follows the Map. */
function flatten({ States }: StateMachine, after?: string): States {
  return new Map(
    Object.entries(States).flatMap(([name, state]): [string, State][] => {
      const { Next = after, ...first } = state;
      if (state.ItemProcessor) return [[name, first], ...flatten(state.ItemProcessor, Next)];
      return [[name, Next === undefined || state.Choices ? state : { ...first, Next }]];
    }),
  );
}

/** The first states that call a function, along each way. */
function tasksAfter(names: readonly string[], states: States, seen = new Set<string>()): string[] {
  return names.flatMap((name) => {
    if (seen.has(name)) return [];
    seen.add(name);
    const state = states.get(name)!;
    return isCall(state) ? [name] : tasksAfter(ways(state), states, seen);
  });
}

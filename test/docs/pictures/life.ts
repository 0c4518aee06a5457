import { channelParameter, mirrorParameter } from "../../../core/names.ts";
import { type Box, type Drawing, type Edge, fills } from "./draw.ts";
import { ownName, PLACES, type Program, readProgram, type State, type StateMachine, type Wake } from "./wakes.ts";

/** A function that a state machine calls. */
interface Step {
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
function stepsOf(machine: StateMachine, nameOf: (arn: string) => string): readonly Step[] {
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

/** The first function of a build's life. What it leads to is drawn, and what wakes that. */
const FIRST = "start-build";

/** Other ways into it: repairs, commands, a change of the organization. */
const OTHER_WAYS_IN = [
  "reconcile",
  "follow-organization",
  "promote-build",
  "restore-build",
  "revoke-build",
  "roll-back",
  "roll-back-from-slack",
  "steer-roll-out",
];

/** Nearly every event wakes it: its arrows would hide the others. */
const NOTIFY = "notify";

/** One box for several functions of a noun. */
interface Part {
  readonly noun: string;
  readonly functions: readonly string[];
  readonly group?: string;
  readonly isUndo?: boolean;
}

/** What wakes what in a build's life, from its triggers to the parameters in consumers' accounts. */
export function lifeOf(factory: string): Drawing {
  const program = readProgram(factory);
  const machines = new Map(
    [...program.machines].map(([name, machine]) => [name, stepsOf(machine, (arn) => ownName(arn, factory))]),
  );
  const wakes = drawnWakes(program, machines);
  const inMachines = [...machines].flatMap(([machine, steps]) => stepParts(machine, steps, program));
  const called = new Set(inMachines.flatMap(({ functions }) => functions));
  const others = new Set(wakes.flatMap(({ from, to }) => [from, to]).filter((name) => !called.has(name)));
  const parts = [...otherParts([...others], wakes, program), ...inMachines];
  const nodes = new Map(parts.flatMap((part) => part.functions.map((name) => [name, nodeOf(part)])));
  const heard = new Set(program.wakes.flatMap(({ to, event }) => (to === NOTIFY && event ? [event] : [])));
  const { ovals, edges } = toEdges(wakes, nodes);
  const backwards = findBackwards(nodes.get(FIRST)!, edges);
  return {
    title: "The life of a build: what wakes what",
    direction: "TB",
    boxes: new Map([
      ...parts.map((part) => [nodeOf(part), toBox(part, factory)] as const),
      ...ovals.map((event) => [event, { title: event, lines: [], fill: "white", isOval: true }] as const),
      [NOTIFY, { title: "notice", lines: [NOTIFY, "most events"], fill: fills.consumer }],
    ]),
    edges: [
      ...edges.map((edge) => (backwards.has(edge) ? { ...edge, isLoose: true as const } : edge)),
      ...ovals.filter((event) => heard.has(event)).map((from) => ({ from, to: NOTIFY })),
    ],
  };
}

/** What of all wakes belongs to the life: between functions and places, a state machine replaced by its functions. */
function drawnWakes(program: Program, machines: ReadonlyMap<string, readonly Step[]>): readonly Wake[] {
  const known = new Set<string>([...program.nouns.keys(), ...Object.values(PLACES)]);
  const steps = [...machines.values()].flat();
  const wakes = [
    ...program.wakes.map((wake): Wake => {
      const machine = machines.get(wake.to);
      const entered = wake.isToken ? machine?.find(({ isWaiting }) => isWaiting) : machine?.[0];
      return entered ? { ...wake, to: entered.called } : wake;
    }),
    ...steps.flatMap(({ called, next }) => next.map((to): Wake => ({ from: called, to }))),
  ].filter(({ from, to }) => from !== to && to !== NOTIFY && known.has(from) && !OTHER_WAYS_IN.includes(from));
  const drawn = new Set([FIRST, ...steps.map(({ called }) => called)]);
  // Sets grow while they are iterated.
  for (const name of drawn) for (const { from, to } of wakes) if (from === name) drawn.add(to);
  const places: readonly string[] = Object.values(PLACES);
  for (const name of drawn) {
    if (!places.includes(name)) for (const { from, to } of wakes) if (to === name) drawn.add(from);
  }
  return wakes.filter(({ from, to }) => drawn.has(from) && drawn.has(to));
}

/** Functions of a noun that follow each other in a state machine. */
function stepParts(machine: string, steps: readonly Step[], { nouns }: Program): readonly Part[] {
  const parts: Part[] = [];
  for (const { called, isUndo } of steps) {
    const [last, noun] = [parts.at(-1), nouns.get(called)!];
    if (last?.noun === noun && last.isUndo === isUndo)
      parts.splice(-1, 1, { ...last, functions: [...last.functions, called] });
    else parts.push({ noun, functions: [called], group: `State machine ${machine}`, isUndo });
  }
  return parts;
}

/** Functions of a noun with the same neighbours, and places. */
function otherParts(names: readonly string[], wakes: readonly Wake[], { nouns }: Program): readonly Part[] {
  const neighbours = (name: string): string =>
    JSON.stringify(
      wakes.flatMap(({ from, to }) => (from === name ? [`to ${to}`] : to === name ? [`from ${from}`] : [])).sort(),
    );
  const alike = Map.groupBy(names, (name) => `${nouns.get(name) ?? name} ${neighbours(name)}`);
  return [...alike.values()].map((functions) => ({ noun: nouns.get(functions[0]!) ?? "", functions }));
}

const nodeOf = ({ functions }: Part): string => functions.join(" ");

const fillByNoun: Readonly<Record<string, string>> = {
  advisories: fills.trigger,
  approval: fills.trigger,
  evidence: fills.gate,
  gate: fills.gate,
  build: fills.channel,
  channel: fills.channel,
  rollout: fills.consumer,
};

function toBox({ noun, functions, group, isUndo }: Part, factory: string): Box {
  const lines = isUndo ? [...functions, "after any failure"] : functions;
  const place = placesBy(factory)[functions[0]!];
  if (place) return place;
  return { title: noun, lines, fill: fillByNoun[noun] ?? fills.step, ...(group && { group }) };
}

/** A parameter's path on two lines. */
const toLines = (path: string): string[] => path.split(/(?<=\/)(?=<image>)/);

const placesBy = (factory: string): Readonly<Record<string, Box>> => ({
  [PLACES.schedules]: { title: "EventBridge Scheduler", lines: [], fill: fills.trigger },
  [PLACES.imageBuilder]: { title: "EC2 Image Builder", lines: ["builds and tests"], fill: fills.step },
  [PLACES.parameters]: {
    title: "Parameter Store",
    lines: toLines(channelParameter(factory, "<image>", "<channel>")),
    fill: fills.channel,
  },
  [PLACES.consumers]: {
    title: "Consumer accounts",
    lines: toLines(mirrorParameter(factory, "<image>", "<channel>")),
    fill: fills.consumer,
  },
  [PLACES.groups]: { title: "Auto Scaling groups", lines: ["in consumer accounts"], fill: fills.consumer },
});

/** Arrows between boxes. An event that reaches several is an oval of its own, another one the arrow's label. */
function toEdges(
  wakes: readonly Wake[],
  nodes: ReadonlyMap<string, string>,
): { readonly ovals: readonly string[]; readonly edges: readonly Edge[] } {
  const between = wakes.map(({ from, to, event }) => ({ from: nodes.get(from)!, to: nodes.get(to)!, event }));
  const byEvent = Map.groupBy(between, ({ event }) => event);
  const ovals = [...byEvent].flatMap(([event, all]) =>
    event !== undefined && new Set(all.map(({ to }) => to)).size > 1 ? [event] : [],
  );
  const edges = between
    .flatMap((edge) => {
      if (edge.event === undefined || !ovals.includes(edge.event)) return [edge];
      return [
        { from: edge.from, to: edge.event, event: undefined },
        { from: edge.event, to: edge.to, event: undefined },
      ];
    })
    .filter(({ from, to }) => from !== to);
  const alike = Map.groupBy(edges, ({ from, to }) => JSON.stringify([from, to]));
  return {
    ovals,
    edges: [...alike.values()].map((all) => ({
      from: all[0]!.from,
      to: all[0]!.to,
      label: [...new Set(all.flatMap(({ event }) => event ?? []))].join("\\n"),
    })),
  };
}

/** Arrows that lead back to where their way began. */
function findBackwards(first: string, edges: readonly Edge[]): ReadonlySet<Edge> {
  const backwards = new Set<Edge>();
  const done = new Set<string>();
  const follow = (node: string, way: readonly string[]): void => {
    if (done.has(node)) return;
    for (const edge of edges) {
      if (edge.from !== node) continue;
      if (way.includes(edge.to) || edge.to === node) backwards.add(edge);
      else follow(edge.to, [...way, node]);
    }
    done.add(node);
  };
  follow(first, []);
  return backwards;
}

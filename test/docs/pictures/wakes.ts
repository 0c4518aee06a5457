import { readFileSync } from "node:fs";
import * as z from "zod";
import { channelParameterRoot, consumerRoleName, rolloutRoleName } from "../../../core/names.ts";
import { importsOf, type SourceFile, sourceFiles } from "../../architecture/source-files.ts";

/** Something wakes a function or a state machine, or reaches a place outside the factory's functions. */
export interface Wake {
  readonly from: string;
  readonly to: string;
  /** The event's name. */
  readonly event?: string;
  /** Ends the wait of a state for its task token. */
  readonly isToken?: true;
}

/** A state machine's state, as far as the order of its tasks is in it. */
export interface State {
  readonly Resource?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Arguments?: { readonly FunctionName?: string };
  readonly ItemProcessor?: StateMachine;
}

export interface StateMachine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export interface Program {
  /** By the function's name: the folder of its handler. */
  readonly nouns: ReadonlyMap<string, string>;
  readonly machines: ReadonlyMap<string, StateMachine>;
  readonly wakes: readonly Wake[];
}

/** What wakes functions or is reached by them. */
export const PLACES = {
  schedules: "schedules",
  imageBuilder: "EC2 Image Builder",
  parameters: "parameters",
  consumers: "consumer accounts",
  groups: "Auto Scaling groups",
} as const;

const statement = z.object({
  Action: z.union([z.string().transform((action) => [action]), z.array(z.string())]),
  Resource: z.union([z.string().transform((resource) => [resource]), z.array(z.string())]).default([]),
});

const grantedRole = z.object({
  name: z.string(),
  inlinePolicies: z.array(z.object({ policy: z.object({ Statement: z.array(statement) }) })).default([]),
});

const rule = z.object({
  name: z.string(),
  eventPattern: z
    .union([z.string().transform((text) => JSON.parse(text) as unknown), z.unknown()])
    .pipe(z.object({ source: z.array(z.string()).default([]), "detail-type": z.array(z.string()).default([]) })),
});

const target = z.object({ rule: z.string(), arn: z.string() });

const schedule = z.object({ target: z.object({ arn: z.string() }) });

/** What wakes what in the example factory: schedules, rules and grants of blueprint.json, and events that functions put. */
export function readProgram(factory: string): Program {
  const { resources } = JSON.parse(readFileSync("blueprint.json", "utf8")) as {
    resources: { type: string; handler?: string; inputs: Record<string, unknown> }[];
  };
  const own = (name: string): string => ownName(name, factory);
  const ofType = <T>(type: string, shape: z.ZodType<T>): T[] =>
    resources.filter((resource) => resource.type === type).map(({ inputs }) => shape.parse(inputs));

  const handlers = new Map(
    resources.flatMap(({ handler, inputs }) => (handler ? [[own(String(inputs.name)), handler] as const] : [])),
  );
  const events = new Map(
    [...handlers].map(([name, handler]) => [name, eventsOf(handler.replace(/\.handler$/, ".ts"))]),
  );
  const rules = new Map(ofType("aws:cloudwatch/eventRule:EventRule", rule).map((one) => [one.name, one.eventPattern]));
  const byRule = ofType("aws:cloudwatch/eventTarget:EventTarget", target).flatMap(({ rule: name, arn }): Wake[] => {
    const { source, "detail-type": types } = rules.get(name)!;
    if (source.includes("aws.imagebuilder")) return [{ from: PLACES.imageBuilder, to: own(arn), event: types[0]! }];
    return types.flatMap((event) =>
      [...events].flatMap(([from, put]) => (put.has(event) ? [{ from, to: own(arn), event }] : [])),
    );
  });
  const byGrant = ofType("aws:iam/role:Role", grantedRole).flatMap(({ name, inlinePolicies }): Wake[] =>
    inlinePolicies.flatMap(({ policy }) =>
      policy.Statement.flatMap(({ Action, Resource }) =>
        Action.flatMap((action) =>
          Resource.flatMap((resource) => wakesBy(action, resource, factory)).map((to) => ({ ...to, from: own(name) })),
        ),
      ),
    ),
  );
  const bySchedule = ofType("aws:scheduler/schedule:Schedule", schedule).map(
    (one): Wake => ({ from: PLACES.schedules, to: own(one.target.arn) }),
  );
  return {
    nouns: new Map([...handlers].map(([name, handler]) => [name, handler.split("/")[1] ?? ""])),
    machines: new Map(
      ofType(
        "aws:sfn/stateMachine:StateMachine",
        z.object({ name: z.string(), definition: z.custom<StateMachine>() }),
      ).map(({ name, definition }) => [own(name), definition]),
    ),
    wakes: [...bySchedule, ...byRule, ...byGrant],
  };
}

/** A name without its ARN and the factory's prefix. */
export const ownName = (name: string, factory: string): string =>
  name.replace(/^.*[:/]/, "").replace(`amint-${factory}-`, "");

/** What a grant lets its holder wake or reach. */
function wakesBy(action: string, resource: string, factory: string): readonly Omit<Wake, "from">[] {
  switch (action) {
    case "lambda:InvokeFunction":
    case "states:StartExecution":
      return [{ to: ownName(resource, factory) }];
    // AWS has no resource for a task token. Only promotions wait for one.
    case "states:SendTaskSuccess":
      return [{ to: "promotion", isToken: true }];
    case "imagebuilder:StartImagePipelineExecution":
      return [{ to: PLACES.imageBuilder }];
    case "ssm:PutParameter":
      return resource.includes(`parameter${channelParameterRoot(factory)}/`) ? [{ to: PLACES.parameters }] : [];
    case "sts:AssumeRole":
      if (resource.endsWith(`/${consumerRoleName(factory)}`)) return [{ to: PLACES.consumers }];
      return resource.endsWith(`/${rolloutRoleName(factory)}`) ? [{ to: PLACES.groups }] : [];
    default:
      return [];
  }
}

const sources = new Map(sourceFiles().map((file) => [file.path, file]));

/** Names of the events that a file of ours defines, by the exported definition. */
const defined = new Map(
  [...sources.values()]
    .filter(({ path }) => path.startsWith("events/"))
    .flatMap(({ lines }) =>
      [...lines.join("\n").matchAll(/export const (\w+) = defineEvent\(\s*"([^"]+)"/g)].map(
        ([, definition = "", name = ""]) => [definition, name] as const,
      ),
    ),
);

/** The events that a handler and the files beside handlers that it imports put on the bus. */
function eventsOf(handler: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const next = [handler];
  for (let path = next.pop(); path !== undefined; path = next.pop()) {
    const file = sources.get(path);
    if (!file || seen.has(path)) continue;
    seen.add(path);
    next.push(...importsOf(file).flatMap(({ target: to }) => (to.startsWith("functions/") ? [to] : [])));
  }
  return new Set([...seen].flatMap((path) => putIn(sources.get(path)!)));
}

/** The events that a file names, if it puts any. */
function putIn({ lines }: SourceFile): string[] {
  const text = lines.join("\n");
  if (!text.includes("putEvent(")) return [];
  return [...defined].flatMap(([definition, name]) => (new RegExp(`\\b${definition}\\b`).test(text) ? [name] : []));
}
